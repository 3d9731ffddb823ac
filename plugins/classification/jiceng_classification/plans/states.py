"""The states of a turn-round plan, in the words of this plugin."""

from jiceng.api.moves import Life
from jiceng.api.turning_round import ACT_WORDS, DECIDED_ABOVE, MOVES, STATE_WORDS, Act, State

__all__ = ["ACT_WORDS", "DECIDED_ABOVE", "LIFE", "MOVES", "STATE_WORDS", "Act", "State"]

LIFE = Life("方案", "the plan", STATE_WORDS, ACT_WORDS, MOVES)
