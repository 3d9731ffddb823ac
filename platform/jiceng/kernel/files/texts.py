"""Plain text and CSV: readable in UTF-8 or GB 18030, without control characters, without markup."""

import mmap
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|!--|\?xml|/?(?:html|head|body|script|svg|iframe|img|object|embed|link|style|meta|form|a)\b)",
    re.IGNORECASE,
)

_OTHERS = frozenset({b"%PDF-", b"{\\rtf", b"%!PS-"})
"""First bytes of kinds that happen to be written in letters."""


def is_text(content: bytes | mmap.mmap) -> bool:
    """Whether a person would call it text, and no browser or reader could take it for something else."""
    if content[:5] in _OTHERS or content[:2] == b"#!":
        return False
    text = decoded(bytes(content))
    return text is not None and _CONTROL.search(text) is None and _MARKUP.search(text) is None


def decoded(content: bytes) -> str | None:
    """The text, or None when it is in neither encoding."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
