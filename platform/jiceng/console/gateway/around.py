"""The page around an address that only takes forms: where reloading what a refused form answered leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar.routes import HTTPRoute

if TYPE_CHECKING:
    from litestar import Litestar


def page_around(app: Litestar, path: str) -> str | None:
    """The nearest address above `path` that is a page; None where there is none below the tenant's home.

    Told from the shape of the routes alone: whether the page's id exists is for the page to say.
    """
    pages = [
        route.path_components
        for route in app.routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods
    ]
    parts = [part for part in path.split("/") if part]
    for length in range(len(parts) - 1, 1, -1):
        for page in pages:
            if len(page) == length and all(
                not isinstance(wanted, str) or wanted == part
                for wanted, part in zip(page, parts[:length], strict=True)
            ):
                return "/" + "/".join(parts[:length])
    return None
