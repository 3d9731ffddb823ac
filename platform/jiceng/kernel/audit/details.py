"""Details of an entry as canonical text: what is not an identifier, a count or a date does not get in."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec

from jiceng.kernel.audit.events import FIELDS, Detail

_KEY = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.:-]{1,64}")
"""No seven digits in a row: no telephone and no identity number passes for an identifier."""
_FORMS = {"route": re.compile(r"/[A-Za-z0-9_/{}:.-]{0,119}"), "digest": re.compile(r"[0-9a-f]{64}")}
_OBJECT_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
Object = tuple[str, UUID | int | str | None]
"""What an act is about: a kind (usually its table) and its id; None when it has none."""


def canonical_details(details: Mapping[str, Detail | None]) -> str:
    """Return the details as JSON with sorted keys; those that are None are left out.

    Raises:
        ValueError: a name that is not in the closed list, or a value that is not of its kind.
    """
    plain = {name: _plain(name, value) for name, value in sorted(details.items()) if value is not None}
    return msgspec.json.encode(plain).decode()


def canonical_object(about: Object | None) -> tuple[str, str]:
    """Return kind and id as text ("" for none).

    Raises:
        ValueError: the kind is no plain word.
    """
    if about is None:
        return "", ""
    kind, key = about
    if not _OBJECT_KIND.fullmatch(kind):
        raise ValueError(f"audit: {kind!r} is no kind of object")
    if key is None or key == "":
        return kind, ""
    return kind, str(key) if isinstance(key, UUID | int) else identifier(key)


def identifier(text: str) -> str:
    """Return `text` when it is a plain identifier; a name or free text as a mark of its digest."""
    if _KEY.fullmatch(text):
        return text
    return "~" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(name: str, value: Detail) -> str | int | bool:
    kind = FIELDS.get(name)
    match kind, value:
        case ("flag", bool(told)) | ("count", int(told)) if isinstance(value, bool) == (kind == "flag"):
            return told
        case "id", UUID():
            return str(value)
        case "day", date() if not isinstance(value, datetime):
            return value.isoformat()
        case "key", str():
            return identifier(value)
        case (("route" | "digest"), str(text)) if _FORMS[kind].fullmatch(text):
            return text
        case _:
            raise ValueError(f"audit: detail {name!r} takes {kind or 'nothing'}, not {type(value).__name__}")
