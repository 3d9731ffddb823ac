"""Which fields a form may carry; what nobody asked for is refused before anything is done (control 15, T26).

A handler that reads its form as a struct (or dataclass) knows that struct's fields by itself. One that reads
names that vary declares them: `@post("/x", opt=known_fields("day", r"line-[0-9]{1,3}"))`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar.handlers.base import BaseRouteHandler

FIELDS = "known_fields"
"""The handler option that names them."""
READS = "reads"
"""The handler option of a POST that changes nothing of a tenant's (looking for a name, signing in, choosing
a language): a suspended tenant answers it.
"""
TOKEN = "_csrf_token"  # noqa: S105 - the name of a field
"""The one field that every form carries."""
TOLD, LONGEST = 5, 40
Names = Collection[str]
"""Regular expressions, each of one whole name or of all names of a kind."""
Asking = Callable[[Mapping[str, Any], Mapping[str, Any]], Names]
"""The names, from the address's parameters and what was sent: where a choice in the form decides them."""


class UnknownFields(Refusal):
    """A form carries fields that nobody asked for: it is not from our page, or the page is an old one."""

    status = 400

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        shown = "、".join("".join(c for c in name if c.isprintable())[:LONGEST] for name in self.names[:TOLD])
        super().__init__(
            "表单里有这个页面没有的字段，什么都没有保存",
            shown,
            "请刷新页面后重新填写",
            what_en="The form carries fields that this page does not have; nothing was saved",
            todo_en="Open the page anew and fill it in again",
        )


class UndeclaredForm(Exception):  # noqa: N818 - named after what is wrong, as every refusal here
    """A handler reads a form of varying names and does not say which: the application does not start."""


def known_fields(*names: str, asking: Asking | None = None) -> dict[str, object]:
    """The handler option that says which names a form may carry."""
    return {FIELDS: (names, asking)}


def unknown(sent: Iterable[str], known: Iterable[str]) -> list[str]:
    """The first names among `sent` that no expression of `known` describes: as many as are told.

    No more, since a form may carry a hundred thousand, and whoever fills it in waits for all the others.
    """
    patterns = [re.compile(one) for one in (TOKEN, *known)]
    strange = (name for name in sent if not any(pattern.fullmatch(name) for pattern in patterns))
    return list(islice(strange, TOLD))


def refuse_unknown(sent: Iterable[str], known: Iterable[str]) -> None:
    """Refuse names that only what is stored can tell apart: lines of a sheet, rows of a roll.

    Raises:
        UnknownFields: some of `sent` are described by none of `known`.
    """
    if strange := unknown(sent, known):
        raise UnknownFields(strange)


def fields_of(
    handler: BaseRouteHandler, parameters: Mapping[str, Any], sent: Mapping[str, Any]
) -> frozenset[str]:
    """What a handler's form may carry, as expressions: of its struct, and what it declares."""
    names, asking = handler.opt.get(FIELDS, ((), None))
    own = _of_type(_form_type(handler)) or ()
    return frozenset({*names, *map(re.escape, own), *(asking(parameters, sent) if asking else ())})


def declares_fields(handler: BaseRouteHandler) -> bool:
    """Whether it is known which fields the handler takes; False for a mapping without the option."""
    kind = _form_type(handler)
    return kind is None or FIELDS in handler.opt or _of_type(kind) is not None


def _form_type(handler: BaseRouteHandler) -> Any:  # noqa: ANN401 - whatever a handler reads a form as
    found = handler.parsed_fn_signature.parameters.get("data")
    return None if found is None else found.annotation


def _of_type(kind: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - see above
    return _fields_in(kind) if isinstance(kind, type) else None


@cache
def _fields_in(kind: type) -> tuple[str, ...] | None:
    if issubclass(kind, msgspec.Struct):
        return tuple(field.encode_name for field in msgspec.structs.fields(kind))
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None
