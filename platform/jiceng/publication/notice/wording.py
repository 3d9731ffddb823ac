"""The wording of a notice: what the page, the Word file and the PDF say alike."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from jiceng.kernel.documents.columns import widths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jiceng.evaluation.schemas import RunInfo
    from jiceng.publication.schemas import NoticeRow, PublicationInfo

TITLE = "关于%(period)s%(title)s拟定结果的公示"
BASIS = "根据%(basis)s，"
OPENING = "经评定和复核，拟定下列 %(n)s 个对象为%(grades)s，现予公示。"
ORDER = "按组织和编号排列，不分名次。"
MORE = "其余 %(n)s 个见附表。"
PERIOD = "公示时间：%(first)s至%(last)s，共 %(n)s 个工作日。"
OBJECTIONS = (
    "对公示内容有不同意见的，请在公示期内向受理单位反映。反映情况应当实事求是，并尽量提供具体事实。"
    "受理人员对反映人身份严格保密。"
)
CONTACTS = {"office": "受理单位：%(office)s", "phone": "电话：%(phone)s", "place": "地址：%(place)s"}
DAY = "%(year)s年%(month)s月%(day)s日"
COLUMNS = {"place": "组织", "score": "得分", "grade": "拟定等次"}
ROOM = 72
"""How many halves of a Chinese character a line of the notice's table holds on paper, at 12 points."""
NAMED = {"member": "姓名", "enterprise": "名称", "project": "名称"}
"""What the column of the subject is called; organizations stand in the column of organizations."""


class Sentence(Struct, frozen=True):
    """Words of the catalog and what is filled in; `first` and `last` are days, sentences themselves."""

    words: str
    values: dict[str, Any] = {}

    def __str__(self) -> str:
        """The sentence in Chinese, as it goes on paper."""
        return self.words % self.values if self.values else self.words


class NoticeText(Struct, frozen=True, kw_only=True):
    """A notice; `rows` are texts under `columns`, the score (with the scheme's places) at `score_at`."""

    title: Sentence
    document: str
    opening: tuple[Sentence, ...]
    columns: tuple[str, ...]
    score_at: int
    rows: tuple[tuple[str, ...], ...]
    order: tuple[Sentence, ...]
    body: tuple[Sentence, ...]
    contacts: tuple[Sentence, ...]
    signed: str
    day: Sentence

    def widths(self) -> tuple[int, ...]:
        """The widths of the columns on paper, the running number among them, beside each other."""
        paper = self.on_paper()
        return widths([paper["columns"], *paper["rows"]], ROOM)

    def on_paper(self) -> dict[str, Any]:
        """Texts for a Word or typst template: lines numbered, sentences joined as they are read."""
        return {
            "title": str(self.title),
            "document": self.document,
            "opening": "".join(map(str, self.opening)),
            "columns": ["序号", *self.columns],
            "rows": [[str(n), *row] for n, row in enumerate(self.rows, 1)],
            "order": "".join(map(str, self.order)),
            "body": [str(one) for one in self.body],
            "contacts": [str(one) for one in self.contacts],
            "signed": self.signed,
            "day": str(self.day),
        }


def written(day: date) -> Sentence:
    """A day as a notice writes it."""
    return Sentence(DAY, {"year": day.year, "month": day.month, "day": day.day})


def worded(
    run: RunInfo,
    info: PublicationInfo,
    rows: Sequence[NoticeRow],
    *,
    whole: int,
    basis: str,
    places: int,
    by: str,
) -> NoticeText:
    """The notice of a run whose window was opened; `whole` results of the grades, `rows` of them listed."""
    if info.first_day is None or info.last_day is None:
        message = "the notice of this run was never opened"
        raise ValueError(message)
    named = NAMED.get(run.subject, "")
    scored = run.subject != "member"
    first, last = written(info.first_day), written(info.last_day)
    return NoticeText(
        title=Sentence(TITLE, {"period": run.period.replace(" ", ""), "title": run.title}),
        document=info.document,
        opening=(
            *((Sentence(BASIS, {"basis": basis}),) if basis else ()),
            Sentence(OPENING, {"n": f"{whole:,}", "grades": "、".join(info.grades)}),
        ),
        columns=(
            COLUMNS["place"],
            *((named,) if named else ()),
            *((COLUMNS["score"],) if scored else ()),
            COLUMNS["grade"],
        ),
        score_at=1 + bool(named) if scored else -1,
        rows=tuple(_cells(row, named=bool(named), scored=scored, places=places) for row in rows),
        order=(
            Sentence(ORDER),
            *((Sentence(MORE, {"n": f"{whole - len(rows):,}"}),) if whole > len(rows) else ()),
        ),
        body=(
            Sentence(PERIOD, {"first": first, "last": last, "n": info.working_days}),
            Sentence(OBJECTIONS),
        ),
        contacts=tuple(
            Sentence(words, {field: getattr(info, field)})
            for field, words in CONTACTS.items()
            if getattr(info, field)
        ),
        signed=by,
        day=first,
    )


def _half_up(score: Decimal, places: int) -> Decimal:
    """As every page rounds; formatting alone would round a five to the even digit."""
    return score.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _cells(row: NoticeRow, *, named: bool, scored: bool, places: int) -> tuple[str, ...]:
    score = "—" if row.score is None else f"{_half_up(row.score, places):,.{places}f}"
    return (
        row.organization if named else row.name,
        *((row.name,) if named else ()),
        *((score,) if scored else ()),
        row.grade or "—",
    )
