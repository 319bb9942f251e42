"""Insider transactions: the ownership documents of forms 3, 4 and 5."""
