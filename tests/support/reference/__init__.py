"""A slow, plain interpreter of rulebooks on exact fractions, against which the engine is tried.

Written from the meaning of the vocabulary, one subject at a time, never from the engine: it shares with
it the parts of a rulebook and the syntax trees, nothing else.
"""
