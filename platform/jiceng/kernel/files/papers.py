"""PDF: from its first byte to its end mark, with nothing hung on before or behind."""

import mmap
import re
from collections.abc import Iterator

_VERSION = re.compile(rb"%PDF-[12]\.[0-9][\r\n\s]")
_ENDS_WITHIN = 64
_ARCHIVE_ENDS_WITHIN = 66_000


def _spelt(name: str) -> bytes:
    """The expression of a name as readers take it: /J#61vaScript is /JavaScript."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name).encode()


_RUNNING = ("JavaScript", "JS", "Launch", "EmbeddedFile", "RichMedia")
_RUNS = re.compile(
    b"/(?:%b|%b\\s*<<\\s*/S\\s*/%b)(?![A-Za-z0-9#])"
    % (b"|".join(map(_spelt, _RUNNING)), _spelt("OpenAction"), _spelt("URI"))
)


def is_pdf(content: bytes | mmap.mmap) -> bool:
    """Whether it begins with %PDF, ends with %%EOF, is no archive as well, and names nothing that runs.

    What hides inside compressed streams is for the virus scanner; this keeps out what is in the open.
    """
    tail = content[-_ENDS_WITHIN:].rstrip(b"\r\n\t \0")
    return (
        _VERSION.match(content) is not None
        and tail.endswith(b"%%EOF")
        and b"PK\x05\x06" not in content[-_ARCHIVE_ENDS_WITHIN:]
        and not any(_RUNS.search(part) for part in _outside_streams(content))
    )


def _outside_streams(content: bytes | mmap.mmap) -> Iterator[bytes]:
    """What stands in the open. In compressed data every short word turns up by chance."""
    at = 0
    while (begins := content.find(b"stream", at)) >= 0:
        yield bytes(content[at:begins])
        ends = content.find(b"endstream", begins + len(b"stream"))
        at = ends + len(b"endstream") if ends >= 0 else len(content)
    yield bytes(content[at:])
