"""The web application: every slice's routes, behind the gate, with the pools it needs. No rules in here."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn
from litestar import Litestar
from litestar.datastructures import State
from litestar.template import TemplateConfig

from jiceng.accounts import web as accounts
from jiceng.accounts.access import check_routes
from jiceng.api import mounting
from jiceng.api.workflows import refuse_broken
from jiceng.console import web as console
from jiceng.console.frame.pages import template_engine
from jiceng.console.gateway.acts import tell_of_refusal
from jiceng.console.gateway.csrf import csrf_guard
from jiceng.console.gateway.errors import HANDLERS
from jiceng.console.gateway.fields import check_forms, fields_guard
from jiceng.console.gateway.front import Front
from jiceng.console.gateway.gate import Gate, gate_guard
from jiceng.console.programs import documents, watching
from jiceng.console.programs.documents import openapi_config
from jiceng.console.records.record_pages import record_routes
from jiceng.evaluation import rest as evaluation_rest
from jiceng.evaluation import web as evaluation
from jiceng.evaluation.results import web as outcomes
from jiceng.evaluation.rulings import web as rulings
from jiceng.evaluation.trial import web as trials
from jiceng.facts import rest as facts_rest
from jiceng.facts import web as facts
from jiceng.facts.ballots import rest as ballots_rest
from jiceng.facts.ballots import web as ballots
from jiceng.facts.campaigns import rest as campaigns_rest
from jiceng.facts.imports.fitting import objections as facts_that_do_not_fit
from jiceng.kernel.database import close, connect
from jiceng.kernel.database.selfcheck import refuse_bad_roles
from jiceng.kernel.errors import Refusal, Unavailable
from jiceng.kernel.files import keep_files_in
from jiceng.kernel.jobs.bell import close_bell, open_bell
from jiceng.kernel.limits import Limit
from jiceng.kernel.privacy import keep_memory_private
from jiceng.kernel.watching.logs import configure_logs
from jiceng.operations import web as operations
from jiceng.publication import web as publication
from jiceng.roster import rest as roster_rest
from jiceng.roster import web as roster
from jiceng.schemes import rest as schemes_rest
from jiceng.schemes import web as schemes
from jiceng.schemes.editing.objecting import ask_before_publishing
from jiceng.schemes.host import check_plugins
from jiceng.schemes.periods import web as periods
from jiceng.tenancy.queries import plugins_by_tenant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from litestar.types import ASGIApp, ControllerRouterHandler

    from jiceng.kernel.settings import Settings

LARGEST_BODY = 1024 * 1024
STOP_WITHIN = 10


def create_app(settings: Settings, *, own_database: bool = True) -> Litestar:
    """The application; it opens the database pools at start unless somebody else did (`own_database=False`).

    Raises:
        UnguardedRoute: a route declares no permission.
        UndeclaredForm: a form does not say which fields it has.
    """

    @asynccontextmanager
    async def database(_: Litestar) -> AsyncIterator[None]:
        await connect(settings)
        open_bell(settings.redis_url)
        try:
            await refuse_bad_roles(production=settings.production)
            yield
        finally:
            await close_bell()
            await close()

    keep_files_in(settings)
    ask_before_publishing("facts", facts_that_do_not_fit)
    app = Litestar(
        _routes(),
        guards=[gate_guard, csrf_guard, fields_guard],
        exception_handlers=HANDLERS,
        after_exception=[tell_of_refusal],
        template_config=TemplateConfig(instance=template_engine()),
        state=State({"settings": settings}),
        request_max_body_size=LARGEST_BODY,
        lifespan=[database] if own_database else [],
        openapi_config=openapi_config(production=settings.production),
        include_in_schema=False,
        debug=False,
        logging_config=None,
    )
    check_routes(app)
    check_forms(app)
    app.asgi_handler = behind_the_front(app.asgi_handler, settings)
    return app


def behind_the_front(routed: ASGIApp, settings: Settings) -> Front:
    """Put the gate and the front, which is where most settings count, before what serves the routes."""
    api = Limit("api", settings.api_per_minute, 60 / settings.api_per_minute)
    return Front(Gate(routed, production=settings.production, api=api), settings)


def _routes() -> list[ControllerRouterHandler]:
    """Every slice's pages in the order of an appraisal, then the API's operations, then the plugins'."""
    return [
        console.router,
        accounts.router,
        roster.router,
        schemes.router,
        periods.router,
        facts.router,
        ballots.router,
        evaluation.router,
        outcomes.router,
        trials.router,
        rulings.router,
        publication.router,
        operations.router,
        record_routes(),
        documents.router,
        watching.router,
        roster_rest.rest_router,
        schemes_rest.rest_router,
        facts_rest.rest_router,
        ballots_rest.rest_router,
        campaigns_rest.rest_router,
        evaluation_rest.rest_router,
        *mounting.routers(),
    ]


def serve(settings: Settings) -> None:
    """Serve until stopped. Unavailable, naming the port and JICENG_PORT, when the port is taken."""
    listening = bind(settings.host, settings.port)
    refuse_any_host(settings)
    asyncio.run(refuse_unready(settings))
    keep_memory_private(production=settings.production)
    configure_logs(
        production=settings.production, level=logging.INFO if settings.production else logging.WARNING
    )
    config = uvicorn.Config(
        create_app(settings),
        access_log=False,  # addresses of invitations must not be written anywhere
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_WITHIN,
        lifespan="on",
    )
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def refuse_any_host(settings: Settings) -> None:
    """In production the names the service answers to are stated: links are made from the Host header.

    Raises:
        Refusal: JICENG_HOSTS is not set.
    """
    if settings.production and not settings.hosts:
        raise Refusal(
            "生产模式必须写明对外的主机名",
            "JICENG_HOSTS",
            "请设置 JICENG_HOSTS，多个主机名用逗号隔开",
            what_en="production mode must state the host names it serves",
            todo_en="set JICENG_HOSTS to them, separated by commas",
        )


async def refuse_unready(settings: Settings) -> None:
    """Look at roles, tables and plugins before serving, so that what is wrong is said in words.

    Raises:
        Refusal: the database does not answer, a role is too powerful, a tenant's plugin is missing.
    """
    await connect(settings)
    try:
        await refuse_bad_roles(production=settings.production)
        wanted = await plugins_by_tenant()
        check_plugins(wanted)
        refuse_broken(wanted)
    finally:
        await close()


def bind(host: str, port: int) -> socket.socket:
    """A socket listening at the address, or Unavailable with the way out."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise _cannot_listen(host, port, error) from error
    return listening


_FREE = "stop the program that uses it, or set JICENG_PORT to another port"
_ABOVE = "set JICENG_PORT to a port above 1023"
_OURS = "set JICENG_HOST to an address of this machine"


def _cannot_listen(host: str, port: int, error: OSError) -> Unavailable:
    """What is wrong with the port, or with the address, each with its own setting and way out."""
    reason, todo, todo_en = {
        errno.EADDRINUSE: (
            "端口已被占用",
            "请停掉占用它的程序，或者设置环境变量 JICENG_PORT 换一个端口",
            _FREE,
        ),
        errno.EACCES: ("没有权限使用这个端口", "请设置环境变量 JICENG_PORT 换成 1024 以上的端口", _ABOVE),
    }.get(error.errno or 0, ("这台机器没有这个地址", "请把环境变量 JICENG_HOST 改成这台机器的地址", _OURS))
    where = f"JICENG_HOST={host}" if todo_en == _OURS else f"JICENG_PORT={port}"
    return Unavailable(
        f"不能在 {host}:{port} 提供服务：{reason}",
        where,
        todo,
        what_en=f"cannot listen on {host}:{port}: {error.strerror}",
        todo_en=todo_en,
    )
