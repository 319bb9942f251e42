"""Main documents as Markdown."""
