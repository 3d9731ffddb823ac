"""Trials: a draft on the tenant's current data, against the rules in force; nothing is stored."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import msgspec
import pytest
from tests.support.appraisal import DAY, claimed, small_town, with_points

from jiceng.accounts.scope import EVERYTHING, looking
from jiceng.evaluation.trial import asking, known
from jiceng.evaluation.trial.asking import Refused, Waiting, ask, last_good
from jiceng.evaluation.trial.ground import GROUNDS, inputs_for
from jiceng.evaluation.trial.movers import movers
from jiceng.evaluation.trial.schemas import Trial
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.schemes.queries import rulebook_for
from jiceng_sdk.rulebook import Rulebook, read_rulebook, to_toml

People = dict[str, str]
LONG = 30.0
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    """D001: 80 points, D002: 75, D003: 50, D004: nothing; D005 has 60 of required and chosen ones."""
    GROUNDS.clear()
    asking.forget()
    with tenant_scope(two_tenants[0]):
        people = await small_town(5)
        await with_points()
        await claimed(people["D001"], 5, [10, 20])
        await claimed(people["D002"], 5, [5, 20])
        await claimed(people["D003"], 5)
        await claimed(people["D005"], 5, [10])
        yield people


async def changed(*changes: tuple[str, str]) -> Rulebook:
    text = to_toml((await rulebook_for("points", date(2026, 12, 31))).book)
    for old, new in changes:
        assert old in text, text
        text = text.replace(old, new)
    return read_rulebook(text, "draft.toml")


LOWER = [("score >= 80", "score >= 75"), ("60 <= score < 80", "60 <= score < 75")]


async def tried(book: Rulebook, draft: UUID | None = None, revision: int = 1) -> Trial:
    with clock.showing(NOW):
        answer = await ask("points", draft or uuid4(), revision, book, within=LONG)
    assert isinstance(answer, Trial), answer
    return answer


async def moves(trial: Trial) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    page = await movers(trial)
    return {row.name: (row.before, row.after, tuple(cause.zh for cause in row.causes)) for row in page.rows}


async def test_a_lower_line_says_who_rises_and_by_which_line(people: People) -> None:
    del people
    trial = await tried(await changed(*LOWER))
    assert [(share.label, share.before, share.after) for share in trial.shares] == [
        ("合格", 1, 2),
        ("暂缓登记", 2, 1),
        ("不合格", 2, 2),
    ]
    assert await moves(trial) == {
        "党员D002": ("暂缓登记", "合格", ("合格的界限 年度积分 ≥ 80 → 年度积分 ≥ 75",))
    }
    assert (trial.up, trial.down, trial.base, trial.subjects) == (1, 0, 1, 5)
    assert [(area.title, area.group, area.before, area.after) for area in trial.areas] == [
        ("合格比例", "社区", Decimal("0.2"), Decimal("0.4"))
    ]


async def test_a_changed_item_is_tried_without_reading_facts_again(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    del people
    await tried(await changed(*LOWER))
    monkeypatch.setattr(known, "facts_for", None)
    lower_cap = ('clause = "第六条：按难易赋分，最高 40 分"', "cap = 20"), ("cap = 40\n", "")
    trial = await tried(await changed(*lower_cap))
    assert await moves(trial) == {"党员D001": ("合格", "暂缓登记", ("自选事项封顶 40 → 20 分",))}
    assert (trial.rescored, trial.down) == (1, 1)


async def test_a_change_that_reaches_into_rows_reads_the_facts_once_and_then_no_more(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    del people
    draft = uuid4()
    worth = "when = \"kind == '自选' and stage == '已核验'\"\npoints = "
    halved = (f'{worth}"worth"', f"{worth}1")
    trial = await tried(await changed(halved), draft)
    assert {name: move[:2] for name, move in (await moves(trial)).items()} == {
        "党员D001": ("合格", "不合格"),
        "党员D002": ("暂缓登记", "不合格"),
        "党员D005": ("暂缓登记", "不合格"),
    }
    monkeypatch.setattr(known, "facts_for", None)
    again = await tried(await changed(halved, *LOWER), draft, revision=2)
    assert again.movers.height == 3


async def test_an_added_veto_is_named_by_those_it_settles(people: People) -> None:
    del people
    rule = 'do = "override"\ntitle = "自选不足"\nwhen = "chosen < 25"\ngrade = "不合格"'
    veto = f"[[decide]]\n{rule}\n\n[outputs"
    trial = await tried(await changed(("[outputs", veto)))
    told = await moves(trial)
    assert set(told) == {"党员D005"}
    assert told["党员D005"][:2] == ("暂缓登记", "不合格")
    assert "增加决定“自选不足”" in told["党员D005"][2][0]


async def test_who_is_labelled_too_high_is_not_named_among_those_who_move(people: People) -> None:
    label = "update member set sensitivity = 2 where tenant_id = $1 and id = $2"
    await execute(label, current_tenant(), UUID(people["D002"]))
    trial = await tried(await changed(*LOWER))
    with looking(EVERYTHING, "clerk"):
        assert list(await moves(trial)) == ["（受限）"]
    with looking(EVERYTHING, "tenant_admin"):
        assert list(await moves(trial)) == ["党员D002"]


async def test_a_draft_about_other_subjects_stands_on_other_ground(people: People) -> None:
    del people
    book = await changed()
    with clock.showing(NOW):
        members = await inputs_for("points", book)
        organizations = await inputs_for("points", msgspec.structs.replace(book, subject="organization"))
    assert members.key != organizations.key


async def test_the_same_rules_move_nobody(people: People) -> None:
    del people
    trial = await tried((await rulebook_for("points", DAY)).book)
    assert (trial.movers.height, trial.causes, trial.rescored) == (0, (), 0)


async def test_new_facts_drive_the_kept_ground_out(people: People) -> None:
    draft, book = uuid4(), await changed(*LOWER)
    before = await tried(book, draft)
    await claimed(people["D004"], 5, [10, 15])
    after = await tried(book, draft)
    assert (before.watermark, after.watermark) == (25, 32)
    assert after.shares[0].before == 1
    assert after.shares[0].after == 3
    assert GROUNDS.size[0] == 1


async def test_nothing_is_stored(people: People) -> None:
    del people
    count = "select (select count(*) from run) + (select count(*) from result) + (select count(*) from job)"
    await tried(await changed(*LOWER))
    assert await fetch_value(count) == 0


async def test_another_tenant_sees_nothing_of_a_kept_ground(
    people: People, two_tenants: tuple[int, int]
) -> None:
    del people
    draft, book = uuid4(), await changed(*LOWER)
    await tried(book, draft)
    with tenant_scope(two_tenants[1]):
        with clock.showing(NOW):
            answer = await ask("points", draft, 1, book, within=LONG)
        assert isinstance(answer, Refused)
        assert answer.lines[0].startswith("名册里没有评定对象")
        assert last_good(draft) is None


async def test_a_newer_revision_wins_over_an_older_one(people: People) -> None:
    del people
    draft, book = uuid4(), await changed(*LOWER)
    with clock.showing(NOW):
        assert await ask("points", draft, 1, book, within=0) == Waiting(0)
        older = asking._ASKED[current_tenant(), draft]
    newer = await tried((await rulebook_for("points", DAY)).book, draft, revision=2)
    assert newer.movers.height == 0
    assert older.gone
