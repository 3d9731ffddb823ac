"""PDF: from its first byte to its end mark, with nothing hung on before or behind."""

import mmap
import re
from collections.abc import Iterator

_VERSION = re.compile(rb"%PDF-[12]\.[0-9][\r\n\s]")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENDS_WITHIN = 64
_ARCHIVE_ENDS_WITHIN = 66_000
_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|OpenAction\s*<<\s*/S\s*/URI)\b")


def is_pdf(content: bytes | mmap.mmap) -> bool:
    """Whether it begins with %PDF, ends with %%EOF, is no archive as well, and names nothing that runs.

    What hides inside compressed streams is for the virus scanner; this keeps out what is in the open.
    """
    tail = content[-_ENDS_WITHIN:].rstrip(b"\r\n\t \0")
    return (
        _VERSION.match(content) is not None
        and tail.endswith(b"%%EOF")
        and b"PK\x05\x06" not in content[-_ARCHIVE_ENDS_WITHIN:]
        and not any(_RUNS.search(_read(part)) for part in _outside_streams(content))
    )


def _read(part: bytes) -> bytes:
    """Names as a reader reads them: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), part)


def _outside_streams(content: bytes | mmap.mmap) -> Iterator[bytes]:
    """What stands in the open. In compressed data every short word turns up by chance."""
    at = 0
    while (begins := content.find(b"stream", at)) >= 0:
        yield bytes(content[at:begins])
        ends = content.find(b"endstream", begins + len(b"stream"))
        at = ends + len(b"endstream") if ends >= 0 else len(content)
    yield bytes(content[at:])
