"""Form fields as a browser sends them into a sheet: `checks-0-when` is `checks[0].when`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jiceng.schemes.editing.sheet import Sheet
    from jiceng.schemes.editing.spec import Spec

LONGEST = 4_000
MOST_ROWS = 300


def sheet_of(form: Mapping[str, str], specs: Iterable[Spec], kept: Iterable[str] = ("id", "do")) -> Sheet:
    """What was typed; empty fields and empty rows are left out, too long texts are cut."""
    sheet: Sheet = {key: form[key][:LONGEST] for key in kept if form.get(key)}
    for spec in specs:
        if spec.kind == "rows":
            rows = [row for n in _numbers(form, spec.key) if (row := _row(form, spec, n))]
            if rows:
                sheet[spec.key] = rows
        elif text := _typed(form, spec.key):
            sheet[spec.key] = text
    return sheet


def _numbers(form: Mapping[str, str], key: str) -> list[int]:
    found = {name.split("-")[1] for name in form if name.startswith(f"{key}-") and name.count("-") > 1}
    return sorted(int(number) for number in found if number.isascii() and number.isdigit())[:MOST_ROWS]


def _row(form: Mapping[str, str], spec: Spec, n: int) -> Sheet:
    """One row; a row whose choices only are set counts as empty."""
    row = {
        column.key: text for column in spec.columns if (text := _typed(form, f"{spec.key}-{n}-{column.key}"))
    }
    typed = [column for column in spec.columns if column.kind != "choice" and column.key in row]
    return row if typed else {}


def _typed(form: Mapping[str, str], name: str) -> str:
    text = form.get(name, "").replace("\r\n", "\n").replace("\0", "")[:LONGEST]
    return text if text.strip() else ""
