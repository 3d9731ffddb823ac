"""The star regulations' published examples, entered by API and by pages, read from results and pages."""

import io
import re
from typing import Any

import openpyxl
import pytest
from litestar import Litestar
from tests.support import star_examples as stars
from tests.support.programs import Program, program
from tests.support.rating import days, person
from tests.support.star_examples import DAY, KEY, STARS, World
from tests.support.web import Browser

from jiceng.evaluation import jobs
from jiceng.evaluation.trial import asking
from jiceng.evaluation.trial.ground import GROUNDS
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.settings import Settings
from jiceng.schemes import queries as schemes
from jiceng.schemes.editing.drafts import open_draft
from jiceng_sdk.cases.shape import Wanted


async def evaluated(caller: Program, day: str) -> str:
    begun = await caller.post("runs", {"scheme": KEY, "day": day})
    assert begun.status_code == 202, begun.text
    await run_due_jobs(jobs.JOBS)
    return str(begun.json()["id"])


async def results(caller: Program, run: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    page = 1
    while True:
        answer = (await caller.get(f"runs/{run}/results?page={page}&size=200")).json()
        found |= {one["number"]: one for one in answer["items"]}
        if len(found) >= answer["total"]:
            return found
        page += 1


async def entered(caller: Program, world: World) -> None:
    await earlier_stars(caller, world)
    for kind, rows in stars.facts_of(world).items():
        kept = await caller.post(f"schemes/{KEY}/facts/{kind}", {"facts": rows})
        assert kept.status_code == 201, kept.text


async def points_of(caller: Program, run: str, subject: str, item: str) -> float:
    explained = (await caller.get(f"runs/{run}/results/{subject}")).json()
    return sum(
        float(line["points"]) for line in explained["scoring"] if line["path"].startswith(f"items.{item}")
    )


@pytest.mark.parametrize("regulation", STARS)
async def test_every_example_comes_out_of_the_api(app: Litestar, database: Settings, regulation: str) -> None:
    del database
    seen, wrong = 0, list[str]()
    for place, cases in enumerate(stars.groups(regulation)):
        world = await stars.world(regulation, cases, f"stars{place}")
        caller = await program(app, world.tenant)
        await entered(caller, world)
        run = await evaluated(caller, DAY.isoformat())
        found = await results(caller, run)
        assert set(found) == {one.number for one in world.everybody}
        for one in world.everybody:
            wrong += stars.as_expected(one, found[one.number])
            for item, points in one.wanted.nodes.items():
                assert await points_of(caller, run, found[one.number]["subject"], item) == float(points)
        wrong += asked(world, found)
        seen += len(cases)
        judged = {one.example for one in world.everybody if one.wanted != Wanted()}
        assert judged | stars.ALONE >= {case.example for case in cases}, "an example that expects nothing"
        if cases[0].example in stars.ALONE:
            wrong += await of_the_whole_area(app, world, cases[0].example)
            wrong += await area_of_the_run(app, caller, world, run)
    assert wrong == []
    assert seen == STARS[regulation]


def asked(world: World, found: dict[str, dict[str, Any]]) -> list[str]:
    """Whether exactly those wait for a ruling whom an example names (a tie, a rounding)."""
    if len(world.cases) > 1 or world.cases[0].asked is None:
        return []
    numbers = {one.person.name: one.number for one in world.everybody}
    waiting = {number for number, one in found.items() if one["status"] == "needs_ruling"}
    wanted = {numbers[name] for name in world.cases[0].asked}
    return [] if waiting == wanted else [f"{world.cases[0].example}: {waiting} wait instead of {wanted}"]


async def of_the_whole_area(app: Litestar, world: World, example: str) -> list[str]:
    """What the trial page says of targets and places, with the rules in force as they are."""
    GROUNDS.clear()
    asking.forget()
    with tenant_scope(world.tenant):
        scheme, base = await schemes.scheme(KEY), await schemes.in_force(KEY, DAY)
        assert base is not None
        draft = await open_draft(scheme.id, world.book, base.id, None)
    clerk = await person(app, world.tenant, "tenant_admin")
    page = await trial(clerk, f"/t/{world.slug}/schemes/{KEY}/drafts/{draft}/trial")
    case = next(case for case in world.cases if case.example == example)
    wrong = []
    for name, wanted in case.area.items():
        title = world.book.area[name].title
        told = re.search(rf"{title} ([\d.]+) % (达标|未达标)", page)
        met = "达标" if wanted["met"] else "未达标"
        if told is None or (float(told[1]), told[2]) != (round(float(wanted["value"]) * 100, 2), met):
            wrong.append(f"{example} {title}: {told and told[0]} instead of {wanted}")
    over = [name for name, wanted in case.wanted.items() if "五星" in wanted.over]
    if over and not re.search(r"五星[^★]*超 1", page):
        wrong.append(f"{example}: {page}")
    return wrong


async def area_of_the_run(app: Litestar, caller: Program, world: World, run: str) -> list[str]:
    """The same targets and places in the API, on the run, on its results and in their workbook."""
    (case,) = world.cases
    told = (await caller.get(f"runs/{run}/area")).json()
    wrong = [
        f"{case.example} {name}: {told['values']}"
        for name, wanted in case.area.items()
        if [(one["value"], one["met"]) for one in told["values"] if one["name"] == name]
        != [(str(wanted["value"]), wanted["met"])]
    ]
    over = [name for name, wanted in case.wanted.items() if "五星" in wanted.over]
    if [one["over"] for one in told["places"] if one["grade"] == "五星"] != ([1] if over else []):
        wrong.append(f"{case.example} places: {told['places']}")
    clerk = await person(app, world.tenant, "clerk")
    for address in ("", "/results"):
        answer = await clerk.get(f"/t/{world.slug}/runs/{run}{address}")
        page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
        for name, wanted in case.area.items():
            met = "达标" if wanted["met"] else "未达标"
            if not re.search(
                rf"{world.book.area[name].title} 全部 \S+ {float(wanted['value']) * 100:.2f} % {met}", page
            ):
                wrong.append(f"{case.example}{address}: {page}")
        if over and not re.search(r"五星 \d+ \d+ \d+ 超 1", page):
            wrong.append(f"{case.example}{address}: {page}")
    sheet = await clerk.get(f"/t/{world.slug}/runs/{run}/results.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    if ("全区指标" in book.sheetnames) != bool(case.area):
        wrong.append(f"{case.example}: {book.sheetnames}")
    return wrong


async def trial(clerk: Browser, address: str) -> str:
    for _ in range(3):
        answer = await clerk.get(address)
        await run_due_jobs(jobs.JOBS)
        page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
        if "全区指标" in page or "超" in page:
            return page
    return page


SINGLE = [name for name in STARS if name not in stars.RANKED]


@pytest.mark.parametrize("regulation", SINGLE)
async def test_the_examples_come_out_of_campaigns_and_pages(
    app: Litestar, database: Settings, regulation: str
) -> None:
    del database
    world = await stars.world(regulation, stars.groups(regulation)[0], "stars")
    caller = await program(app, world.tenant)
    await earlier_stars(caller, world)
    clerk = await person(app, world.tenant, "clerk")
    await rated(clerk, world)
    await imported(clerk, world)
    await clerk.get(f"/t/{world.slug}/runs")
    form = {"scheme": KEY, "day": DAY.isoformat()}
    begun = await clerk.post(f"/t/{world.slug}/runs", form)
    assert begun.status_code == 303, begun.text
    await run_due_jobs(jobs.JOBS)
    run = begun.headers["location"].rsplit("/", 1)[1]
    found = await results(caller, run)
    wrong = [told for one in world.everybody for told in stars.as_expected(one, found[one.number])]
    assert wrong == []
    page = (await clerk.get(f"/t/{world.slug}/runs/{run}/results")).text
    assert all(one["name"] in page for one in found.values())


async def earlier_stars(caller: Program, world: World) -> None:
    for day, facts in stars.earlier_years(world):
        for kind, rows in facts.items():
            kept = await caller.post(f"schemes/{KEY}/facts/{kind}", {"facts": rows})
            assert kept.status_code == 201, kept.text
        await evaluated(caller, day.isoformat())


async def rated(clerk: Browser, world: World) -> None:
    """Open a campaign, fill its sheets in by Excel, hand them in, close it."""
    at = f"/t/{world.slug}/campaigns"
    page = (await clerk.get(f"{at}/new/{KEY}")).text
    lines = re.findall(r'name="(line\.[^"]+)"', page)
    dates = days(superior=False)
    form = {
        name: getattr(dates, name).isoformat() for name in ("self_from", "self_until", "department_until")
    }
    form |= {"title": "样例", "day": DAY.isoformat(), **dict.fromkeys(lines, "on")}
    opened = await clerk.post(f"{at}/new/{KEY}", form)
    assert opened.status_code == 303, opened.text
    at = opened.headers["location"]
    await clerk.get(at)
    await clerk.post(f"{at}/next")
    book = openpyxl.load_workbook(io.BytesIO((await clerk.get(f"{at}/review/workbook")).content))
    given = {one.number: one.person.values for one in world.everybody}
    for row in book.active.iter_rows(min_row=2):  # type: ignore[union-attr]
        value = given[str(row[0].value)].get(str(row[2].value))
        row[6].value = ("是" if value else "否") if isinstance(value, bool) else value
    content = io.BytesIO()
    book.save(content)
    files = {"file": ("评分表.xlsx", content.getvalue(), "application/octet-stream")}
    sent = await clerk.post(f"{at}/review/workbook", files=files)
    assert sent.status_code == 200, sent.text
    told = (await clerk.post(f"{at}/review/hand-in")).text
    assert f"提交了 {len(world.everybody)} 张" in told
    assert (await clerk.post(f"{at}/close")).status_code == 303


async def imported(clerk: Browser, world: World) -> None:
    """What comes as rows (incidents) goes in by the page of facts."""
    for kind, fact in world.book.facts.items():
        if fact.kind != "event":
            continue
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = fact.title
        sheet.append(["编号", "日期", *fact.fields])
        for one in world.everybody:
            for row in one.person.facts.get(kind, []):
                sheet.append([one.number, row["date"], *(row[name] for name in fact.fields)])
        content = io.BytesIO()
        book.save(content)
        await clerk.get(f"/t/{world.slug}/facts/import/{KEY}")
        files = {"file": ("事件.xlsx", content.getvalue(), "application/octet-stream")}
        sent = await clerk.post(f"/t/{world.slug}/facts/import/{KEY}", files=files)
        assert sent.status_code == 200, sent.text
