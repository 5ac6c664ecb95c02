"""Who comes in: signing in, the link of a machine of one's own, and the gate before routes that carry data."""
