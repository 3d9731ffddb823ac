"""What the forms of periods and of the calendar send."""

from uuid import UUID

import msgspec

from jiceng.kernel.typed import read_choice, read_year, single


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
        return single(read_choice, self.organization, "组织", "没有重新开放")


class DayForm(msgspec.Struct, frozen=True):
    """What a day is: `working` is yes or no."""

    day: str = ""
    working: str = ""
    note: str = ""


class YearForm(msgspec.Struct, frozen=True):
    """A year's holidays and make-up days, a line for each span."""

    year: str = ""
    source: str = ""
    off: str = ""
    working: str = ""

    def chosen(self) -> int:
        """The year; raises Invalid for what is none."""
        return single(read_year, self.year, "年份")
