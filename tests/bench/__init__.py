"""How fast the screens are: `python -m tests.bench`."""
