"""The life of a thing: its states, the acts that lead from one to another, and the words for both."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the annotations
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from jiceng.kernel.errors import Conflict

StateT = TypeVar("StateT", bound=StrEnum)
ActT = TypeVar("ActT", bound=StrEnum)


class IllegalMove(Conflict):
    """An act that the state does not allow; says which ones it does."""


class Life(Struct, Generic[StateT, ActT], frozen=True):
    """Every move there is, in one table; whatever is not in it is refused.

    `thing`, `states` and `acts` are the words of the refusal (Chinese); in English a thing is `thing_en`,
    states and acts are called by their values. A state that nothing leads out of is an end, where `ended`
    is said.
    """

    thing: str
    thing_en: str
    states: Mapping[StateT, str]
    acts: Mapping[ActT, str]
    moves: Mapping[tuple[StateT, ActT], StateT]
    ended: str = "已经了结，没有可以做的"

    def allowed(self, state: StateT) -> tuple[ActT, ...]:
        """What may be done in the state, in the order of the acts."""
        return tuple(act for act in self.acts if (state, act) in self.moves)

    def after(self, state: StateT, act: ActT) -> StateT:
        """Where the act leads.

        Raises IllegalMove naming what may be done instead.
        """
        if (state, act) in self.moves:
            return self.moves[state, act]
        can = self.allowed(state)
        raise IllegalMove(
            f"{self.thing}{self.states[state]}，不能{self.acts[act]}",
            todo_zh=f"现在可以：{'、'.join(self.acts[one] for one in can)}" if can else self.ended,
            what_en=f"{self.thing_en} is {_plain(state)}: {_plain(act)} is not allowed",
            todo_en=f"allowed now: {', '.join(_plain(one) for one in can) or 'nothing, this is an end'}",
        )


def _plain(value: StrEnum) -> str:
    return value.replace("_", " ")
