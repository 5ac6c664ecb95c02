"""What stands around every page, and how a page is drawn and kept."""
