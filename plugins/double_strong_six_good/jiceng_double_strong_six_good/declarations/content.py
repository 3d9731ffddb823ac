"""What a declaration says: its questions, and reading what was typed into facts. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from jiceng_double_strong_six_good.forms import number
from jiceng_double_strong_six_good.vocabulary import CRITERIA, LONGEST_TEXT, MOST

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = Decimal | bool | str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question of the form, which becomes the fact of the same name.

    A number lies from 0 to `most` with at most `places` decimals; a choice is one of `options`. `help` says
    what is lost: the points of regulation 20 that depend on the answer.
    """

    name: str
    title: str
    kind: Literal["number", "flag", "choice"]
    most: int = 0
    places: int = 0
    options: tuple[str, ...] = ("是", "否")
    help: str = ""


QUESTIONS = (
    Question(
        name="growth",
        title="发展强：经营增长自评分",
        kind="number",
        most=20,
        places=1,
        help="0–20 分，由部门核定",
    ),
    Question(name="members", title="党员数", kind="number", most=10_000, help="决定哪些职数必须配备"),
    Question(name="has_secretary", title="有党组织书记", kind="flag", help="没有书记扣 5 分"),
    Question(
        name="has_committee",
        title="已设委员会",
        kind="flag",
        help="党员 7 人以上未设委员会扣 2 分；6 人及以下不扣",
    ),
    Question(name="head_secretary", title="单位负责人兼任书记", kind="flag", help="兼任的应配专职副书记"),
    Question(
        name="deputy",
        title="配有专职副书记",
        kind="flag",
        help="负责人兼书记或党员 30 人以上、未配的扣 2 分",
    ),
    Question(
        name="election_state",
        title="换届",
        kind="choice",
        options=("按期", "换届不规范", "到期未换"),
        help="到期未换扣 3 分，不规范扣 2 分",
    ),
    Question(
        name="ledger",
        title="党员和积极分子台账",
        kind="choice",
        options=("齐全", "不全", "缺"),
        help="缺扣 5 分，不全扣 2 分",
    ),
)
"""What is declared, in the order of the form."""
SAID, OWN = "said.", "own."
"""Before a criterion's name: what the enterprise says about it, and its own mark."""
FIELDS = frozenset(
    [question.name for question in QUESTIONS]
    + [f"{part}{criterion}" for part in (SAID, OWN) for criterion in CRITERIA]
)


class Declared(msgspec.Struct, frozen=True):
    """A declaration that can be handed in: answers by question, the enterprise's own mark by criterion."""

    answers: dict[str, Answer]
    own: dict[str, Decimal]


def kept(typed: Mapping[str, str]) -> dict[str, str]:
    """What is stored of a form: its own fields as typed, cut at the longest text, empty ones left out."""
    return {name: typed[name][: LONGEST_TEXT + 1] for name in sorted(FIELDS) if typed.get(name, "").strip()}


def read(typed: Mapping[str, str], faults: list[str]) -> Declared:
    """What was typed, as values; every fault is appended in plain Chinese."""
    answers = {
        question.name: _answer(question, typed.get(question.name, ""), faults) for question in QUESTIONS
    }
    own: dict[str, Decimal] = {}
    for criterion, title in CRITERIA.items():
        words = typed.get(f"{SAID}{criterion}", "").strip()
        if not words:
            faults.append(f"“{title}”还没有写做法和成效")
        if len(words) > LONGEST_TEXT:
            faults.append(f"“{title}”最多写 {LONGEST_TEXT} 字")
        own[criterion] = number(typed.get(f"{OWN}{criterion}", ""), f"“{title}”自评分", MOST, 1, faults)
    return Declared(answers, own)


def _answer(question: Question, text: str, faults: list[str]) -> Answer:
    if question.kind == "number":
        return number(text, question.title, question.most, question.places, faults)
    if not text:
        faults.append(f"{question.title}还没有选")
    elif text not in question.options:
        faults.append(f"{question.title}“{text[:20]}”不在 {'、'.join(question.options)} 之中")
    return text == question.options[0] if question.kind == "flag" else text
