"""Cases as the frames that `evaluate` takes; cases share an evaluation, each subject under its own name."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from jiceng_sdk.cases.events import Misread, cells_of, rows_of
from jiceng_sdk.cases.shape import Case, Person, Written
from jiceng_sdk.faults import Fault, Faults, meant, nearest
from jiceng_sdk.rulebook import Fact, Rulebook

CASE = "case_"
"""Fact added to a rulebook whose cohorts must not reach from one case into another."""
NUMBER = pl.Decimal(38, 12)
_KINDS: dict[str, pl.DataType] = {
    "number": NUMBER, "flag": pl.Boolean(), "date": pl.Date(), "choice": pl.String(), "text": pl.String(),
}  # fmt: skip
_TYPES: dict[str, tuple[type, ...]] = {
    "k": (int,), "votes": (int,),
    "number": (int, Decimal), "flag": (bool,), "date": (date,), "choice": (str,), "text": (str,),
}  # fmt: skip


class Inputs:
    """Subjects, facts, earlier results and rulings of some cases, as frames."""

    def __init__(self, book: Rulebook, cases: Sequence[Case], *, split: bool) -> None:
        self.faults: list[Fault] = []
        self._book = book
        self._people = [
            (f"{number}/{person.name}", str(number), case, person)
            for number, case in enumerate(cases)
            for person in case.people
        ]
        self.subjects = self._subjects(split=split)
        self.facts = {
            name: frame
            for name, fact in book.facts.items()
            if (fact.rows or fact.each) and (frame := self._rows(name, fact)) is not None
        }
        self.previous = self._previous()
        self.rulings = self._rulings()
        if self.faults:
            raise Faults(self.faults)

    def _fault(self, case: Case, zh: str, en: str) -> None:
        self.faults.append(Fault(zh=f"{case.name}：{zh}", en=en, file=case.file, line=case.line))

    def _subjects(self, *, split: bool) -> pl.DataFrame:
        columns: dict[str, tuple[pl.DataType, list[Any]]] = {
            "subject": (pl.String(), [key for key, *_ in self._people])
        }
        if split:
            columns[CASE] = (pl.String(), [number for _, number, *_ in self._people])
        for name, fact in self._book.facts.items():
            given = [person.values.get(name) for *_, person in self._people]
            if fact.rows or fact.each or all(value is None for value in given):
                continue
            values = [
                self._typed(case, name, fact.kind, value)
                for (_, _, case, _), value in zip(self._people, given, strict=True)
            ]
            columns[name] = (_KINDS[fact.kind], values)
        for _, _, case, person in self._people:
            self._placed(case, person)
        return pl.DataFrame(
            {name: pl.Series(name, values, dtype=kind) for name, (kind, values) in columns.items()}
        )

    def _placed(self, case: Case, person: Person) -> None:
        """Faults for names the rulebook does not know, and for values written in the wrong table."""
        facts = self._book.facts
        for name in [*person.values, *person.facts]:
            if name not in facts:
                near = nearest(name, facts)
                zh, en = meant(near)
                self._fault(case, f"办法里没有叫 {name!r} 的事实{zh}", f"no fact {name!r}{en}")
        for name in person.values:
            if name in facts and facts[name].rows and not facts[name].many:
                zh = f"{name} 是逐条的事实，要写在 facts = {{ {name} = … }} 里"
                self._fault(case, zh, f"{name} comes as rows: write it in `facts`")
        for name in person.facts:
            if name in facts and not facts[name].rows and not facts[name].each:
                zh = f"{name} 每个对象只有一个值，要写在 subject = {{ {name} = … }} 里"
                self._fault(case, zh, f"{name} is one value per subject: write it in `subject`")

    def _typed(self, case: Case, name: str, kind: str, value: Written) -> Written:
        """The value when it is of its kind; a fault otherwise."""
        if value is None:
            return None
        if not isinstance(value, _TYPES[kind]) or (kind == "number" and isinstance(value, bool)):
            self._fault(case, f"{name} 的值 {value!r} 不对", f"{name} cannot be {value!r}")
            return None
        return Decimal(value) if isinstance(value, int) and kind == "number" else value

    def _given(self, name: str, fact: Fact) -> Iterable[tuple[str, Case, Any]]:
        for key, _, case, person in self._people:
            raw = person.facts.get(name, person.values.get(name) if fact.many or fact.each else None)
            if raw is not None:
                yield key, case, raw

    def _rows(self, name: str, fact: Fact) -> pl.DataFrame | None:
        found: list[dict[str, Any]] = []
        for key, case, raw in self._given(name, fact):
            try:
                rows = (
                    [{"k": k, "value": value} for k, value in cells_of(raw).items()]
                    if fact.each
                    else rows_of(fact, raw, case.period)
                )
            except Misread as error:
                self._fault(case, f"{name}：{error}", f"{name} is not understood")
                continue
            kinds = _row_kinds(fact)
            for row in rows:
                for field in row.keys() - kinds.keys():
                    self._fault(case, f"{name} 没有 {field!r} 这一栏", f"{name} has no field {field!r}")
                typed = {
                    field: self._typed(case, f"{name}.{field}", kind, row.get(field))
                    for field, kind in kinds.items()
                }
                found.append({"subject": key, **typed})
        return _frame(found, _row_kinds(fact)) if found else None

    def _previous(self) -> pl.DataFrame | None:
        found = []
        columns: dict[str, pl.DataType] = {"subject": pl.String(), "back": pl.Int64()}
        for key, _, case, person in self._people:
            for number, row in enumerate(person.previous, 1):
                for name in row.keys() - {"back", "score", "grade", "status", *self._book.outputs}:
                    zh = f"previous 里没有 {name!r}，只有 score、grade、status 和产出的名称"
                    self._fault(case, zh, f"`previous` has no {name!r}")
                found.append({"subject": key, "back": number, **row})
                for name, value in row.items():
                    columns.setdefault(name, self._column(case, name, value))
        return pl.DataFrame(found, schema=columns) if found else None

    def _column(self, case: Case, name: str, value: Written) -> pl.DataType:
        if name == "back":
            return pl.Int64()
        if isinstance(value, bool):
            return pl.Boolean()
        if isinstance(value, int | Decimal):
            return NUMBER
        if not isinstance(value, str):
            self._fault(case, f"previous.{name} 的值 {value!r} 不对", f"previous.{name} is not understood")
        return pl.String()

    def _rulings(self) -> pl.DataFrame | None:
        schema = {
            **dict.fromkeys(("subject", "where", "grade"), pl.String()),
            "points": NUMBER,
            "order": pl.Int64(),
        }
        found = []
        for key, _, case, person in self._people:
            for row in person.rulings:
                if "where" not in row or row.keys() - schema.keys():
                    self._fault(case, "rulings 写 where 和 grade、points 或 order", "a ruling needs where")
                    continue
                points = row.get("points")
                found.append({"subject": key, **row, "points": None if points is None else Decimal(points)})
        return pl.DataFrame(found, schema=schema) if found else None


def _row_kinds(fact: Fact) -> dict[str, str]:
    """Column → kind of the rows of a fact."""
    if fact.each:
        return {"k": "k", "value": fact.kind}
    if fact.many:
        return {"value": "choice"}
    if fact.kind == "result":
        return {"date": "date", "score": "number", "grade": "choice", "role": "text"}
    kinds = {"date": "date"} | {name: field.kind for name, field in fact.fields.items()}
    return kinds | ({"votes": "votes"} if fact.kind == "ballot" else {})


def _frame(rows: list[dict[str, Any]], kinds: dict[str, str]) -> pl.DataFrame:
    whole = {"k": pl.Int32(), "votes": pl.Int64()}
    schema: dict[str, pl.DataType] = {"subject": pl.String()}
    schema |= {name: whole.get(kind) or _KINDS[kind] for name, kind in kinds.items()}
    if "votes" in schema:
        rows = [{**row, "votes": 1 if row["votes"] is None else row["votes"]} for row in rows]
    return pl.DataFrame(rows, schema=schema)
