"""Which fields a form may carry, and how those too many are told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from litestar import Litestar, post
from litestar.params import URLEncodedBody

from jiceng.accounts.access import route_handlers
from jiceng.console.gateway.fields import check_forms
from jiceng.kernel.forms import (
    UndeclaredForm,
    UnknownFields,
    declares_fields,
    fields_of,
    known_fields,
    refuse_unknown,
    unknown,
)


class Asked(msgspec.Struct, rename={"from_": "from"}):
    """A form read as a struct."""

    name: str = ""
    from_: str = ""


@dataclass
class Plain:
    """A form read as a dataclass."""

    version: int = 0


@post("/struct", opt=known_fields(r"line-[0-9]{1,3}"))
async def of_struct(data: URLEncodedBody[Asked]) -> None:
    """Reads a struct, and rows besides."""


@post("/plain")
async def of_dataclass(data: URLEncodedBody[Plain]) -> None:
    """Reads a dataclass."""


def of_kind(_: Mapping[str, Any], sent: Mapping[str, Any]) -> tuple[str, ...]:
    """The field that the kind decides."""
    return (f"{sent.get('kind')}-points",)


@post("/chosen", opt=known_fields("kind", asking=of_kind))
async def of_choice(data: URLEncodedBody[dict[str, str]]) -> None:
    """Reads what a choice in the form decides."""


@post("/nothing")
async def of_nothing() -> None:
    """Reads no form."""


@post("/silent")
async def silent(data: URLEncodedBody[dict[str, str]]) -> None:
    """Reads whatever comes: refused at the start."""


@pytest.mark.parametrize(
    ("path", "sent", "strange"),
    [
        ("/struct", ["name", "from", "_csrf_token", "line-7", "line-999"], []),
        (
            "/struct",
            ["from_", "line-", "line-7x", "Name", "name "],
            ["from_", "line-", "line-7x", "Name", "name "],
        ),
        ("/plain", ["version", "tenant_id"], ["tenant_id"]),
        ("/chosen", ["kind", "step-points", "band-points"], ["band-points"]),
        ("/nothing", ["_csrf_token", "role"], ["role"]),
    ],
)
def test_a_form_carries_what_is_asked_for(path: str, sent: list[str], strange: list[str]) -> None:
    app = Litestar([of_struct, of_dataclass, of_choice, of_nothing], openapi_config=None, logging_config=None)
    handler = next(handler for route, handler in route_handlers(app) if route.path == path)
    known = fields_of(handler, {}, {"kind": "step"})
    assert unknown(sent, known) == strange
    assert declares_fields(handler)


def test_the_refusal_names_the_fields_and_no_more_than_five() -> None:
    sent = ["state", "a\r\nb", "x" * 99, "role", "score", "tenant_id"]
    with pytest.raises(UnknownFields) as refused:
        refuse_unknown(sent, ["name"])
    assert refused.value.status == 400
    assert refused.value.where == f"state、ab、{'x' * 40}、role、score"


def test_a_form_of_very_many_fields_is_told_from_at_its_first_strange_ones() -> None:
    looked_at = []

    def fields() -> Iterator[str]:
        for number in range(100_000):
            looked_at.append(number)
            yield f"strange-{number}"

    with pytest.raises(UnknownFields):
        refuse_unknown(fields(), ["name", r"line-[0-9]{1,3}"])
    assert looked_at == [0, 1, 2, 3, 4]


def test_a_form_of_varying_names_that_says_none_does_not_start() -> None:
    with pytest.raises(UndeclaredForm, match=r"opt=known_fields.*: /silent$"):
        check_forms(Litestar([silent, of_choice], openapi_config=None, logging_config=None))
