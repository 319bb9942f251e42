"""Schedules 13D and 13G: who owns more than five percent of a class of shares."""
