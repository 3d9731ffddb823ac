"""Two rulebooks that mean the same: their normal forms are equal. A mutant that means the same needs no case.

Windows that hold a whole period (or a whole month of an item computed per month) are that period: `year` in a
yearly rulebook, `quarter` in one per quarter. The `combine` of an item without rows is read by nobody.
"""

from typing import Any

from msgspec import structs, to_builtins

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Item, Rulebook
from jiceng_sdk.rulebook.parts import MONTHS

_LENGTH = {"day": 0, **MONTHS}


def normal_form(book: Rulebook) -> Any:  # noqa: ANN401 - plain data
    """Plain data that is equal for rulebooks that mean the same."""
    items = {name: _item(book, item) for name, item in book.items.items()}
    return to_builtins(structs.replace(book, items=items), enc_hook=_text, str_keys=True)


def _text(value: object) -> str:
    if isinstance(value, Formula):
        return value.text
    raise NotImplementedError(type(value))


def _item(book: Rulebook, item: Item) -> Item:
    fact = book.facts.get(item.from_ or "")
    if fact is None or not fact.rows:
        return structs.replace(item, combine="sum")
    span = _LENGTH[item.each or book.period]

    def whole(window: str) -> str:
        return "period" if window in MONTHS and MONTHS[window] >= span else window

    return structs.replace(
        item,
        merge=None if item.merge is None else whole(item.merge),
        keep={whole(window): most for window, most in item.keep.items()},
        limit=tuple(structs.replace(limit, per=whole(limit.per)) for limit in item.limit),
    )
