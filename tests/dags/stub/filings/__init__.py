"""Stands in for the image in tests of the DAGs: takes the same commands, writes manifests, does no work."""
