"""Story: a branch without an account rates itself on paper, typed by a clerk; a mistake is withdrawn."""

import re
from uuid import UUID

import pytest
from litestar import Litestar
from tests.support.programs import program
from tests.support.rating import Rating, days, filled, person, star_campaign
from tests.support.web import Browser

from jiceng.evaluation import jobs
from jiceng.facts import queries
from jiceng.facts.campaigns.campaigns import campaigns, open_campaign
from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.errors import Conflict
from jiceng.kernel.jobs import run_due_jobs


@pytest.fixture
async def rating(two_tenants: tuple[int, int]) -> Rating:
    return await star_campaign(two_tenants[0], days(superior=False))


async def rated(clerk: Browser, other: Browser, rating: Rating) -> None:
    """O2's paper is typed by the clerk; somebody else rates it for the department; the campaign is closed."""
    await clerk.get(rating.sheet("O2"))
    sent = await clerk.post(f"{rating.sheet('O2')}/paper/hand-in", filled(rest="60"))
    assert sent.status_code == 303, sent.text
    await clerk.post(f"{rating.at}/next")
    await other.get(rating.sheet("O2"))
    assert (await other.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="58"))).status_code == 303
    await clerk.get(rating.at)
    assert (await clerk.post(f"{rating.at}/close")).status_code == 303


async def facts_of(rating: Rating) -> list[tuple[str, str, str]]:
    with tenant_scope(rating.tenant):
        found = await queries.of_subject(UUID(rating.places["O2"]))
    return [
        (fact.fields.get("value", ""), fact.evidence, fact.state) for fact in found if fact.kind == "rest"
    ]


async def test_paper_of_a_branch_without_an_account_is_typed_marked_and_reviewed_by_another(
    app: Litestar, rating: Rating
) -> None:
    clerk = await person(app, rating.tenant, "clerk")
    page = (await clerk.get(rating.sheet("O2"))).text
    assert "这个对象没有账号，可以按它的纸质自评表代录" in page
    assert (await clerk.post(f"{rating.sheet('O2')}/paper", filled(rest="59"))).status_code == 303
    bad = await clerk.post(f"{rating.sheet('O2')}/paper/hand-in", filled(rest="110.01"))
    assert bad.status_code == 422
    assert "应在 0–110 之间" in bad.text
    assert (await clerk.post(f"{rating.sheet('O2')}/paper/hand-in", filled(rest="60"))).status_code == 303
    assert "纸质，代录" in (await clerk.get(rating.sheet("O2"))).text
    await clerk.post(f"{rating.at}/next")
    own = await clerk.post(f"{rating.sheet('O2')}/review", filled(rest="58"))
    assert own.status_code == 409
    assert "评的人和被评的人不能是同一人" in own.text
    reviewer = await person(app, rating.tenant, "reviewer")
    await reviewer.get(rating.sheet("O2"))
    assert (await reviewer.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="58"))).status_code == 303
    await clerk.get(rating.at)
    assert (await clerk.post(f"{rating.at}/close")).status_code == 303
    assert await facts_of(rating) == [("58", "自评（纸质，代录） 60；部门评定 58", "")]


async def test_a_branch_with_an_account_types_for_itself_and_paper_has_its_time_too(
    app: Litestar, rating: Rating
) -> None:
    clerk = await person(app, rating.tenant, "clerk")
    await person(app, rating.tenant, "secretary", "own", "O2")
    await clerk.get(rating.sheet("O2"))
    refused = await clerk.post(f"{rating.sheet('O2')}/paper", filled(rest="60"))
    assert refused.status_code == 403
    assert "这个对象有账号，由它自己填写" in refused.text
    viewer = await person(app, rating.tenant, "viewer")
    await viewer.get(rating.at)
    assert (await viewer.post(f"{rating.sheet('O3')}/paper", filled(rest="60"))).status_code == 403
    await clerk.post(f"{rating.at}/next")
    late = await clerk.post(f"{rating.sheet('O3')}/paper", filled(rest="60"))
    assert late.status_code == 409
    assert "现在是部门评定阶段，不是自评阶段" in late.text


async def test_a_mistaken_campaign_is_withdrawn_with_its_facts_and_another_is_opened(
    app: Litestar, rating: Rating
) -> None:
    clerk, other = await person(app, rating.tenant, "clerk"), await person(app, rating.tenant, "reviewer")
    await rated(clerk, other, rating)
    assert [(value, state) for value, _, state in await facts_of(rating)] == [("58", "")]
    unsaid = await clerk.post(f"{rating.at}/withdraw", {"reason": " "})
    assert unsaid.status_code == 422
    assert "请写明理由" in unsaid.text
    assert (await clerk.post(f"{rating.at}/withdraw", {"reason": "选错了期间"})).status_code == 303
    page = (await clerk.get(rating.at)).text
    assert "理由：选错了期间" in page
    assert "重新开放" not in page
    assert re.search("已撤回", (await clerk.get("/t/donghu/campaigns")).text)
    assert {(value, state) for value, _, state in await facts_of(rating)} == {
        ("58", "corrected"),
        ("", "withdrawn"),
    }
    again = await clerk.post(f"{rating.at}/withdraw", {"reason": "再撤"})
    assert (again.status_code, "已经撤回" in again.text) == (409, True)
    for act in ("next", "close"):
        assert (await clerk.post(f"{rating.at}/{act}")).status_code == 409
    late = await other.post(f"{rating.sheet('O3')}/review", filled(rest="58"))
    assert (late.status_code, "评定活动已撤回" in late.text) == (409, True)
    with tenant_scope(rating.tenant):
        made = await open_campaign(
            "stars", today(), "重开", days(superior=False), lines=["rest"], proof=False
        )
        assert [(one.title, one.withdrawn_at is None) for one in await campaigns()] == [
            ("重开", True),
            ("年度五星创评", False),
        ]
        with pytest.raises(Conflict, match="已经有评定活动"):
            await open_campaign("stars", today(), "又一个", days(), lines=["rest"], proof=False)
    second = rating._replace(campaign=str(made))
    await clerk.get(second.at)
    await rated(clerk, other, second)  # to the same value: it counts again
    assert sorted((value, state) for value, _, state in await facts_of(rating)) == [
        ("", "withdrawn"),
        ("58", ""),
        ("58", "corrected"),
    ]


async def test_what_took_effect_is_not_withdrawn(app: Litestar, rating: Rating) -> None:
    clerk, other = await person(app, rating.tenant, "clerk"), await person(app, rating.tenant, "reviewer")
    await rated(clerk, other, rating)
    caller = await program(app, rating.tenant)
    run = (await caller.post("runs", {"scheme": "stars", "day": today().isoformat()})).json()["id"]
    await run_due_jobs(jobs.JOBS)
    with tenant_scope(rating.tenant):
        await execute("update run set final_at = now() where id = $1", UUID(run))
    refused = await clerk.post(f"{rating.at}/withdraw", {"reason": "选错了期间"})
    assert refused.status_code == 409
    assert "第 1 次评定的结果已经生效，不能撤回" in refused.text
    assert [value for value, _, _ in await facts_of(rating)] == ["58"]
