"""The view: everything that a page may depend on, its address, who asks in which language, and what a reader may do (moves)."""
