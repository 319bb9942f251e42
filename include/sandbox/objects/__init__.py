"""S3 and R2 whose objects are plain files that a person can open."""
