"""Facts from a program: its JSON as the rows that `import_facts` takes, faults told by JSON pointer."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from jiceng.facts.correcting import correct_fact
from jiceng.facts.programs.english import in_english
from jiceng.facts.rows.checking import DATE, EVIDENCE, SUBJECT, ValueFault, fields_of, handed_in
from jiceng.facts.rows.rules import rules_by_day, rules_for
from jiceng.facts.service import import_facts
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch_row
from jiceng.kernel.errors import Invalid, NotFound
from jiceng.kernel.rest.problems import ProblemFault
from jiceng.roster.queries import subject_name, subject_numbers
from jiceng.schemes.queries import scheme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from jiceng.facts.schemas import Imported
    from jiceng_sdk.rulebook import Field

SOURCE = "API"
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
_TYPES: dict[str, Any] = {
    "number": pl.Decimal(38, 12),
    "flag": pl.Boolean,
    "date": pl.Date,
    "choice": pl.String,
    "text": pl.String,
}
_EXPECTED = {
    "number": ('应为数字，写成文本，例如 "12.50"', 'a number as text is expected, such as "12.50"'),
    "flag": ("应为 true 或 false", "true or false is expected"),
    "date": ("应为日期，例如 2026-11-22", "a date is expected, such as 2026-11-22"),
    "choice": ("应为文本", "a text is expected"),
    "text": ("应为文本", "a text is expected"),
}
_FACT = """
select f.subject, f.occurred, k.scheme, k.name from fact f
join fact_kind k on k.tenant_id = f.tenant_id and k.id = f.kind where f.tenant_id = $1 and f.seq = $2
"""
Given = str | int | bool | None


class Sent(Protocol):
    """One fact as the program sent it."""

    @property
    def subject(self) -> UUID | None: ...  # noqa: D102 - as the API's document says
    @property
    def number(self) -> str | None: ...  # noqa: D102
    @property
    def date(self) -> dt.date: ...  # noqa: D102
    @property
    def values(self) -> Mapping[str, Given]: ...  # noqa: D102
    @property
    def evidence(self) -> str: ...  # noqa: D102


async def hand_in(key: str, kind: str, sent: Sequence[Sent], *, by: UUID) -> Imported:
    """Keep facts of one kind, all or none, recorded as coming from the API.

    Raises NotFound for an unknown scheme or kind, Invalid with every fault at its JSON pointer.
    """
    await scheme(key)
    rules = await rules_by_day(key, {one.date for one in sent})
    if kind not in rules.kinds():
        raise NotFound("方案没有这种事实")
    fields = fields_of(rules.united(kind))
    numbers = await subject_numbers(rules.latest.subject, today())
    faults: list[ProblemFault] = []
    rows = [_row(place, one, fields, numbers, faults) for place, one in enumerate(sent)]
    if faults:
        raise Invalid(faults)
    schema = {SUBJECT: pl.String, DATE: pl.Date, EVIDENCE: pl.String}
    schema |= {name: _TYPES[field.kind] for name, field in fields.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    try:
        return await import_facts(key, kind, frame, source=SOURCE, by=by)
    except Invalid as refused:
        raise Invalid([_pointed(fault) for fault in refused.faults]) from refused


async def correct(
    seq: int, values: Mapping[str, Given] | None, date: dt.date | None, *, reason: str, by: UUID
) -> int:
    """Correct a fact, or withdraw it (`values` None); returns the new fact's number.

    Raises NotFound for no such fact that may be seen here, Conflict when it was corrected before, Invalid
    with every fault at its JSON pointer.
    """
    row = await fetch_row(_FACT, current_tenant(), seq)
    if row is None or await subject_name(row["subject"], today()) is None:
        raise NotFound("没有这条事实")
    wanted = None
    if values is not None:
        book = await rules_for(row["scheme"], date or row["occurred"])
        faults: list[ProblemFault] = []
        kind = handed_in(book).get(row["name"])  # where it is gone, `correct_fact` refuses
        read = _values(values, fields_of(kind), "/values", faults) if kind else {}
        if faults:
            raise Invalid(faults)
        wanted = {name: value for name, value in read.items() if value is not None}
        wanted |= {DATE: date} if date else {}
    try:
        return await correct_fact(seq, wanted, reason=reason, by=by)
    except Invalid as refused:
        raise Invalid([_pointed(fault, "") for fault in refused.faults]) from refused


def _row(
    place: int,
    one: Sent,
    fields: Mapping[str, Field],
    numbers: Mapping[str, str],
    faults: list[ProblemFault],
) -> tuple[Any, ...]:
    at = f"/facts/{place}"
    if (one.subject is None) == (one.number is None):
        faults.append(_fault(at, ("应给出 subject 或 number 其中一个", "give either subject or number")))
    subject = str(one.subject) if one.subject else numbers.get(one.number or "")
    if subject is None and one.number is not None:
        words = ("名册中没有这个编号", "the roster has no such number")
        faults.append(_fault(f"{at}/number", words))
    values = _values(one.values, fields, f"{at}/values", faults)
    return subject, one.date, one.evidence or None, *values.values()


def _values(
    sent: Mapping[str, Given], fields: Mapping[str, Field], at: str, faults: list[ProblemFault]
) -> dict[str, Any]:
    strange = sorted(set(sent) - set(fields))
    faults += [_fault(f"{at}/{name[:60]}", ("没有这个字段", "there is no such field")) for name in strange]
    read: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            read[name] = _read(field.kind, sent.get(name))
        except ValueError:
            read[name] = None
            faults.append(_fault(f"{at}/{name}", _EXPECTED[field.kind]))
    return read


def _read(kind: str, value: Given) -> Any:  # noqa: ANN401 - as the kind says
    """The value as its kind has it; ValueError when it is of another."""
    match kind, value:
        case _, None:
            return None
        case "flag", bool():
            return value
        case "number", int() if not isinstance(value, bool):
            return Decimal(value)
        case "number", str() if _NUMBER.fullmatch(value):
            return Decimal(value)
        case "date", str():
            return dt.date.fromisoformat(value)
        case "choice" | "text", str():
            return value
    raise ValueError(kind)


def _pointed(fault: object, at: str = "/facts/{row}") -> object:
    if not isinstance(fault, ValueFault):
        return fault
    inner = fault.field if fault.field in {SUBJECT, DATE, EVIDENCE} else f"values/{fault.field}"
    words = (f"{fault.what}；{fault.todo}", in_english(fault.what))
    return _fault(f"{at.format(row=fault.row)}/{inner}", words)


def _fault(where: str, words: tuple[str, str]) -> ProblemFault:
    return ProblemFault(where, words[0], words[1])
