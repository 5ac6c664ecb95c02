"""What pages are made of, and the one component that draws it."""
