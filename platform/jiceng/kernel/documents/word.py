"""Word files from a template: its marks are filled in a sandbox, what is filled in stays text."""

from __future__ import annotations

import asyncio
import io
import re
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML file may hold."""


async def word(template: Path, values: Mapping[str, Any]) -> bytes:
    """Fill a .docx template; made in a thread.

    The template's expressions run in a sandbox: no attribute that begins with an underscore, nothing changed.
    A mark without a value raises UndefinedError.
    """
    return await asyncio.to_thread(_fill, template, values)


def _fill(template: Path, values: Mapping[str, Any]) -> bytes:
    from docxtpl import DocxTemplate  # noqa: PLC0415 - most processes never write a Word file

    paper = DocxTemplate(io.BytesIO(template.read_bytes()))
    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    paper.render(_printable(values), sandbox, autoescape=True)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _printable(value: Any) -> Any:  # noqa: ANN401 - any value of a template
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value
