"""Algorithms, the device that keeps the keys, what an encrypted column is: no database."""
