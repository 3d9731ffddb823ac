"""One-token changes of a rulebook: a number, bound, comparison or word; what nobody evaluates stays."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from jiceng_sdk.cases.words import ENUMERATIONS, Words
from jiceng_sdk.expressions.tokens import ParseFault, Token, tokens

Key = str | int
Raw = dict[str, Any]

NOT_EVALUATED = frozenset({
    "title", "clause", "basis", "unit", "subject", "period", "source", "scheme", "ask", "calendar",
    # names of parts: another name is another rulebook, and the reader refuses most of them
    "kind", "do", "from", "within", "cohort", "by", "each", "grades",
})  # fmt: skip
"""Prose, what says where things come from rather than what they are worth, and the holidays, which others
set.
"""
FORMULAS = frozenset({
    "points", "when", "value", "start", "cap", "floor", "for", "gate", "restored", "base", "skip", "rank",
    "quorum", "drop", "aim", "of", "score",
})  # fmt: skip
_OTHER = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "+": "-", "-": "+", "*": "/", "/": "*",
    "and": "or", "or": "and", "not": "", "true": "false", "false": "true", "min": "max", "max": "min",
}  # fmt: skip


class Mutant(Struct, frozen=True, kw_only=True):
    """A changed rulebook; `path` as in faults, `before` and `after` as written."""

    path: str
    before: str
    after: str
    raw: Raw


def mutants(raw: Raw) -> Iterator[Mutant]:
    """Every one-token change, in the order of the file."""
    words = Words(raw)
    for keys, value in _leaves(raw, ()):
        for after in _changes(keys, value, words):
            yield Mutant(
                path=path_of(keys), before=_written(value), after=_written(after), raw=_with(raw, keys, after)
            )
    for keys, before, after in _renamed_windows(raw):
        changed = deepcopy(raw)
        table = _at(changed, keys)
        items = [(after if key == before else key, value) for key, value in table.items()]
        table.clear()
        table.update(items)
        yield Mutant(path=path_of((*keys, before)), before=before, after=after, raw=changed)


def path_of(keys: Sequence[Key]) -> str:
    """`items.dues.checks[0].when`."""
    path = ""
    for key in keys:
        path += f"[{key}]" if isinstance(key, int) else f".{key}" if path else key
    return path


def _leaves(value: Any, keys: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], Any]]:  # noqa: ANN401 - TOML data
    if isinstance(value, dict):
        for key, below in value.items():
            if not (_part_key(keys) and key in NOT_EVALUATED):
                yield from _leaves(below, (*keys, key))
    elif isinstance(value, list):
        for n, below in enumerate(value):
            yield from _leaves(below, (*keys, n))
    else:
        yield keys, value


def _part_key(keys: tuple[Key, ...]) -> bool:
    """Whether keys at this depth are the vocabulary's (and not names the author gave)."""
    named = len(keys) == 1 and keys[0] in (
        "facts",
        "items",
        "groups",
        "outputs",
        "area",
        "classes",
        "presets",
    )
    fields = len(keys) == 3 and keys[2] == "fields"  # noqa: PLR2004 - facts, its name, fields
    return not named and not fields


def _changes(keys: tuple[Key, ...], value: Any, words: Words) -> Iterator[Any]:  # noqa: ANN401 - TOML data
    key = next((key for key in reversed(keys) if isinstance(key, str)), "")
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield from _numbers(value)
    elif isinstance(value, str) and (key in FORMULAS or keys[0] == "classes") and not _is_name(keys):
        yield from _formula(value, words)
    elif isinstance(value, str):
        yield from _words(keys, key, value, words)


def _is_name(keys: tuple[Key, ...]) -> bool:
    """Names of members in `of` lists of groups, and the header's `score`."""
    return keys[0] == "score" or (keys[0] == "groups" and len(keys) > 2 and keys[2] == "of")  # noqa: PLR2004 - groups, name, of


def _numbers(value: int | Decimal) -> Iterator[int | Decimal]:
    """One unit of the last place written, up and down."""
    unit = Decimal(1).scaleb(int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 1
    yield value + unit
    yield value - unit


def _words(keys: tuple[Key, ...], key: str, value: str, words: Words) -> Iterator[str]:
    if keys[0] == "facts" and (key in ("options", "fields") or keys[-2:-1] == ("fields",)):
        if value not in ("number", "flag", "choice", "date", "text"):
            yield f"{value}改"
    elif key == "out":
        yield f"{value}改"
    elif key in ("grade", "at_most", "at_least", "first", "below"):
        yield from words.beside_grade(value)
    elif key == "absent":
        yield from words.beside(value)
    elif key in ENUMERATIONS:
        yield from (word for word in ENUMERATIONS[key] if word != value)


def _formula(text: str, words: Words) -> Iterator[str]:
    try:
        parts = tokens(text)
    except ParseFault:
        return
    for n, token in enumerate(parts):
        if [part.text for part in parts[n - 2 : n]] == [",", "["] and parts[n + 1].text == "]":
            yield text[: token.at] + text[token.at + len(token.text) :]  # everybody instead of a cohort
            continue
        for after in _token(token, parts[n - 1] if n else None, words):
            yield text[: token.at] + after + text[token.at + _length(token, text) :]


def _length(token: Token, text: str) -> int:
    """Characters of the token as written (`≤` is one)."""
    return 1 if text[token.at : token.at + 1] in "≤≥≠" else len(token.text)


def _written(value: object) -> str:
    """A value as TOML writes it: true, not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _token(token: Token, before: Token | None, words: Words) -> Iterator[str]:
    if token.kind == "number":
        percent = token.text.endswith("%")
        for value in _numbers(Decimal(token.text.rstrip("%"))):
            if value >= 0:
                yield f"{value:f}{'%' if percent else ''}"
    elif token.kind == "text":
        yield from (f"'{word}'" for word in (*words.beside(token.text[1:-1]), *_days(token.text[1:-1])))
    elif token.text == "-" and (before is None or before.text in ("(", ",", "[", "if", "*", "/")):
        yield ""
    elif token.text in _OTHER:
        yield _OTHER[token.text]
    elif token.kind == "name":
        yield from words.like(token.text)


def _days(word: str) -> Iterator[str]:
    """The days beside a day."""
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return
    yield from ((day + timedelta(days=by)).isoformat() for by in (-1, 1))


def _renamed_windows(raw: Raw) -> Iterator[tuple[tuple[Key, ...], str, str]]:
    """The windows of `keep` and `limit`, which are keys of tables."""
    for name, item in raw.get("items", {}).items():
        for section in ("keep", "limit"):
            windows = item.get(section, {})
            for window in windows:
                for other in ENUMERATIONS["merge"]:
                    if window in ENUMERATIONS["merge"] and other not in windows:
                        yield ("items", name, section), window, other


def _at(raw: Raw, keys: Sequence[Key]) -> Any:  # noqa: ANN401 - TOML data
    part: Any = raw
    for key in keys:
        part = part[key]
    return part


def _with(raw: Raw, keys: Sequence[Key], value: Any) -> Raw:  # noqa: ANN401 - TOML data
    changed = deepcopy(raw)
    _at(changed, keys[:-1])[keys[-1]] = value
    return changed
