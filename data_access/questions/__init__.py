"""`query` and its answers: cells."""
