"""Workflows: each plugin is asked by itself, adds under its own name only, and serves only where it is on."""

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from jiceng.accounts.access import anyone
from jiceng.api import mounting, workflows
from jiceng.api.hooks import JobKind, hookimpl
from jiceng.api.workflows import Workflow, WorkflowBroken
from jiceng.kernel.jobs import Job


@get("/shelf", guards=[anyone])
async def shelf() -> str:
    """A page of the invented plugin."""
    return "shelf"


@hookimpl
def jiceng_pages() -> tuple[object, ...]:
    """One page."""
    return (shelf,)


async def nothing(_: Job) -> None:
    """A job that does nothing."""


@hookimpl(specname="jiceng_jobs")
def own_jobs() -> tuple[JobKind, ...]:
    """A job under the plugin's name."""
    return (JobKind("fair.close", "收摊", nothing),)


@hookimpl(specname="jiceng_jobs")
def foreign_jobs() -> tuple[JobKind, ...]:
    """A job under the core's name."""
    return (JobKind("evaluate", "评定", nothing),)


@hookimpl(specname="jiceng_menu")
def raising() -> None:
    """A hook that fails."""
    raise RuntimeError("no menu today")


@pytest.fixture
def invented() -> Iterator[ModuleType]:
    module = ModuleType("invented_fair")
    module.__file__ = __file__
    sys.modules["invented_fair"] = module
    yield module
    del sys.modules["invented_fair"]


def loaded(name: str = "fair") -> Workflow:
    return workflows.load([EntryPoint(name, "invented_fair", "jiceng.workflows")])[name]


def test_a_plugin_answers_with_pages_and_jobs(invented: ModuleType) -> None:
    vars(invented).update(jiceng_pages=jiceng_pages, own_jobs=own_jobs)
    found = loaded()
    assert found.broken == ""
    assert found.pages == (shelf,)
    assert [kind.name for kind in found.jobs] == ["fair.close"]


def test_a_job_under_another_name_breaks_the_plugin_with_words(invented: ModuleType) -> None:
    vars(invented).update(foreign_jobs=foreign_jobs)
    assert loaded().broken == "ValueError: jobs and schedules must begin with 'fair' and a dot: evaluate"


def test_what_one_raises_leaves_the_others_alone(invented: ModuleType) -> None:
    vars(invented).update(raising=raising)
    points = [
        EntryPoint(name, value, "jiceng.workflows")
        for name, value in (("fair", "invented_fair"), ("gone", "no_such_module"))
    ]
    found = workflows.load(points)
    assert found["fair"].broken == "RuntimeError: no menu today"
    assert found["gone"].broken == "ModuleNotFoundError: No module named 'no_such_module'"


def test_the_service_refuses_to_start_where_a_tenant_relies_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflows, "workflows", lambda: {"fair": Workflow("fair", broken="RuntimeError: x")})
    workflows.refuse_broken({"chengxi": ["points"]})
    with pytest.raises(WorkflowBroken, match="租户 qingshi：插件 fair 不能加载：RuntimeError: x"):
        workflows.refuse_broken({"chengxi": ["points"], "qingshi": ["fair"]})


@pytest.mark.parametrize(("on", "status"), [({"fair"}, 200), ({"points"}, 404), (set(), 404)])
def test_pages_are_absent_where_the_plugin_is_off(
    monkeypatch: pytest.MonkeyPatch, on: set[str], status: int
) -> None:
    monkeypatch.setattr(mounting, "workflows", lambda: {"fair": Workflow("fair", pages=(shelf,))})

    async def leave_plugins(scope: object, receive: object, send: object) -> None:
        scope["state"][mounting.PLUGINS] = on  # type: ignore[index]
        await inner(scope, receive, send)  # type: ignore[arg-type]

    app = Litestar(mounting.routers(), openapi_config=None, logging_config=None)
    inner = app.asgi_handler
    app.asgi_handler = leave_plugins
    with TestClient(app) as client:
        assert client.get("/t/chengxi/fair/shelf").status_code == status


def test_a_plugin_stands_at_its_name_with_dashes() -> None:
    assert mounting.address("star_rating") == "star-rating"
