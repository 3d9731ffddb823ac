"""Word and Excel files: an archive that is exactly one Office document, without macros, within bounds."""

import mmap
import re
import zipfile
from xml.etree import ElementTree as ET

MB = 1024 * 1024
LARGEST_UNPACKED = 200 * MB
MOST_PARTS = 4_000
LARGEST_LIST = MB
"""Of a part that is read as a tree: a list of parts or of what a part is related to."""
_TYPES = "[Content_Types].xml"
_SAFE_NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\:\x00-\x1f]{1,200}")
_RUNNING = re.compile(
    r"vbaProject|macrosheets|activeX|embeddings/|\.(?:bin|exe|dll|js|vbs|hta|html?|svg)$", re.IGNORECASE
)
_FETCHED = {"attachedTemplate", "oleObject", "frame", "subDocument"}
"""What a program fetches and runs or shows when it opens the file; a hyperlink waits for a click."""
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:(?!///[^/\\\\])|[/\\]{2})", re.IGNORECASE)
"""An address of another machine. A folder of the writer's own (C:, file:///) is common and leads nowhere."""
_DDE = re.compile(rb"ddeLink|DDEAUTO|instrText(?:\s[^<>]{0,200})?>\s*DDE\b|instr\s*=\s*[\"']\s*DDE\b")
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
            return _is_whole(archive) and _declares(archive, part, main_type) and not _fetches(archive)
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
    types = _listed(archive.read(_TYPES))
    declared = {each.get("PartName"): each.get("ContentType") for each in types}
    return part in archive.namelist() and declared.get(f"/{part}") == main_type


def _fetches(archive: zipfile.ZipFile) -> bool:
    """Whether opening it reaches out: a template or object elsewhere, a program asked for its data."""
    for name in archive.namelist():
        if name.endswith(".rels"):
            if any(_leads_out(each) for each in _listed(archive.read(name))):
                return True
        elif name.endswith(".xml") and _DDE.search(archive.read(name)):
            return True
    return False


def _leads_out(relation: ET.Element) -> bool:
    fetched = relation.get("Type", "").rsplit("/", 1)[-1] in _FETCHED
    return fetched and _ELSEWHERE.match(relation.get("Target", "")) is not None


def _listed(xml: bytes) -> ET.Element:
    """A small part as a tree. ValueError for a large one, and for one that defines entities."""
    if len(xml) > LARGEST_LIST or b"\0" in xml or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise ValueError("no list")
    try:
        return ET.fromstring(xml)  # noqa: S314  DOCTYPE and ENTITY are refused above, UTF-16 with its NULs
    except ET.ParseError as error:
        raise ValueError("no list") from error


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
