"""Quality, targets, published figures, similar provinces, pilots, trials."""
