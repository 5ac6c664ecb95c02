"""Tests of the house: who may import whom, lint, types, files and documents."""
