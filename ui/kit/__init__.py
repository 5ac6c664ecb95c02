"""Pieces that many pages use: filters, headlines, the map with its ranking and table, trends, provenance, downloads."""
