"""Faults of handed-in facts: which subject, which field, what is wrong, what to do. Collected,
never raised singly.
"""

from decimal import Decimal

import polars as pl

from jiceng_sdk.faults import Fault

SHOWN = 20
"""Rows named one by one for each kind of fault; the rest is counted."""


class Blame:
    """Collects faults while the door reads frames."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def whole(self, path: str, zh: str, en: str, *, nearest: str = "") -> None:
        """A fault of a whole frame or column."""
        self.faults.append(Fault(zh=zh, en=en, path=path, nearest=nearest, code="facts"))

    def rows(self, path: str, subjects: pl.Series, values: pl.Series | None, zh: str, en: str) -> None:
        """One fault for each bad row, naming its subject and value; beyond SHOWN only their number."""
        seen = subjects.head(SHOWN).to_list()
        found = [None] * len(seen) if values is None else values.head(SHOWN).to_list()
        for subject, value in zip(seen, found, strict=True):
            shown = "" if values is None else f"“{_plain(value)}”"
            self.faults.append(
                Fault(
                    zh=f"对象 {subject}：{shown}{zh}",
                    en=f"subject {subject}: {shown} {en}",
                    path=path,
                    code="facts",
                )
            )
        if len(subjects) > SHOWN:
            rest = len(subjects) - SHOWN
            self.whole(path, f"另有 {rest} 行同样的错误：{zh}", f"{rest} more rows with the same fault: {en}")


def _plain(value: object) -> str:
    """A value as it is written by hand: no trailing zeros."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
