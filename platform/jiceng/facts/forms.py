"""What the forms of facts send."""

import msgspec
from litestar.datastructures import UploadFile


class UploadForm(msgspec.Struct, frozen=True):
    """A workbook of facts; `marked`: with faults it is handed back with them instead of the page.

    `kind`, `title`, `field`: what columns of the workbook mean, one of each for every column told about.
    """

    file: UploadFile
    marked: str = ""
    kind: list[str] | str = []
    title: list[str] | str = []
    field: list[str] | str = []

    def told(self) -> list[tuple[str, str, str]]:
        """One row for each column; a list cut short loses its end."""
        sent = [[one] if isinstance(one, str) else list(one) for one in (self.kind, self.title, self.field)]
        return list(zip(*sent, strict=False))


class UndoForm(msgspec.Struct, frozen=True):
    """Why an import is taken back."""

    reason: str = ""
