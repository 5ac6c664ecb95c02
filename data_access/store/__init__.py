"""Where releases live, and which one readers are served."""
