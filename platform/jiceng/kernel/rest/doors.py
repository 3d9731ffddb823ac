"""Routers and parameters of the API."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post
from litestar.exceptions import ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.types import Guard

from jiceng.kernel.forms import READS
from jiceng.kernel.rest.problems import MEDIA_TYPE, Problem

ROOT = "/api/v1"
MOST_ON_A_PAGE = 200
LAST_PAGE = 100_000
LARGEST_BODY = 4 * 1024 * 1024
LARGEST_SEARCH = 16 * 1024
Looked = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=64, description="A part of the name, or the whole number.", examples=["D001"]
    ),
]
"""A name that is looked for: in a body, never in an address (control 39)."""
PageWanted = Annotated[int, msgspec.Meta(ge=1, le=LAST_PAGE)]
SizeWanted = Annotated[int, msgspec.Meta(ge=1, le=MOST_ON_A_PAGE)]
PageNumber = Annotated[int, QueryParameter(ge=1, le=LAST_PAGE, description="Page, from 1.")]
PageSize = Annotated[int, QueryParameter(ge=1, le=MOST_ON_A_PAGE, description="Items to a page.")]
Day = Annotated[dt.date | None, QueryParameter(description="The day asked about; today when left out.")]
KEY_HEADER = "Idempotency-Key"
Key = Annotated[
    str,
    HeaderParameter(
        name=KEY_HEADER,
        min_length=8,
        max_length=100,
        pattern="^[A-Za-z0-9_.:-]+$",
        description="A fresh key for each write. Sent again with the same request within a day, the first"
        " answer is given again and nothing happens twice.",
    ),
]
_PROBLEMS = {
    400: "The request cannot be understood.",
    401: "No valid token was sent.",
    403: "The token may not do this.",
    404: "There is no such thing here.",
    429: "Too many requests; Retry-After says when to come again.",
    500: "A mistake of the program; nothing was kept.",
    503: "The service is busy; try again later.",
}
_PROBLEMS_OF_SEARCHES = _PROBLEMS | {
    413: "The body is too large.",
    422: "What was sent has faults; all of them are told.",
}
_PROBLEMS_OF_WRITES = _PROBLEMS | {
    409: "It was changed or done by somebody else.",
    413: "The body is too large.",
    422: "What was sent has faults; all of them are told.",
}


def is_api(path: str) -> bool:
    """Whether an address belongs to the API."""
    return path.startswith("/api/")


def read(path: str, guards: Sequence[Guard]) -> get:
    """The decorator of an operation that reads."""
    return get(path, guards=guards, responses=_told(_PROBLEMS))


def search(path: str, guards: Sequence[Guard]) -> post:
    """The decorator of an operation that reads by what its body says; it changes nothing, so no `Key`."""
    return post(
        path,
        guards=guards,
        status_code=200,
        responses=_told(_PROBLEMS_OF_SEARCHES),
        request_max_body_size=LARGEST_SEARCH,
        opt={READS: True},
    )


def write(path: str, guards: Sequence[Guard], status: int) -> post:
    """The decorator of an operation that writes; its function takes a `Key` and answers through `once`."""
    return post(
        path,
        guards=guards,
        status_code=status,
        responses=_told(_PROBLEMS_OF_WRITES),
        request_max_body_size=LARGEST_BODY,
    )


async def refuse_unknown_parameters(request: Request[Any, Any, Any]) -> None:
    """A misspelt filter is told, not ignored: it would answer with everything.

    Raises:
        ValidationException: naming every parameter in the address that the operation does not have.
    """
    known = set(request.route_handler.parsed_fn_signature.parameters) - {
        "request",
        "data",
        *request.path_params,
    }
    strange = [name for name in request.query_params if name not in known]
    if strange:
        told = [{"message": f"Object contains unknown field `{name[:60]}`", "key": "?"} for name in strange]
        raise ValidationException(extra=told)


def operations(handlers: Sequence[Any], tag: str) -> Router:
    """The router of a slice's operations, below /api/v1/t/<tenant>; they are in the OpenAPI document."""
    return Router(
        f"{ROOT}/t/{{tenant:str}}",
        route_handlers=handlers,
        include_in_schema=True,
        tags=[tag],
        security=[{"token": []}],
        before_request=refuse_unknown_parameters,
    )


def _told(problems: Mapping[int, str]) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(Problem, description=words, media_type=MEDIA_TYPE, generate_examples=False)
        for status, words in problems.items()
    }
