"""Story: a labelled member and a labelled file are there for those cleared for them, for nobody else."""

from io import BytesIO
from typing import NamedTuple
from uuid import UUID

import pytest
from litestar import Litestar
from openpyxl import load_workbook
from tests.support.appraisal import DAY, claimed, small_town, with_points
from tests.support.emptying import Sweeper
from tests.support.programs import Program, token_for
from tests.support.sample_files import png
from tests.support.web import Browser, signed_in_browser

from jiceng.accounts.access import Permission
from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.jobs.work import run_due_jobs

HIDDEN = "D002"
READING = (Permission.VIEW_ROSTER, Permission.VIEW_FACTS, Permission.VIEW_RUNS, Permission.VIEW_RESULTS)


class Town(NamedTuple):
    tenant: int
    person: str
    run: str
    admin: Browser


@pytest.fixture
async def town(app: Litestar, two_tenants: tuple[int, int], sweeper: Sweeper) -> Town:
    tenant = two_tenants[0]

    async def made() -> tuple[str, str]:
        with tenant_scope(tenant):
            people = await small_town(3)
            await with_points()
            await claimed(people[HIDDEN], 5, [10])
            run = await open_run("points", DAY)
            await run_due_jobs(jobs.JOBS)
        return people[HIDDEN], str(run.id)

    person, run = await sweeper.once("a town with a hidden member", made)
    return Town(tenant, person, run, await signed_in_browser(app, tenant, "tenant_admin"))


async def labelled(town: Town, level: int) -> None:
    page = f"/t/donghu/members/{town.person}"
    await town.admin.get(page)
    answer = await town.admin.post(f"{page}/label", {"level": str(level), "reason": "涉及信访保护"})
    assert answer.status_code == 303


async def pages_about(who: Browser, town: Town) -> list[int]:
    paths = (
        f"members/{town.person}",
        f"facts/{town.person}",
        f"attachments/{town.person}",
        f"runs/{town.run}/results/{town.person}",
    )
    return [(await who.get(f"/t/donghu/{path}")).status_code for path in paths]


async def test_why_a_member_is_labelled_is_sealed_and_told_to_those_who_may_read_it(
    app: Litestar, town: Town
) -> None:
    page, why = f"/t/donghu/members/{town.person}", "涉及信访保护" + "，情况说明" * 98
    await town.admin.get(page)
    answer = await town.admin.post(f"{page}/label", {"level": "1", "reason": why})
    assert answer.status_code == 303
    with tenant_scope(town.tenant):
        read = "select sensitivity_reason from member where tenant_id = $1 and id = $2"
        stored = await fetch_value(read, town.tenant, UUID(town.person))
    assert stored.startswith("aes-256-gcm:1:")
    reviewer = await signed_in_browser(app, town.tenant, "reviewer", login="reviewer-2")
    pages = [await who.get(page) for who in (town.admin, reviewer)]
    assert [(seen.status_code, why in seen.text) for seen in pages] == [(200, True), (200, False)]


@pytest.mark.parametrize(
    ("role", "level", "sees"),
    [
        *(("clerk", 1, True), ("clerk", 2, False), ("reviewer", 2, False), ("viewer", 0, True)),
        *(("viewer", 1, False), ("supervisor", 1, False), ("tenant_admin", 2, True)),
    ],
)
async def test_a_role_sees_what_it_is_cleared_for(
    app: Litestar, town: Town, role: str, level: int, sees: bool
) -> None:
    await labelled(town, level)
    who = await signed_in_browser(app, town.tenant, role, login=f"{role}-2")
    assert await pages_about(who, town) == [200 if sees else 404] * 4
    for path in ("members", f"runs/{town.run}/results"):
        page = (await who.get(f"/t/donghu/{path}")).text
        assert "D001" in page
        assert (HIDDEN in page) == sees, path
    book = await who.get(f"/t/donghu/runs/{town.run}/results.xlsx")
    sheets = load_workbook(BytesIO(book.content)).worksheets
    cells = {cell for sheet in sheets for row in sheet.values for cell in row}
    assert ("D001" in cells, HIDDEN in cells) == (True, sees)
    caller = Program(app, "donghu", await token_for(town.tenant, READING, role))
    numbers = {one["number"] for one in (await caller.get("members")).json()["items"]}
    assert numbers == {"D001", "D003"} | ({HIDDEN} if sees else set())
    assert (await caller.get(f"members/{town.person}")).status_code == (200 if sees else 404)
    facts = (await caller.get("facts")).json()["items"]
    assert (town.person in {one["subject"] for one in facts}) == sees
    results = (await caller.get(f"runs/{town.run}/results")).json()["items"]
    assert (HIDDEN in {one["number"] for one in results}) == sees


async def test_what_is_labelled_too_high_looks_like_what_does_not_exist(app: Litestar, town: Town) -> None:
    await labelled(town, 2)
    who = await signed_in_browser(app, town.tenant, "viewer", login="viewer-2")
    hidden = (await who.get(f"/t/donghu/members/{town.person}")).text
    absent = (await who.get("/t/donghu/members/01890000-0000-7000-8000-000000000000")).text
    assert hidden.replace(town.person, "ID") == absent.replace("01890000-0000-7000-8000-000000000000", "ID")


async def test_the_record_console_is_shut_for_whoever_is_not_cleared_for_all(
    app: Litestar, town: Town
) -> None:
    who = await signed_in_browser(app, town.tenant, "supervisor")
    assert (await who.get("/t/donghu/admin/api/tables/member/")).status_code == 200
    await labelled(town, 1)
    rows = ("api/tables/member/", "api/tables/member/count/", "api/tables/result/")
    for path in (*rows, "export/member.xlsx"):
        assert (await who.get(f"/t/donghu/admin/{path}")).status_code == 403, path
        assert (await town.admin.get(f"/t/donghu/admin/{path}")).status_code == 200, path
    assert (await who.get("/t/donghu/admin/api/tables/organization/")).status_code == 200


async def test_a_label_needs_a_reason_and_is_told_to_the_log(app: Litestar, town: Town) -> None:
    page = f"/t/donghu/members/{town.person}"
    assert (await town.admin.post(f"{page}/label", {"level": "1", "reason": " "})).status_code == 422
    assert (await town.admin.post(f"{page}/label", {"level": "9", "reason": "x"})).status_code == 422
    clerk = await signed_in_browser(app, town.tenant, "clerk")
    assert (await clerk.post(f"{page}/label", {"level": "2", "reason": "x"})).status_code == 422
    await labelled(town, 2)
    assert (await clerk.post(f"{page}/label", {"level": "0", "reason": "x"})).status_code == 404
    assert "涉及信访保护" in (await town.admin.get(page)).text
    with tenant_scope(town.tenant):
        details = await fetch_value(
            "select details from audit_entry where tenant_id = $1 and event = 'label_changed'", town.tenant
        )
    assert details == '{"level":2,"level_before":0}'


async def test_a_labelled_file_is_for_those_cleared_for_it(app: Litestar, town: Town) -> None:
    where = f"/t/donghu/attachments/{town.person}"
    await town.admin.get(where)
    sent = {"file": ("处分决定.png", png())}
    assert (await town.admin.post(where, {"sensitivity": "2"}, files=sent)).status_code == 303
    with tenant_scope(town.tenant):
        file = await fetch_value("select id from stored_file where tenant_id = $1", town.tenant)
    clerk = await signed_in_browser(app, town.tenant, "clerk")
    assert "处分决定" in (await town.admin.get(where)).text
    assert "处分决定" not in (await clerk.get(where)).text
    assert (await clerk.get(f"/t/donghu/files/{file}")).status_code == 404
    assert (await clerk.post(f"/t/donghu/files/{file}/remove")).status_code == 404
    assert (await clerk.post(where, {"sensitivity": "2"}, files=sent)).status_code == 422
    assert (await town.admin.get(f"/t/donghu/files/{file}")).status_code == 200
