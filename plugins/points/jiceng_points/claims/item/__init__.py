"""The page of one item with its claims."""
