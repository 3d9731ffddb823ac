"""Word and Excel files: an archive that is exactly one Office document, without macros, within bounds."""

import mmap
import re
import zipfile
from xml.etree import ElementTree as ET

MB = 1024 * 1024
LARGEST_UNPACKED = 200 * MB
MOST_PARTS = 4_000
_TYPES = "[Content_Types].xml"
_SAFE_NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\:\x00-\x1f]{1,200}")
_RUNNING = re.compile(
    r"vbaProject|macrosheets|activeX|embeddings/|\.(?:bin|exe|dll|js|vbs|hta|html?|svg)$", re.IGNORECASE
)
_HARMLESS_BIN = re.compile(r"(?:printerSettings\d*|calcChain)\.bin$", re.IGNORECASE)
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
_END_OF_ARCHIVE = b"PK\x05\x06"
_END_SIZE = 22


def is_document(content: bytes | mmap.mmap) -> bool:
    """Whether it is a .docx without macros."""
    return _is_office(content, "word/document.xml", _MAIN.format("wordprocessingml.document"))


def is_workbook(content: bytes | mmap.mmap) -> bool:
    """Whether it is an .xlsx without macros."""
    return _is_office(content, "xl/workbook.xml", _MAIN.format("spreadsheetml.sheet"))


def _is_office(content: bytes | mmap.mmap, part: str, main_type: str) -> bool:
    # The archive is the whole file: it starts at the first byte and its end record ends at the last.
    if content[:4] != b"PK\x03\x04" or content[-_END_SIZE : -_END_SIZE + 4] != _END_OF_ARCHIVE:
        return False
    try:
        with zipfile.ZipFile(_Mapped(content)) as archive:
            return _is_whole(archive) and _declares(archive, part, main_type)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, OSError):
        return False


def _is_whole(archive: zipfile.ZipFile) -> bool:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) != len(names) or min(p.header_offset for p in parts) != 0:
        return False
    if any(not _SAFE_NAME.fullmatch(name) or _runs(name) for name in names):
        return False
    left = LARGEST_UNPACKED
    for part in parts:
        # What a part claims of its size is not believed: it is read until its stream really ends.
        part.file_size = left + 2
        with archive.open(part) as stream:
            while block := stream.read(MB):
                left -= len(block)
                if left < 0:
                    return False
    return True


def _runs(name: str) -> bool:
    return _RUNNING.search(name) is not None and _HARMLESS_BIN.search(name) is None


def _declares(archive: zipfile.ZipFile, part: str, main_type: str) -> bool:
    listed = archive.read(_TYPES)
    if b"<!DOCTYPE" in listed or b"<!ENTITY" in listed or part not in archive.namelist():
        return False
    try:
        types = ET.fromstring(listed)  # noqa: S314  DOCTYPE and ENTITY are refused above
    except ET.ParseError:
        return False
    declared = {each.get("PartName"): each.get("ContentType") for each in types}
    return declared.get(f"/{part}") == main_type


class _Mapped:
    """A mapped file as zipfile wants to read it, without copying it whole."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        self._content = content
        self._at = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, len(self._content))[whence]
        if self._at < 0:
            raise OSError("before the start")
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = len(self._content) if size < 0 else self._at + size
        block = bytes(self._content[self._at : end])
        self._at += len(block)
        return block
