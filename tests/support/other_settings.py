"""The application with other settings: the routes are the same; checking them again takes half a second."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from litestar.datastructures import State

from jiceng.app import behind_the_front
from jiceng.console.gateway.front import Front
from jiceng.console.gateway.gate import Gate

if TYPE_CHECKING:
    from litestar import Litestar

    from jiceng.kernel.settings import Settings


def with_settings(app: Litestar, settings: Settings) -> Litestar:
    """`app` with `settings`, its limits fresh; what depends on production mode stays as it was built."""
    other = copy.copy(app)
    front = app.asgi_handler
    assert isinstance(front, Front)
    assert isinstance(front._app, Gate)
    other.state = State({"settings": settings})
    other.asgi_handler = behind_the_front(front._app._app, settings)
    return other
