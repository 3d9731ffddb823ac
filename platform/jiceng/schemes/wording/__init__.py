"""A rulebook in plain Chinese: expressions, parts, titles, and whom it rates."""
