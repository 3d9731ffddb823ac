"""The life of a plugin's things: states, acts and the one table of moves between them."""

from jiceng.kernel.moves import IllegalMove, Life

__all__ = ["IllegalMove", "Life"]
