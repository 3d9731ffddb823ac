"""Phase 2: items and groups, in the order they read each other."""
