"""Which kinds of file are kept, and how each is told by its content: no name and no header is believed."""

import mmap
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import msgspec

from jiceng.kernel.errors import Refusal
from jiceng.kernel.files.office import is_document, is_workbook
from jiceng.kernel.files.papers import is_pdf
from jiceng.kernel.files.pictures import is_jpeg, is_png
from jiceng.kernel.files.texts import is_text
from jiceng.kernel.invisible import visible

Content = bytes | mmap.mmap
"""The whole file; a large one is mapped and not read."""

LONGEST_NAME = 120
OFFERED = "PDF、PNG、JPEG、Word（.docx）、Excel（.xlsx）、文本（.txt、.csv）"
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\"<>|:*?\\]")


class Kind(msgspec.Struct, frozen=True):
    """One kind of file: its media type, the endings it goes by, and the test of its whole content."""

    media_type: str
    endings: tuple[str, ...]
    fits: Callable[[Content], bool]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = (
    Kind("application/pdf", (".pdf",), is_pdf),
    Kind("image/png", (".png",), is_png),
    Kind("image/jpeg", (".jpg", ".jpeg"), is_jpeg),
    Kind(f"{_OFFICE}wordprocessingml.document", (".docx",), is_document),
    Kind(f"{_OFFICE}spreadsheetml.sheet", (".xlsx",), is_workbook),
    Kind("text/plain", (".txt",), is_text),
    Kind("text/csv", (".csv",), is_text),
)
"""Nothing else is kept: no SVG, no HTML, no archive, no macro, nothing that runs."""


def recognise(path: Path, name: str) -> Kind:
    """Return the kind of the file at `path`, which its ending and its content must both say; use a thread.

    Raises:
        Refusal: the ending is not offered, or the content is something else or something more.
    """
    ending = PurePosixPath(name.lower()).suffix
    kind = next((each for each in KINDS if ending in each.endings), None)
    if kind is None:
        raise Refusal(
            "不能上传这种文件",
            name,
            f"可以上传：{OFFERED}",
            415,
            what_en="this kind of file is not taken",
            todo_en="upload a picture, a PDF, a Word or Excel file",
        )
    if path.stat().st_size == 0:
        raise Refusal(
            "文件是空的",
            name,
            "请确认文件已保存，再上传一次",
            422,
            what_en="the file is empty",
            todo_en="make sure it is saved and upload it again",
        )
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        fits = kind.fits(content)
    if not fits:
        raise Refusal(
            f"文件的内容不是完好的 {ending} 文件",
            name,
            f"请用原来的程序打开，另存后再上传（带宏、加密、夹带其他内容的都不收）。可以上传：{OFFERED}",
            415,
            what_en=f"the content is not a sound {ending} file",
            todo_en="save it anew in its own program: no macros, no password, nothing attached",
        )
    return kind


def clean_name(name: str) -> str:
    """A file's name as it is kept: no folder, no invisible or reserved character, at most 120 characters."""
    last = unicodedata.normalize("NFC", visible(name)).replace("\\", "/").rsplit("/", 1)[-1]
    plain = _UNWANTED.sub("", last).strip().rstrip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    ending = ending[:10]
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or '文件'}{dot}{ending}"
