"""Drafts become releases: staging, preview, summaries, backups, what differs between releases."""
