"""The Jinja environment of every page: all slices' templates, the words, and what the page frame asks for."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import pass_context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.utils.scope.state import ScopeState

from jiceng.accounts.access import Permission, may
from jiceng.api.workflows import workflows
from jiceng.console.frame.figures import amount, day, figure, moment, percent
from jiceng.console.frame.navigation import navigation_for, tenant_path
from jiceng.console.frame.wording import in_english, language_of, say, say_of_many

if TYPE_CHECKING:
    from jinja2.runtime import Context
    from litestar import Request

    from jiceng.kernel.errors import Refusal

SERVICE = Path(__file__).parents[2]
STATIC = Path(__file__).parents[1] / "static"
VENDOR = Path(str(files("js_lib_htmx"))) / "static" / "htmx"
API_VENDOR = Path(str(files("litestar_offline_docs"))) / "static"


def template_folders() -> list[Path]:
    """The templates of every slice (its folder `templates`), the console's first, then those of plugins."""
    own = sorted(SERVICE.glob("*/templates"), key=lambda folder: (folder.parent.name != "console", folder))
    return [*own, *(folder for workflow in workflows().values() for folder in workflow.folders)]


@cache
def static(name: str) -> str:
    """The address of a static file with its content's digest, so a browser may keep it for a year."""
    folder, _, rest = name.partition("/")
    file = {"vendor": VENDOR / rest, "api": API_VENDOR / rest}.get(folder, STATIC / name)
    return f"/static/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def template_engine() -> JinjaTemplateEngine:
    """The engine for the application."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folders()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # no page asks the disk whether its templates changed: they come with the release
    )
    environment.globals.update(
        _=_say,
        of_many=_say_of_many,
        language=_language,
        navigation=_navigation,
        tenant_here=_tenant,
        person_here=_person,
        may=_may,
        at=_at,
        csrf_token=_csrf_token,
        static=static,
    )
    environment.filters.update(
        figure=figure,
        amount=amount,
        day=day,
        moment=moment,
        percent=percent,
        what=_what,
        where=_where,
        todo=_todo,
    )
    return JinjaTemplateEngine.from_environment(environment)


def _request(context: Context) -> Request[Any, Any, Any]:
    request: Request[Any, Any, Any] = context["request"]
    return request


@pass_context
def _say(context: Context, text: str, **values: object) -> str:
    plugin = (context.name or "").partition("/")[0]  # templates lie in a folder of their plugin's name
    return say(text, language_of(_request(context)), values, plugin=plugin)


@pass_context
def _say_of_many(context: Context, title: str) -> str:
    return say_of_many(title, language_of(_request(context)))


@pass_context
def _what(context: Context, refused: Refusal) -> str:
    """What a refusal says is wrong."""
    return _told(context, refused.what_zh, refused.what_en)


@pass_context
def _where(context: Context, refused: Refusal) -> str:
    """Where, in brackets."""
    place = _told(context, refused.where, "")
    return f"（{place}）" if language_of(_request(context)) == "zh" else f" ({place})"


@pass_context
def _todo(context: Context, refused: Refusal) -> str:
    """What it says is to be done."""
    return _told(context, refused.todo_zh, refused.todo_en)


def _told(context: Context, chinese: str, own: str) -> str:
    language = language_of(_request(context))
    return in_english(chinese, own) or chinese if language == "en" else chinese


@pass_context
def _language(context: Context) -> str:
    return language_of(_request(context))


@pass_context
def _navigation(context: Context) -> object:
    return navigation_for(_request(context))


@pass_context
def _tenant(context: Context) -> object:
    return _request(context).scope["state"].get("tenant")


@pass_context
def _person(context: Context) -> object:
    return _request(context).scope.get("user")


@pass_context
def _may(context: Context, permission: str) -> bool:
    user = _request(context).scope.get("user")
    return user is not None and may(user, Permission(permission))


@pass_context
def _at(context: Context, path: str) -> str:
    return tenant_path(_request(context).scope["state"]["tenant"].slug, path)


@pass_context
def _csrf_token(context: Context) -> object:
    return ScopeState.from_scope(_request(context).scope).csrf_token or ""
