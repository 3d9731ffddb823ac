"""The papers one browser holds, each under a mark of the link it came by: several voters share a phone.

A mark is an HMAC keyed by the link itself. Of the link only its digest is stored, so a mark that comes with a
paper tells nobody whose it is.
"""

from __future__ import annotations

import hmac
from uuid import UUID

import msgspec

MOST_HELD = 20
"""A cookie holds 4 KiB, a paper takes about 140 bytes of it."""
_MARK = 12


class Held(msgspec.Struct, frozen=True):
    """A paper taken and not cast: the mark of its link, the ballot, the slip."""

    mark: str
    ballot: UUID
    slip: str

    @property
    def paper(self) -> str:
        """What the form of the paper carries: ballot and slip, without the mark."""
        return f"{self.ballot.hex}.{self.slip}"


def mark_of(link: str) -> str:
    """The mark of a link."""
    return hmac.new(link.encode(), b"paper", "sha256").hexdigest()[:_MARK]


def read_paper(text: str, mark: str = "") -> Held | None:
    """The paper a form carries; None when it is none."""
    ballot, _, slip = text.partition(".")
    try:
        return Held(mark, UUID(hex=ballot), slip)
    except ValueError:
        return None


def read(cookie: str) -> list[Held]:
    """The papers in a cookie, the latest last; what is none is left out, and what no cookie of ours holds:
    each is looked up.
    """
    parts = (one.partition(":") for one in cookie.rsplit("~", MOST_HELD)[-MOST_HELD:])
    return [found for mark, _, paper in parts if (found := read_paper(paper, mark)) is not None]


def written(papers: list[Held]) -> str:
    """The cookie that holds these papers; empty for none."""
    return "~".join(f"{one.mark}:{one.paper}" for one in papers)
