"""PNG and JPEG by their structure to the last byte, so that nothing can hang behind a picture."""

import mmap
import re
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_LENGTH_KIND_SUM = 12
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
"""Neither filling, escaped data nor a restart. One search: a loop over a file of fillings takes minutes."""


def is_png(content: bytes | mmap.mmap) -> bool:
    """Whether every chunk is whole, the first is IHDR, and IEND is the end of the file."""
    if content[:8] != _PNG:
        return False
    at, first = len(_PNG), True
    while at + _LENGTH_KIND_SUM <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + _LENGTH_KIND_SUM + length
        if end > len(content) or (first and content[at + 4 : at + 8] != b"IHDR"):
            return False
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            return False
        if content[at + 4 : at + 8] == b"IEND":
            return end == len(content)
        at, first = end, False
    return False


def is_jpeg(content: bytes | mmap.mmap) -> bool:
    """Whether the segments lead from the start marker to an end marker that is the end of the file."""
    if content[:3] != b"\xff\xd8\xff":
        return False
    at, scanned = 2, False
    while at + 2 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - the byte before every marker
        marker = content[at + 1]
        if marker == _END:
            return scanned and at + 2 == len(content)
        if marker in _BARE_MARKERS or marker == 0xFF:  # noqa: PLR2004 - 0xFF before a marker is filling
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004 - as above
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2:  # noqa: PLR2004 - the length counts its own two bytes
            return False
        at += 2 + length
        if marker == _SCAN:
            at, scanned = _after_scan(content, at), True
    return False


def _after_scan(content: bytes | mmap.mmap, at: int) -> int:
    """The place of the next marker."""
    found = _MARKER.search(content, at)
    return found.start() if found else len(content)
