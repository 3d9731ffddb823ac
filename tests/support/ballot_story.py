"""A ballot over HTTP, step by step: prepared, voted in on phones, typed from paper, closed and counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.appraisal import YEAR, small_town
from tests.support.balloting import DAY, REGULATIONS
from tests.support.web import Browser, browser

from jiceng.kernel.database import tenant_scope
from jiceng.schemes.service import adopt

if TYPE_CHECKING:
    from litestar import Litestar

FORM = {
    "title": "年度民主评议",
    "day": DAY.isoformat(),
    "quorum": "0",
    "minimum": "2",
    "drop_high": "0",
    "drop_low": "0",
}
BATCH = re.compile(r'href="(/t/donghu/ballots/batches/[\w-]+)"')
VOTE_LINK = re.compile(r'class="addr">http://jiceng\.test(/t/donghu/vote/[\w-]+)<')


async def town(tenant: int, regulation: str, members: int = 6) -> dict[str, str]:
    """A small town with a regulation of tests/regulations in force for 2026."""
    with tenant_scope(tenant):
        people = await small_town(members)
        toml = (REGULATIONS / f"{regulation}.toml").read_text(encoding="utf-8")
        await adopt("review", toml=toml, in_force_from=YEAR, reason="测试")
    return people


async def drafted(admin: Browser, numbers: str, voters: int, **form: str) -> tuple[str, str]:
    """A ballot about these numbers with one party of so many numbered voters: its two addresses."""
    await admin.get("/t/donghu/ballots/new")
    made = await admin.post("/t/donghu/ballots", {**FORM, **form})
    assert made.status_code == 303, made.text
    ballot = made.headers["location"]
    await admin.get(ballot)
    wrong = await admin.post(f"{ballot}/subjects", {"numbers": f"{numbers}、无此人"})
    assert (wrong.status_code, f">{numbers}、无此人</textarea>" in wrong.text) == (422, True)
    assert (await admin.post(f"{ballot}/subjects", {"numbers": numbers})).status_code == 303
    added = await admin.post(f"{ballot}/parties", {"word": "党员", "weight": "1"})
    assert added.status_code == 303, added.text
    (party,) = re.findall(r'href="(/t/donghu/ballots/parties/[\w-]+)">党员', (await admin.get(ballot)).text)
    assert (
        await admin.post(f"{party}/roll", {"source": "numbered", "count": str(voters)})
    ).status_code == 303
    return ballot, party


async def links(admin: Browser, party: str) -> list[str]:
    """The addresses on the printed sheet."""
    sheet = await admin.post(f"{party}/links")
    assert sheet.status_code == 200
    found = VOTE_LINK.findall(sheet.text)
    assert sheet.text.count('class="qr"') == len(found)
    return found


async def voted(app: Litestar, link: str, **choices: str) -> Browser:
    """Somebody without an account takes a paper and casts it; subjects by their name on the paper."""
    phone = browser(app)
    assert "领取选票" in (await phone.get(link)).text
    taken = await phone.post(link)
    paper = await phone.get(taken.headers["location"])
    form = {"slip": re.findall(r'name="slip" value="([^"]+)"', paper.text)[0]}
    for name, option in choices.items():
        part = paper.text.split(f"<legend>{name}</legend>")[1].split("</fieldset>")[0]
        ((field, value),) = re.findall(rf'name="([^"]+)" value="(\d+)"> {option}<', part)
        form[field] = value
    cast = await phone.post("/t/donghu/paper", form)
    assert cast.headers["location"] == "/t/donghu/voted", cast.text
    return phone


async def typed(admin: Browser, other: Browser, ballot: str, party: str, rows: list[list[int]]) -> None:
    """Everybody left gets paper; one batch of all of it is typed by two people."""
    await admin.get(party)
    assert (await admin.post(f"{party}/paper")).status_code == 303
    before = set(BATCH.findall((await admin.get(f"{ballot}/papers")).text))
    papers = max(sum(row) for row in rows)
    assert (await admin.post(f"{party}/batches", {"papers": str(papers)})).status_code == 303
    (batch,) = set(BATCH.findall((await admin.get(f"{ballot}/papers")).text)) - before
    cells = {
        f"votes-{row}-{column}": str(votes)
        for row, line in enumerate(rows)
        for column, votes in enumerate(line)
    }
    for person in (admin, other):
        await person.get(batch)
        assert (await person.post(batch, cells)).status_code == 303


async def counted(admin: Browser, ballot: str) -> str:
    """Close and count; returns the page of results."""
    await admin.get(ballot)
    assert (await admin.post(f"{ballot}/close")).status_code == 303
    done = await admin.post(f"{ballot}/count")
    assert done.headers["location"] == f"{ballot}/results", done.text
    return (await admin.get(f"{ballot}/results")).text
