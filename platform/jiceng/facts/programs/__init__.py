"""Facts as programs read and hand them in."""
