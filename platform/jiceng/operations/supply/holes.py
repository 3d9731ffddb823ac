"""Known holes in what the lock pins, from a data file that is shipped with the service: no network needed.

The file is as good as its last review, which it names; `jiceng supply check` says how old that is. A newer
file (the same form) can be given to the command.
"""

from __future__ import annotations

import datetime as dt
import re
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jiceng.operations.supply.locked import Locked

GRACE = dt.timedelta(days=30)
"""A hole known for longer fails the build (control 36)."""
STALE = dt.timedelta(days=90)
"""A data file not reviewed for longer proves nothing: the check fails."""
SHIPPED = files(__package__) / "advisories.json"


class Advisory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hole: in versions from `introduced` until before `fixed` (None: in all); unknown date: long known."""

    id: str
    package: str
    summary: str
    fixed: str | None
    introduced: str = "0"
    published: dt.date | None = None


class Advisories(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data file."""

    reviewed: dt.date
    source: str
    advisories: tuple[Advisory, ...]


class Hole(msgspec.Struct, frozen=True):
    """A distribution of the lock with a known hole; `overdue`: known for longer than the grace."""

    name: str
    version: str
    advisory: Advisory
    overdue: bool


def shipped() -> Advisories:
    """The data file of this version of the service."""
    return msgspec.json.decode(SHIPPED.read_bytes(), type=Advisories)


def read_advisories(file: Path) -> Advisories:
    """Another data file.

    Raises:
        Refusal: it cannot be read or has another form.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Advisories)
    except (OSError, ValueError) as error:
        raise Refusal("读不出漏洞数据文件", str(file), "应与随附的 advisories.json 同一格式") from error


def holes(locked: Sequence[Locked], known: Advisories, day: dt.date) -> Iterator[Hole]:
    """Every known hole in what is locked."""
    by_name: dict[str, list[Advisory]] = {}
    for advisory in known.advisories:
        by_name.setdefault(advisory.package, []).append(advisory)
    for one in locked:
        for advisory in by_name.get(one.name, ()):
            if _release(advisory.introduced) <= _release(one.version) and (
                advisory.fixed is None or _release(one.version) < _release(advisory.fixed)
            ):
                since = advisory.published or dt.date.min
                yield Hole(one.name, one.version, advisory, day - since > GRACE)


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version; a pre-release counts as its release, trailing zeros do not count."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else [0]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
