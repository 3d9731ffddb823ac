"""What is wrong with a file: every fault at once, with its place, in Chinese and in English."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct, structs

MANY = 500
Severity = Literal["error", "warning"]


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong, or (`warning`) doubtful. `line` and `column` count from 1; 0 = unknown."""

    zh: str
    en: str
    code: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    nearest: str = ""
    severity: Severity = "error"

    def at(self, *, file: str | None = None, line: int | None = None, path: str | None = None) -> "Fault":
        """The same fault with its place filled in; what is already known stays."""
        return structs.replace(
            self,
            file=self.file or file or "",
            line=self.line or line or 0,
            path=self.path or path or "",
        )

    def place(self) -> str:
        """`rulebook.toml:12 items.dues.points 第 7 字`, as far as it is known."""
        spot = f"{self.file}:{self.line}" if self.file and self.line else self.file
        column = f"第 {self.column} 字" if self.column else ""
        return " ".join(part for part in (spot, self.path, column) if part)

    def __str__(self) -> str:
        word = "错误" if self.severity == "error" else "提醒"
        place = self.place()
        return f"{place}{'：' if place else ''}{word}：{self.zh}（{self.en}）"


class Faults(Exception):  # noqa: N818 - the exception is the list of faults, not one error
    """Raised with all faults found in one reading; `str()` prints one per line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def errors(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults that forbid use; warnings are left out."""
    return tuple(fault for fault in faults if fault.severity == "error")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or ""; of very many words only similar ones are tried."""
    words = list(known)
    if len(words) > MANY:
        words = [one for one in words if one[:1] == word[:1] and abs(len(one) - len(word)) <= 1][:MANY]
    found = get_close_matches(word, words, 1, 0.5)
    return found[0] if found else ""


def meant(word: str) -> tuple[str, str]:
    """The tail 「是否指 X？」 in both languages; empty when no word is near."""
    return (f"，是否指“{word}”？", f', did you mean "{word}"?') if word else ("", "")
