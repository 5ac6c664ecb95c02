"""Data come in: files, drafts, what a draft would publish, releases, quality, people, audit."""
