"""What the forms of publication send."""

from collections.abc import Collection

import msgspec

from jiceng.kernel.errors import Invalid
from jiceng.kernel.typed import needed_count, needed_day, refuse
from jiceng.publication.flow.states import Act
from jiceng.publication.service import Notice


class MoveForm(msgspec.Struct, frozen=True):
    """An act and why."""

    act: str = ""
    reason: str = ""

    def wanted(self) -> Act:
        """The act; raises Invalid for a word that is none."""
        try:
            return Act(self.act)
        except ValueError as error:
            raise Invalid(["请从页面上的按钮办理"], "没有这种办理", where=self.act[:20]) from error


class NoticeForm(msgspec.Struct, frozen=True):
    """The notice; `grades` are joined by spaces or come several times."""

    grades: list[str] | str = ""
    first_day: str = ""
    working_days: str = ""
    office: str = ""
    phone: str = ""
    place: str = ""
    document: str = ""
    named: str = ""

    def notice(self, known: Collection[str]) -> Notice:
        """The notice; `known`: the grades there are. Raises Invalid for a day or number that is none."""
        faults: list[str] = []
        first_day = needed_day(self.first_day, "开始日期", faults)
        working_days = needed_count(self.working_days, "工作日数", faults)
        refuse(faults, "公示")
        grades = [self.grades] if isinstance(self.grades, str) else self.grades
        if len(grades) == 1 and grades[0] not in known:  # 优 秀 is one grade, 优秀 合格 are two
            grades = grades[0].split()
        return Notice(
            grades=tuple(grades),
            first_day=first_day,
            working_days=working_days,
            office=self.office,
            phone=self.phone,
            place=self.place,
            document=self.document,
            masked=self.named != "yes",
        )


class ConfirmForm(msgspec.Struct, frozen=True):
    """Verdicts of an organization, with exceptions by number; or one subject by `number`."""

    organization: str = ""
    exceptions: str = ""
    number: str = ""
    reason: str = ""


class ObjectionForm(msgspec.Struct, frozen=True):
    """An objection as the clerk writes it down."""

    number: str = ""
    text: str = ""
    received: str = ""


class AnswerForm(msgspec.Struct, frozen=True):
    """The answer to an objection."""

    answer: str = ""


class HistoryForm(msgspec.Struct, frozen=True):
    """Which results count as history for a scheme: final or computed."""

    scheme: str = ""
    history: str = ""
