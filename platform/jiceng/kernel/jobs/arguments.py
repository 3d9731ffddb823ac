"""A job's arguments: identifiers and numbers only, so that no table or log holds somebody's data."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

Argument = str | int | bool | None | UUID | date
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:/+-]{0,120}")


def encode_arguments(arguments: Mapping[str, Argument]) -> str:
    """Return `arguments` as JSON; UUIDs and dates become text.

    Raises:
        ValueError: an argument is no identifier (free text, a float, a list): store it and pass its id.
    """
    for name, value in arguments.items():
        if isinstance(value, bool | int | None | UUID | date):
            continue
        if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
            raise ValueError(f"job argument {name!r} is no identifier; store the value and pass its id")
    return msgspec.json.encode(dict(arguments)).decode()


def decode_arguments(text: str) -> dict[str, str | int | bool | None]:
    """Read arguments back; UUIDs and dates stay text."""
    return msgspec.json.decode(text, type=dict[str, str | int | bool | None])
