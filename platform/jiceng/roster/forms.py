"""What the roster's pages send."""

from dataclasses import dataclass

from litestar.datastructures import UploadFile


@dataclass(frozen=True)
class UploadForm:
    """A roster file."""

    file: UploadFile


@dataclass(frozen=True)
class ApplyForm:
    """The roster's version that the preview was made for."""

    version: int
