"""Rulings: what the rules leave open, decided by named people, one by one."""
