"""What the roster's pages send."""

from dataclasses import dataclass

from litestar.datastructures import UploadFile


@dataclass(frozen=True)
class UploadForm:
    """A roster file."""

    file: UploadFile


@dataclass(frozen=True)
class TitlesForm:
    """What columns mean: for each its sheet, its title, and the field chosen ("" = not read)."""

    table: list[str] | str
    title: list[str] | str
    field: list[str] | str

    def rows(self) -> list[tuple[str, str, str]]:
        """One row for each column; a list cut short loses its end."""
        sent = [[one] if isinstance(one, str) else one for one in (self.table, self.title, self.field)]
        return list(zip(*sent, strict=False))


@dataclass(frozen=True)
class UndoForm:
    """Why an import is taken back."""

    reason: str = ""


@dataclass(frozen=True)
class ApplyForm:
    """The roster's version that the preview was made for; whose leaving is taken back (ids), or all's."""

    version: int
    returned: list[str] | str = ""
    all_returned: str = ""

    def chosen(self) -> list[str]:
        """The ids that were ticked."""
        return [self.returned] if isinstance(self.returned, str) and self.returned else list(self.returned)
