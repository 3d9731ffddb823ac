"""Key figures and what waits: each reader is asked by itself, only where the plugin is on, only who may."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from jiceng.accounts.access import Permission
from jiceng.accounts.schemas import SignedIn
from jiceng.api import asking
from jiceng.api.hooks import Figure, KeyFigures, MenuEntry, Waiting, Waits
from jiceng.api.workflows import Workflow
from jiceng.kernel.ids import new_id


def somebody(role: str) -> SignedIn:
    return SignedIn(new_id(), role, "周砚秋", role, 1, new_id())


ADMIN, MEMBER = somebody("tenant_admin"), somebody("member")


async def stalls() -> Sequence[Figure]:
    return [Figure(title="摊位", value=3, whole=4, path="stalls")]


async def breaks() -> Sequence[Figure]:
    raise RuntimeError("no figures today")


async def never() -> Sequence[Figure]:
    await asyncio.sleep(60)
    return []


async def complaints(user: SignedIn) -> Sequence[Waiting]:
    return [
        Waiting(title="投诉", count=2, path="complaints", late=user.role == "tenant_admin"),
        Waiting(title="还没有的", count=0),
    ]


async def gone(_: SignedIn) -> Sequence[Waiting]:
    raise KeyError("row")


FAIR = Workflow(
    "fair",
    menu=(MenuEntry("集市", "", Permission.VIEW_HOME),),
    figures=(
        KeyFigures(Permission.VIEW_HOME, breaks),
        KeyFigures(Permission.VIEW_HOME, never),
        KeyFigures(Permission.VIEW_AUDIT, stalls),
    ),
    waiting=(Waits(Permission.VIEW_HOME, gone), Waits(Permission.VIEW_HOME, complaints)),
)


@pytest.fixture(autouse=True)
def one_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "workflows", lambda: {"fair": FAIR})
    monkeypatch.setattr(asking, "PATIENCE", 0.05)


async def test_what_fails_or_hangs_shows_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, asking.log.name):
        (told,) = await asking.figures({"fair"}, ADMIN)
    assert (told.title, told.figures) == (
        "集市",
        (Figure(title="摊位", value=3, whole=4, path="fair/stalls"),),
    )
    assert [record.getMessage() for record in caplog.records] == ["plugin fair does not tell its figures"] * 2


async def test_only_who_has_the_permission_is_told_and_the_demo_is_told_all() -> None:
    assert await asking.figures({"fair"}, MEMBER) == []
    assert len(await asking.figures({"fair"}, None)) == 1


async def test_a_plugin_that_is_off_is_not_asked() -> None:
    assert await asking.figures({"points"}, ADMIN) == []
    assert await asking.waiting({"points"}, ADMIN) == []


async def test_what_waits_is_told_to_the_person_without_empty_lines() -> None:
    assert await asking.waiting({"fair"}, ADMIN) == [
        Waiting(title="投诉", count=2, path="fair/complaints", late=True)
    ]
    (line,) = await asking.waiting({"fair"}, MEMBER)
    assert not line.late
