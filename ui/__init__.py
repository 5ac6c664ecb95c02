"""Shared Streamlit pieces: shell, state in the URL, filters, tiles, the linked map, downloads and provenance."""
