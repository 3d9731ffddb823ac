"""What the ledger's forms send, and how numbers and ids in forms are read: strictly."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

import msgspec

from jiceng.api import Refusal
from jiceng.api.typed import plain
from jiceng_points.forms import read_number
from jiceng_points.ledger.schemas import BY_HAND, Because


class CreditForm(msgspec.Struct, frozen=True):
    """Points a clerk books by hand; `form` makes a form sent twice count once."""

    form: str = ""
    points: str = ""
    because: str = ""

    def id(self) -> UUID:
        """The form's id; Refusal when it was not the page's own."""
        return id_of(self.form)

    def amount(self) -> Decimal:
        """The points; Refusal when they are no number."""
        return points_of(self.points, "积分")

    def reason(self) -> Because:
        """Why; Refusal for a reason that is not given by hand."""
        found = next((each for each in BY_HAND if each.value == self.because), None)
        if found is None:
            raise unreadable(self.because, "事由")
        return found


def points_of(text: str, where: str) -> Decimal:
    """Points as typed (full-width digits are fine); Refusal when they are no number."""
    try:
        found = Decimal(plain(text))
    except InvalidOperation:
        raise unreadable(text, where) from None
    if not found.is_finite():
        raise unreadable(text, where)
    return found


def count_of(text: str, where: str) -> int:
    """A whole number as typed; Refusal when it is none."""
    faults: list[str] = []
    found = read_number(text, where, faults)
    if faults or found is None:
        raise unreadable(text, where)
    return found


def id_of(text: str) -> UUID:
    """An id as the page put it into the form."""
    try:
        return UUID(text)
    except ValueError:
        raise unreadable(text, "表单") from None


def unreadable(text: str, where: str) -> Refusal:
    """The refusal of a value that is not what the page asked for."""
    return Refusal(
        f"「{text[:20]}」不能识别" if text else "没有填写",
        where,
        "请按页面上的说明填写",
        422,
        what_en="cannot be read" if text else "nothing was given",
        todo_en="fill it in as the page says",
    )
