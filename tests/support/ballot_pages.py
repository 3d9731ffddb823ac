"""What the tests of every route send to the pages of ballots: one in each state, links to vote with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.facts.ballots import counting, drafting, handing_out, opening, papers, rolls, stored, voting
from jiceng.facts.ballots.asking import USUAL
from jiceng.kernel.database import execute, fetch_value, tenant_scope

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

AT = "/t/{tenant:str}/ballots"
BALLOT, PARTY = f"{AT}/{{ballot:uuid}}", f"{AT}/parties/{{ballot_party:uuid}}"
SUBJECT = f"{BALLOT}/subjects/{{ballot_subject:uuid}}"
PAPER = "/t/{tenant:str}/paper"
FORMS: dict[str, dict[str, str]] = {
    AT: {
        "title": "满意度测评",
        "day": "2026-10-30",
        "kind": "organization",
        "minimum": "5",
        "quorum": "0",
        "drop_high": "0",
        "drop_low": "0",
    },
    f"{BALLOT}/parties": {"word": "居民", "weight": "1"},
    f"{SUBJECT}/decide": {"decision": "dropped", "reason": "已补办"},
    f"{SUBJECT}/pledge": {"pledge": "按月公开", "took_part": "yes"},
    f"{BALLOT}/layers": {"layer": "residents", "slips": "1"},
    f"{BALLOT}/withdraw": {"reason": "建错了"},
    f"{PARTY}/roll": {"source": "numbered", "count": "1"},
    f"{PARTY}/batches": {"papers": "1"},
}
ANSWERED: dict[str, set[int]] = {
    f"{BALLOT}/open": {409},  # the one before opened it
    f"{BALLOT}/close": {409},  # closed it
    f"{BALLOT}/count": {409},  # counted it
    f"{BALLOT}/layers": {409, 422},  # the one before added it
    f"{SUBJECT}/decide": {409},  # decided by the one before
    f"{SUBJECT}/remove": {404},  # removed by the one before
    f"{AT}/batches/{{ballot_batch:uuid}}": {409},  # two before typed the same
    f"{PARTY}/links": {409},  # everybody was handed paper by the one before
    f"{PARTY}/batches": {422},  # since the one before all paper handed out lies in batches
    f"{PARTY}/voters/{{voter:uuid}}/paper": {409},
    f"{PARTY}/voters/{{voter:uuid}}/link": {409},  # was handed paper by the one before
    f"{PARTY}/voters/{{voter:uuid}}/back": {409},
    PAPER: {404},  # without a slip
}
_FEWEST = """
select parent from organization_state where tenant_id = $1 and parent is not null and until is null
group by parent order by count(*), parent limit 1
"""
_links: dict[int, list[str]] = {}
_made: dict[tuple[int, str], tuple[UUID, UUID]] = {}


async def a_ballot(state: str, voters: int = 6) -> tuple[UUID, UUID]:
    """A ballot about one organization in this state, and its party."""
    number = await fetch_value("select number from organization limit 1")
    wanted = drafting.Wanted(
        title=f"测评（{state}）",
        kind="organization",
        target="",
        measure="rate",
        day=date(2026, 10, 30),
        options=USUAL["satisfied"],
    )
    ballot = await drafting.draft(wanted)
    await drafting.add_subjects(ballot, [number])
    party = await drafting.add_party(ballot, word="居民", title="", weight=1, small=False)
    await rolls.add_numbered(party, voters)
    if state not in {"draft", "ready"}:
        await opening.open_ballot(ballot)
    if state in {"closed", "counted"}:
        await opening.close_ballot(ballot)
    if state == "counted":
        await counting.count(ballot)
    return ballot, party


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A draft with a party, a voter and a subject that took no part; a batch of paper; a link."""
    with tenant_scope(tenant.id):
        for state in ("draft", "ready", "open", "closed", "counted"):
            _made[tenant.id, state] = await a_ballot(state)
        ballot, party = _made[tenant.id, "draft"]
        _, running = _made[tenant.id, "open"]
        await execute("update ballot_subject set took_part = false where ballot = $1", ballot)
        voters = await stored.roll(running)
        for handed in (voters[0], voters[2]):
            await handing_out.hand_out(running, handed.id)
        batch = await papers.new_batch(running, 1)
        _, crowd = await a_ballot("open", 80)
        _links[tenant.id] = [token for _, token in await opening.make_links(crowd)]
        found = {
            "ballot": ballot,
            "counted_ballot": _made[tenant.id, "counted"][0],
            "ballot_party": party,
            "ballot_subject": (await stored.subjects(ballot))[0].id,
            "ballot_batch": batch,
            "voter": voters[1].id,
            "link": _links[tenant.id].pop(),
        }
    return {name: str(value) for name, value in found.items()}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """The ballot in the state that an act needs; a link nobody used; a party to be removed."""
    if path == f"{PARTY}/remove":
        with tenant_scope(tenant.id):
            ballot, _ = _made[tenant.id, "draft"]
            party = await drafting.add_party(ballot, word="群众", title="", weight=1, small=False)
        return {"ballot_party": str(party)}
    if path.endswith("/vote/{link:str}"):
        return {"link": _links[tenant.id].pop()}
    if path.startswith(PARTY) and not path.endswith("/roll"):
        return {"ballot_party": str(_made[tenant.id, "open"][1])}
    if path == f"{BALLOT}/withdraw":
        with tenant_scope(tenant.id):
            return {"ballot": str((await a_ballot("draft"))[0])}
    if path == f"{BALLOT}/layers":
        with tenant_scope(tenant.id):
            return {"=organization": str(await fetch_value(_FEWEST, tenant.id))}
    ends = {"/open": "ready", "/close": "open", "/papers": "open", "/count": "closed", "/results": "counted"}
    state = next((state for end, state in ends.items() if path == BALLOT + end), "")
    return {"ballot": str(_made[tenant.id, state][0])} if state else {}


async def prepared_for(tenant: TenantInfo, path: str, login: str) -> dict[str, str]:
    """A slip, which one person alone was handed, and his votes."""
    if path != PAPER or login != "tenant_admin-x":
        return {}
    with tenant_scope(tenant.id):
        ballot, slip = await voting.check_in(_links[tenant.id].pop())
        rated = await stored.subjects(ballot)
    return {"=slip": f"{ballot.hex}.{slip}"} | {f"=choice-{one.subject}": "0" for one in rated}
