"""What the forms of periods and of the calendar send."""

from datetime import date
from uuid import UUID

import msgspec

from jiceng.kernel.errors import Invalid


def day_of(text: str, where: str) -> date:
    """The day of a form's field; raises Invalid when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid([f"“{text[:20]}”不是日期"], "日期没有填对", where=where) from error


class OpenForm(msgspec.Struct, frozen=True):
    """Open the period of a kind that a day lies in."""

    kind: str = ""
    day: str = ""


class ReasonForm(msgspec.Struct, frozen=True):
    """Why something is done."""

    reason: str = ""


class ReopenForm(msgspec.Struct, frozen=True):
    """Why a period is opened again, and for which organization (empty: for everybody)."""

    reason: str = ""
    organization: str = ""

    def place(self) -> UUID | None:
        """The organization; raises Invalid for what is no id."""
        try:
            return UUID(self.organization) if self.organization else None
        except ValueError as error:
            raise Invalid(["请从列表里选择组织"], "没有选对组织", where="组织") from error


class DayForm(msgspec.Struct, frozen=True):
    """What a day is: `working` is yes or no."""

    day: str = ""
    working: str = ""
    note: str = ""


class YearForm(msgspec.Struct, frozen=True):
    """A year's holidays and make-up days, a line for each span."""

    year: int = 0
    source: str = ""
    off: str = ""
    working: str = ""
