"""What the forms of campaigns send, read into what the services take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from litestar.datastructures import UploadFile  # noqa: TC002 - Litestar looks it up

from jiceng.facts.campaigns.schemas import Typed
from jiceng.facts.campaigns.stages import Dates
from jiceng.kernel.forms import refuse_unknown
from jiceng.kernel.typed import needed_choice, needed_day, read_day, refuse, single

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

Form = dict[str, str]
CHOSEN = "line."
VALUE, PROOF, COMMENT, REVISION = "v.", "p.", "c.", "r."
DAYS = ("self_from", "self_until", "superior_until", "department_until")
LINES, CELLS = r"line\.\w{1,80}", r"[vpcr]\.\w{1,80}"
"""What the fields of lines look like; which lines there are, the services know."""


class BookForm(msgspec.Struct, frozen=True):
    """A workbook of ratings."""

    file: UploadFile


def dates_in(form: Form) -> Dates:
    """The days of a form; raises Invalid for what is no day."""
    faults: list[str] = []
    dates = Dates(
        needed_day(form.get("self_from", ""), "自评开始", faults),
        needed_day(form.get("self_until", ""), "自评截止", faults),
        read_day(form.get("superior_until", ""), "上级评议截止", faults),
        needed_day(form.get("department_until", ""), "部门评定截止", faults),
    )
    refuse(faults, "各阶段日期")
    return dates


def lines_in(form: Form) -> list[str]:
    """The names of the lines that are ticked."""
    return [key.removeprefix(CHOSEN) for key in form if key.startswith(CHOSEN)]


def typed_in(form: Form) -> dict[str, Typed]:
    """What was typed, by line: v.x its value, p.x proof, c.x comment, r.x the revision that was seen.

    Raises UnknownFields for what belongs to no value.
    """
    names = [key[len(VALUE) :] for key in form if key.startswith(VALUE)]
    parts = (PROOF, COMMENT, REVISION)
    refuse_unknown(
        (key for key in form if key.startswith(parts)), (re.escape(p + name) for p in parts for name in names)
    )
    return {
        name: Typed(
            form[VALUE + name].strip(),
            _words(form, PROOF + name),
            _words(form, COMMENT + name),
            _revision(form.get(REVISION + name)),
        )
        for name in names
    }


def place_in(form: Form) -> UUID:
    """The organization chosen; raises Invalid when none is."""
    return single(needed_choice, form.get("organization", ""), "组织", "没有重新开放")


def day_in(form: Form, name: str, where: str) -> date:
    """A day of a form; raises Invalid when it is none."""
    return single(needed_day, form.get(name, ""), where)


def _words(form: Form, key: str) -> str | None:
    return form[key].strip() if key in form else None


def _revision(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - an integer
