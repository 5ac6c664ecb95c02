"""What the app survives, measured: `python -m tests.reliability` tries everything at length, the test suite a little of each."""
