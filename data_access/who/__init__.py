"""Who may see and do what, the audit log, and the keys of the hashes."""
