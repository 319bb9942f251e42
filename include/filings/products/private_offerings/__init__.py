"""Private offerings: form D."""
