"""The benchmark: every figure that the project claims, beside a peer's, measured in one run."""
