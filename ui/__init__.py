"""Shared Streamlit pieces: shell, state in the URL, filters, headline tiles, the linked map, downloads and provenance."""
