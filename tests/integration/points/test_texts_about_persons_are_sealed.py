"""What points say about persons is stored sealed, read in the clear and handed in as facts (control 30)."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from tests.support.appraisal import People, small_town, with_points, workbook
from tests.support.points import CLERK, REVIEWER, SECRETARY, VERIFIER, on_shelf, reported

from jiceng.api.workflows import handlers
from jiceng.facts.queries import of_subject
from jiceng.kernel.ciphers.suites import Undecipherable
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch, tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.spreadsheets import read_workbook
from jiceng.operations.keys.places import convert_all, left_over
from jiceng_points.claims import own_lists, queries, service, verifying
from jiceng_points.claims.schemas import ClaimFilter, Proof
from jiceng_points.rhythm.service import adjustments, decide, propose
from jiceng_points.sheets.bringing_in import bring_claims, bring_shelf
from jiceng_points.sheets.writing import claims_workbook

SEALED = "aes-256-gcm:1:"
OPENS, CLAIMED, DONE, ENDS = (date(2026, month, 1) for month in (1, 3, 4, 12))
ITEMS = (
    ("编号", "事项", "类别", "分值", "开始日期", "截止日期"),
    ("BX01", "参加主题党日", "必选", 10, OPENS, ENDS),
)
CLAIMS = (
    ("编号", "事项编号", "认领日期", "完成日期", "状态", "证明", "退回理由"),
    ("D001", "BX01", CLAIMED, DONE, "未通过", "陪王大爷就医", "没有写清楚是哪天"),
    ("D002", "BX01", CLAIMED, None, "已认领", None, None),
)
OWN = (
    ("编号", "备案日期", "约定事项", "申请理由", "支部意见", "党委意见"),
    ("D003", CLAIMED, "电话联系支部", "长期患病", "情况属实", "准予备案"),
)
ADJUSTED = (("编号", "日期", "类别", "分值", "依据"), ("D001", DONE, "处分扣分", 5, "酒后驾车"))


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        yield people


async def stored(table: str, *columns: str) -> list[str]:
    """What stands in these columns of the tenant, without the empty."""
    sql = f"select {', '.join(columns)} from {table} where tenant_id = $1"  # noqa: S608 - the tests' names
    rows = await fetch(sql, current_tenant())
    return [text for row in rows for text in row.values() if text]


async def test_a_proof_and_why_it_was_sent_back_are_sealed_and_read_in_the_clear(people: People) -> None:
    made = await reported(people["D001"], await on_shelf(), "陪王大爷就医")
    await verifying.reject(made, "没有写清楚是哪天", by=VERIFIER)
    texts = [*await stored("points_claim", "proof", "reason"), *await stored("points_move", "words")]
    assert [text.startswith(SEALED) for text in texts] == [True] * 3
    found = await queries.claim(made)
    assert (found.proof, found.reason) == ("陪王大爷就医", "没有写清楚是哪天")
    assert [move.words for move in await queries.moves(made)] == ["", "", "没有写清楚是哪天"]
    await service.complete(made, Proof(today(), "三月八日陪王大爷就医"), by=SECRETARY)
    await verifying.verify([made], by=VERIFIER)
    await run_due_jobs(handlers())
    assert [fact.evidence for fact in await of_subject(UUID(people["D001"]))] == ["三月八日陪王大爷就医"]


async def test_what_is_said_of_a_special_case_is_sealed(people: People) -> None:
    member = UUID(people["D001"])
    made = await own_lists.apply(member, today().year, "长期患病", "电话联系支部", by=SECRETARY)
    await own_lists.study(made, "情况属实", agreed=True, by=SECRETARY)
    await own_lists.file(made, "准予备案", agreed=True, by=REVIEWER)
    texts = await stored("points_own_list", "reason", "tasks", "opinion", "ruling")
    assert [text.startswith(SEALED) for text in texts] == [True] * 4
    (listed,), own = (
        (await own_lists.own_lists(today().year)).rows,
        await own_lists.own_list(member, today().year),
    )
    said = (listed.reason, listed.tasks, listed.opinion, listed.ruling)
    assert (said, listed) == (("长期患病", "电话联系支部", "情况属实", "准予备案"), own)


async def test_why_somebody_is_fined_is_sealed_and_the_fact_says_it(people: People) -> None:
    made = await propose(UUID(people["D001"]), "处分扣分", 5, today(), "酒后驾车", by=CLERK)
    assert [text[: len(SEALED)] for text in await stored("points_adjustment", "reason")] == [SEALED]
    assert [one.reason for one in (await adjustments()).rows] == ["酒后驾车"]
    await decide(made, agreed=True, by=REVIEWER)
    await run_due_jobs(handlers())
    assert [fact.evidence for fact in await of_subject(UUID(people["D001"]))] == ["酒后驾车"]


async def test_a_workbook_comes_in_sealed_and_goes_out_in_the_clear(people: People) -> None:
    await bring_shelf(workbook(事项=ITEMS), "货架.xlsx")
    assert await bring_claims(workbook(认领=CLAIMS, 一事一议=OWN, 奖惩=ADJUSTED), "认领.xlsx") == 4
    texts = [
        *await stored("points_claim", "proof", "reason"),
        *await stored("points_own_list", "reason", "tasks", "opinion", "ruling"),
        *await stored("points_adjustment", "reason"),
    ]
    assert [text.startswith(SEALED) for text in texts] == [True] * 7
    rows = await queries.claims(ClaimFilter(year=2026))
    assert [(row.proof, row.reason) for row in rows] == [("", ""), ("陪王大爷就医", "没有写清楚是哪天")]
    out = read_workbook(claims_workbook(rows, {}, today()), "认领.xlsx")
    assert "陪王大爷就医" in str(out)
    own = await own_lists.own_list(UUID(people["D003"]), 2026)
    assert own is not None
    assert (own.tasks, own.ruling) == ("电话联系支部", "准予备案")
    assert [one.reason for one in (await adjustments()).rows] == ["酒后驾车"]


async def test_a_text_from_before_is_given_as_it_is_and_sealed_by_the_nightly_care(people: People) -> None:
    made = await reported(people["D001"], await on_shelf(), "陪王大爷就医")
    await execute("update points_claim set proof = '从前的' where tenant_id = $1", current_tenant())
    assert (await queries.claim(made)).proof == "从前的"
    assert (await left_over(), await convert_all(), await left_over()) == (1, 1, 0)
    assert [text[: len(SEALED)] for text in await stored("points_claim", "proof")] == [SEALED]
    assert (await queries.claim(made)).proof == "从前的"


async def test_a_text_put_into_another_claim_does_not_open(people: People) -> None:
    first = await reported(people["D001"], await on_shelf("ZX01"), "陪王大爷就医")
    other = await reported(people["D002"], await on_shelf("ZX02"), "修好三盏灯")
    await execute(
        "update points_claim c set proof = o.proof from points_claim o"
        " where c.tenant_id = $1 and c.id = $2 and o.tenant_id = $1 and o.id = $3",
        *(current_tenant(), first, other),
    )
    with pytest.raises(Undecipherable):
        await queries.claim(first)
