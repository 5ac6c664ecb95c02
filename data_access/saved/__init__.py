"""What people keep in the data directory: stories, scenarios, views, remarks, and who may come in."""
