"""Panels of one programme each, named as the programme."""
