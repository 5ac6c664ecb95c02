"""Data access: schema, releases, importing, disclosure control, indicators, query and the command line."""
