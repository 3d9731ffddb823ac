"""Story: three members and eight residents vote; what the three chose is counted, and stands nowhere."""

import io
import re
from datetime import date

import openpyxl
import polars as pl
from litestar import Litestar
from tests.support.appraisal import YEAR, small_town
from tests.support.ballot_story import counted, links, typed
from tests.support.balloting import DAY, PARTIES
from tests.support.programs import program
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs
from jiceng.facts.correcting import correct_fact
from jiceng.facts.service import import_facts
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt

WHY = "有评议方投票不足 5 人，票数不显示"
FORM = {"title": "民主评议", "day": DAY.isoformat(), "quorum": "0", "minimum": "5", "drop_high": "0"}


async def held(app: Litestar, tenant: int) -> tuple[Browser, dict[str, str]]:
    """A counted ballot about D001: three members chose 优秀 twice and 合格 once, eight residents 优秀."""
    with tenant_scope(tenant):
        people = await small_town(4)
        await adopt("review", toml=PARTIES, in_force_from=YEAR, reason="测试")
        rows = [{"subject": people["D001"], "date": DAY, "value": 90}]
        await import_facts("review", "satisfied", pl.DataFrame(rows), source="测试")
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    other = await signed_in_browser(app, tenant, "clerk")
    await admin.get("/t/donghu/ballots/new")
    made = await admin.post("/t/donghu/ballots", {**FORM, "goes_to": "review:vote|votes", "drop_low": "0"})
    ballot = made.headers["location"]
    await admin.get(ballot)
    assert (await admin.post(f"{ballot}/subjects", {"numbers": "D001"})).status_code == 303
    for word, voters, small in (("党员", 3, "yes"), ("群众", 8, "")):
        form = {"word": word, "weight": "1", "small": small}
        assert (await admin.post(f"{ballot}/parties", form)).status_code == 303
        page = (await admin.get(ballot)).text
        (party,) = re.findall(rf'href="(/t/donghu/ballots/parties/[\w-]+)">{word}', page)
        await admin.post(f"{party}/roll", {"source": "numbered", "count": str(voters)})
    assert (await admin.post(f"{ballot}/open")).status_code == 303
    page = (await admin.get(ballot)).text
    for word, row in (("党员", [2, 1, 0]), ("群众", [8, 0, 0])):
        (party,) = re.findall(rf'href="(/t/donghu/ballots/parties/[\w-]+)">{word}', page)
        assert len(await links(admin, party)) == sum(row)
        await typed(admin, other, ballot, party, [row])
    assert "有效" in await counted(admin, ballot)
    return admin, people


async def test_the_score_is_exact_and_no_page_export_or_api_tells_the_small_partys_votes(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin, people = await held(app, two_tenants[0])
    caller = await program(app, two_tenants[0])
    run = (await caller.post("runs", {"scheme": "review", "day": "2026-12-31"})).json()["id"]
    await run_due_jobs(jobs.JOBS)
    subject = people["D001"]

    facts = (await admin.get(f"/t/donghu/facts/{subject}")).text
    assert facts.count(WHY) == 1
    assert re.search("党员 |群众|优秀|合格|票数 ", facts.split("<main")[1].replace("党员D001", "")) is None

    told = (await caller.get(f"facts?subject={subject}&kind=vote")).json()["items"]
    assert [(fact["values"], fact["withheld"][: len(WHY)]) for fact in told] == [({}, WHY)]

    explained = (await caller.get(f"runs/{run}/results/{subject}")).json()
    assert explained["result"]["score"] == "95.666666666667"  # 0.5 × 280/3 + 0.4 × 100 + 0.1 × 90
    lines = [(line["path"], line["points"]) for line in explained["scoring"]]
    assert lines == [("items", "86.666666666667"), ("items.rate", "9"), ("items.rate", "0")]
    assert "93.3" not in str(explained)

    page = (await admin.get(f"/t/donghu/runs/{run}/results/{subject}")).text
    assert "评议得分（合并显示）" in page
    assert "46.67" not in page
    assert "86.67" in page
    sheet = openpyxl.load_workbook(
        io.BytesIO((await admin.get(f"/t/donghu/runs/{run}/results.xlsx")).content)
    )
    cells = {str(cell.value) for each in sheet.worksheets for row in each.iter_rows() for cell in row}
    assert not cells & {"46.67", "93.33", "优秀", "合格"}


async def test_a_correction_of_a_hidden_fact_is_hidden_too(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin, people = await held(app, two_tenants[0])
    with tenant_scope(two_tenants[0]):
        seq = await fetch_value(
            "select min(seq) from fact where tenant_id = $1 and words[1] = '党员'", two_tenants[0]
        )
        changed = {"party": "党员", "option": "不合格", "votes": 1}
        await correct_fact(seq, changed, reason="录错", by=None)
    facts = (await admin.get(f"/t/donghu/facts/{people['D001']}")).text
    assert facts.count(WHY) == 2
    assert "不合格" not in facts


async def test_the_record_console_has_no_column_with_what_facts_hold(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin, _ = await held(app, two_tenants[0])
    shown = await admin.get("/t/donghu/admin/api/tables/fact/", headers={"accept": "application/json"})
    rows = shown.json()["rows"]
    assert len(rows) == 4
    assert all("numbers" not in row and "words" not in row for row in rows)
    assert date.fromisoformat(rows[0]["occurred"]) == DAY
