"""What the forms of facts send."""

import msgspec
from litestar.datastructures import UploadFile


class UploadForm(msgspec.Struct, frozen=True):
    """A workbook of facts; `marked`: with faults it is handed back with them instead of the page."""

    file: UploadFile
    marked: str = ""
