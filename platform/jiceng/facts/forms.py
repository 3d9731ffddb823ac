"""What the forms of facts send."""

import msgspec
from litestar.datastructures import UploadFile


class UploadForm(msgspec.Struct, frozen=True):
    """A workbook of facts."""

    file: UploadFile
