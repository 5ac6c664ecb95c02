"""Tests of data access."""
