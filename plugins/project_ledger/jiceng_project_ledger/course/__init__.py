"""A project on its way: its page with every part, its moves, what must be met before them."""
