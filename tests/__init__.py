"""Tests; a package so that `python -m tests.bench` and `python -m tests.browser.shots` run from the root."""
