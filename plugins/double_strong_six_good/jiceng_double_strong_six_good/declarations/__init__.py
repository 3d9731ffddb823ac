"""Declarations: what an enterprise says of itself in a year, its evidence, and how it is accepted."""
