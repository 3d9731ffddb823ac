"""A slow, plain interpreter of rulebooks on exact fractions, one subject at a time, against which the engine is tried.

Written from `docs` of the vocabulary, never from the engine: it shares with it the parts of the rulebook and the
syntax trees, nothing else.
"""
