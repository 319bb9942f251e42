"""Tables: rows from JSON, delta and complete files in S3, and the same rows in MySQL."""
