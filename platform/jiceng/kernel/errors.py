"""What may go wrong and be told to a person: what, where, what to do; in Chinese and in English."""

from collections.abc import Sequence


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a programming error
    """A request that cannot be granted, with an explanation fit for a screen.

    `what_zh` says what is wrong, `where` names the place (file, cell, field, setting), `todo_zh` says what to
    do about it; `what_en` and `todo_en` are the same in English for operators. `status` is the HTTP status.
    """

    status = 400

    def __init__(
        self,
        what_zh: str,
        where: str = "",
        todo_zh: str = "",
        status: int | None = None,
        *,
        what_en: str = "",
        todo_en: str = "",
    ) -> None:
        self.what_zh = what_zh
        self.where = where
        self.todo_zh = todo_zh
        self.what_en = what_en
        self.todo_en = todo_en
        if status is not None:
            self.status = status
        super().__init__(self.in_words())

    def in_words(self) -> str:
        """Return one line per language: what, where in brackets, what to do."""
        return "\n".join(line for line in (Refusal.in_chinese(self), self.in_english()) if line)

    def in_chinese(self) -> str:
        """Return what people read on a page: what, where in brackets, what to do."""
        place = f"（{self.where}）" if self.where else ""
        return f"{self.what_zh}{place}" + (f"。{self.todo_zh}" if self.todo_zh else "")

    def in_english(self) -> str:
        """Return the same in English; empty where it has no English words."""
        if not self.what_en:
            return ""
        place = f" ({self.where})" if self.where else ""
        return f"{self.what_en}{place}" + (f". {self.todo_en}" if self.todo_en else "")


class NotFound(Refusal):
    """The thing does not exist, or belongs to another tenant: both look exactly the same."""

    status = 404

    def __init__(
        self, what_zh: str = "没有找到", where: str = "", todo_zh: str = "请检查地址或返回列表"
    ) -> None:
        super().__init__(what_zh, where, todo_zh, what_en="not found")


class Forbidden(Refusal):
    """The person is known but may not do this."""

    status = 403


class Conflict(Refusal):
    """Somebody else changed or already did it."""

    status = 409


class Unavailable(Refusal):
    """A server, a file system or a dependency does not answer; trying again later may help."""

    status = 503


class Invalid(Refusal):
    """An input with faults; all of them are told at once and nothing of it is kept."""

    status = 422

    def __init__(self, faults: Sequence[object], what_zh: str = "", where: str = "") -> None:
        self.faults = tuple(faults)
        what = what_zh or f"发现 {len(self.faults)} 处错误，什么都没有保存"
        super().__init__(what, where, "请改正后重试", what_en=f"{len(self.faults)} faults, nothing was saved")

    def in_words(self) -> str:
        """Return the summary followed by one line per fault."""
        return "\n".join([super().in_words(), *self._lines()])

    def in_chinese(self) -> str:
        """Return the summary followed by one line per fault."""
        return "\n".join([super().in_chinese(), *self._lines()])

    def _lines(self) -> list[str]:
        return [str(fault) for fault in self.faults]


class NoTenant(RuntimeError):  # noqa: N818 - named in the design
    """A tenant's table was touched outside every tenant: a mistake in the program, never "0 rows"."""
