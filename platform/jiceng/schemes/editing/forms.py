"""What the forms of the scheme centre and of drafts send."""

from __future__ import annotations

import re

import msgspec
from litestar.datastructures import UploadFile  # noqa: TC002 - read when a request comes

from jiceng.kernel.errors import Invalid
from jiceng.schemes.editing.leaves import listed

_PAIR = re.compile(
    r"(?P<word>[^\s:：]+?)(?:\s*[:：]\s*|\s+|(?<=[^\d.．])(?=\d))(?P<number>\d+(?:[.．]\d+)?)\s*[%％分]?"
    r"|(?P<alone>[^\s:：]+)"
)
Typed = dict[str, str]
"""Fields of a form with a changing set of fields, as typed."""


class EnableForm(msgspec.Struct, frozen=True):
    """Which scheme, with which preset."""

    key: str = ""
    preset: str = ""


class UploadForm(msgspec.Struct, frozen=True):
    """A rulebook file."""

    file: UploadFile


class MoveForm(msgspec.Struct, frozen=True):
    """Up (−1) or down (1)."""

    step: int = 1


class RevisionForm(msgspec.Struct, frozen=True):
    """The revision of the draft that was looked at."""

    revision: int = 0


class BallotForm(msgspec.Struct, frozen=True):
    """The pattern of a vote: options with marks and parties with weights, as typed."""

    title: str = "民主评议"
    marks: str = "优秀 100、合格 85、基本合格 70、不合格 50"
    parties: str = "党员 40、群众 30、支委 30"

    def pairs(self, text: str) -> tuple[tuple[str, str], ...]:
        """`优秀 100、合格85` as pairs; a word without a number gets an empty one.

        Raises Invalid where more than one word and its number stand between two signs: nothing is dropped.
        """
        found, odd = [], []
        for one in listed(text):
            if pair := _PAIR.fullmatch(one):
                found.append((pair["word"] or pair["alone"], pair["number"] or ""))
            else:
                odd.append(f"“{one[:40]}”要写成一个词和一个数，各项之间用顿号隔开，例如 优秀 100、合格 85")
        if odd:
            raise Invalid(odd, "没有添加")
        return tuple(found)


def revision_in(form: Typed) -> int:
    """The revision that the page was made of; 0 when it is missing or no number."""
    text = form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - an int4
