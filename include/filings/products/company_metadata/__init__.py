"""Companies and people as the headers of their filings name them."""
