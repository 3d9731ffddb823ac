"""The words of the screens: Chinese as written in the templates, English from the catalog `locale/en`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from babel.messages.pofile import read_po

from jiceng.api.workflows import workflows
from jiceng.console.frame import composed
from jiceng.console.frame.composed import Told, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar.connection import ASGIConnection

Language = Literal["zh", "en"]

LANGUAGE_COOKIE = "jiceng-language"
CATALOG = Path(__file__).parents[1] / "locale" / "en" / "console.po"
_APART = "\x04"
"""Between a message's context and the message, as in gettext's own files."""
COMPOSED = "composed.po"
"""Beside a catalog: sentences that are put together, each shape with its English."""


@cache
def english() -> Mapping[str, str]:
    """The English catalog, Chinese message → English; an untranslated message is absent.

    Plugins add the words of their own pages; where both have a word, the core's English stands.
    """
    added = [path for workflow in workflows().values() for path in workflow.catalogs]
    found: dict[str, str] = {}
    for path in (*added, CATALOG.with_name(COMPOSED), CATALOG):
        found |= _catalog(path)
    return found


@cache
def _english_of(plugin: str) -> Mapping[str, str]:
    """The English of a plugin's pages: its own words first, whatever others have for the same Chinese."""
    workflow = workflows().get(plugin)
    if workflow is None:
        return english()
    own = [_catalog(path) for path in workflow.catalogs if path.name != COMPOSED]
    return {**english(), **{text: words for catalog in own for text, words in catalog.items()}}


def _catalog(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalog = read_po(file)
    return {
        (f"{message.context}{_APART}" if message.context else "") + str(message.id): str(message.string)
        for message in catalog
        if message.id and message.string
    }


@cache
def _shapes() -> tuple[Told, ...]:
    """The put-together sentences of the core and of the plugins."""
    added = [path for workflow in workflows().values() for path in workflow.catalogs if path.name == COMPOSED]
    found: dict[str, str] = {}
    for path in (*added, CATALOG.with_name(COMPOSED)):
        found |= _catalog(path)
    return shapes(found)


def in_english(chinese: str, own: str) -> str:
    """What a refusal says, in English: the catalog's words, or its `own`; empty when there are neither."""
    found = english().get(chinese) or own[:1].upper() + own[1:]
    return found or composed.in_english(chinese, english(), _shapes())


def language_of(connection: ASGIConnection) -> Language:  # type: ignore[type-arg]
    """The language a browser asked for with the switch in the page head; Chinese unless it did."""
    return "en" if connection.cookies.get(LANGUAGE_COOKIE) == "en" else "zh"


def say(
    text: str, language: Language, values: Mapping[str, object] | None = None, *, plugin: str = ""
) -> str:
    """`text` (a Chinese msgid) in `language`, with `%(name)s` filled from `values`; on a page of `plugin`."""
    words = (_english_of(plugin).get(text) or _put_together(text)) if language == "en" else text
    return words % values if values else words


def say_of_many(title: str, language: Language) -> str:
    """The name of a place that lists many: English has its plural there (context `many` of the catalog)."""
    many = english().get(f"many{_APART}{title}") if language == "en" else None
    return many or say(title, language)


def _put_together(text: str) -> str:
    """A sentence without words of its own in the catalog; as it is where it holds Chinese nobody wrote."""
    return (composed.in_english(text, english(), _shapes()) or text) if composed.has_chinese(text) else text
