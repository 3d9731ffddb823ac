"""Formulas over columns: arrays first, Polars for what integers of 64 bits cannot say."""
