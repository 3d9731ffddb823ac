"""Invented rosters and claims of real shape and size, made anew from a seed: the same bytes every time."""
