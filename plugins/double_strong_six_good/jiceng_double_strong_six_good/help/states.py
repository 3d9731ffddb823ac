"""The states of help, a plan that turns an enterprise round, in the words of this plugin."""

from jiceng.api import turning_round
from jiceng.api.moves import Life
from jiceng.api.turning_round import DECIDED_ABOVE, MOVES, Act, State

__all__ = ["ACT_WORDS", "DECIDED_ABOVE", "LIFE", "OWN_ACTS", "STATE_WORDS", "Act", "State"]

STATE_WORDS = turning_round.STATE_WORDS | {State.RUNNING: "帮扶中"}
ACT_WORDS = turning_round.ACT_WORDS | {
    Act.START: "开始帮扶",
    Act.RETURN: "退回继续帮扶",
    Act.REOPEN: "反弹重新帮扶",
}
OWN_ACTS = (Act.START, Act.HAND_IN)
LIFE = Life("帮扶", "the help plan", STATE_WORDS, ACT_WORDS, MOVES)
