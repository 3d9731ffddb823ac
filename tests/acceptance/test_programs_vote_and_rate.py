"""Story: programs fill in rating sheets and hold a ballot; what cannot stand is told, votes stay untraced."""

from uuid import UUID

import pytest
from litestar import Litestar
from tests.support.ballot_story import drafted, links, town, voted
from tests.support.programs import Program, program, token_for
from tests.support.rating import Rating, days, star_campaign
from tests.support.web import signed_in_browser

from jiceng.facts.campaigns.campaigns import move_on
from jiceng.kernel.database import execute, fetch, tenant_scope

SCOPED = """
update account set scope = 'own', organization = (
  select id from organization where tenant_id = $1 and number = $3) where tenant_id = $1 and login = $2
"""


@pytest.fixture
async def rating(two_tenants: tuple[int, int]) -> Rating:
    return await star_campaign(two_tenants[0], days(superior=False))


async def of_branch(app: Litestar, tenant: int, number: str) -> Program:
    """A program that acts for the secretary of one branch."""
    token = await token_for(tenant, role="secretary", login=f"api-{number.lower()}", scopes=SECRETARY)
    with tenant_scope(tenant):
        await execute(SCOPED, tenant, f"api-{number.lower()}", number)
    return Program(app, "donghu", token)


SECRETARY = ("view_facts", "take_part")


def sheet(rating: Rating, number: str) -> str:
    return f"campaigns/{rating.campaign}/sheets/{rating.places[number]}"


async def test_a_branch_rates_itself_and_the_department_reviews_by_program(
    app: Litestar, rating: Rating
) -> None:
    branch, department = await of_branch(app, rating.tenant, "O2"), await program(app, rating.tenant)
    (listed,) = (await branch.get("campaigns")).json()["items"]
    assert (listed["id"], listed["stage"], "rest" in listed["lines"]) == (rating.campaign, "self", True)
    empty = (await branch.get(sheet(rating, "O2"))).json()
    assert (empty["way"], empty["stage"], empty["handed_in"]) == ("own", "self", [])

    wrong = await branch.post(f"{sheet(rating, 'O2')}/own", {"lines": [{"line": "rest", "value": "110.01"}]})
    assert wrong.json()["faults"] == {"rest": "应在 0–110 之间，核对分值"}
    twice = {"lines": [{"line": "rest", "value": "60"}, {"line": "rest", "value": "61"}]}
    unsure = await branch.post(f"{sheet(rating, 'O2')}/own", twice)
    assert (unsure.status_code, "rest：同一对象同一项目填了两行" in unsure.text) == (422, True)
    refused = await branch.post(f"{sheet(rating, 'O2')}/own", {"lines": [], "hand_in": True})
    assert refused.status_code == 422
    assert "110.01" in refused.text
    own = {"lines": [{"line": "rest", "value": "60", "proof": "台账"}], "hand_in": True}
    handed = await branch.post(f"{sheet(rating, 'O2')}/own", own, key="hand-in-1")
    assert handed.json() == {"kept": 1, "handed_in": True, "faults": {}}
    again = await branch.post(f"{sheet(rating, 'O2')}/own", own, key="hand-in-1")
    assert again.json() == handed.json()
    assert (await branch.post(f"{sheet(rating, 'O2')}/own", own)).status_code == 409
    assert (await branch.post(f"{sheet(rating, 'O2')}/review", own)).status_code == 403
    assert (await branch.post(f"{sheet(rating, 'O3')}/own", own)).status_code == 404

    with tenant_scope(rating.tenant):
        await move_on(UUID(rating.campaign))
    review = {"lines": [{"line": "rest", "value": "58", "revision": 0}], "hand_in": True}
    assert (await department.post(f"{sheet(rating, 'O2')}/review", review)).status_code == 200
    read = (await department.get(sheet(rating, "O2"))).json()
    (line,) = [one for one in read["lines"] if one["line"] == "rest"]
    assert {stage: one["value"] for stage, one in line["given"].items()} == {"self": "60", "department": "58"}
    assert line["differs"]
    states = (await department.get(f"campaigns/{rating.campaign}/sheets")).json()["items"]
    assert {one["number"]: one["states"]["self"] for one in states} == {
        "O1": "nothing",
        "O2": "handed",
        "O3": "nothing",
    }


async def test_a_ballot_is_opened_closed_and_counted_by_program_and_nobody_is_traced(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    await town(two_tenants[0], "08-huaihua-vote-mean")
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    ballot, party = await drafted(admin, "D001", 5, goes_to="review:vote|votes", minimum="2")
    caller, address = await program(app, two_tenants[0]), f"ballots/{ballot.rsplit('/', 1)[1]}"
    assert (await caller.post(f"{address}/count")).status_code == 409
    opened = await caller.post(f"{address}/open")
    assert opened.json()["ballot"]["state"] == "open"
    assert (await caller.post(f"{address}/open")).status_code == 409
    early = await caller.post(f"{address}/count", **{"accept-language": "en"})
    assert early.json()["detail"].startswith("A ballot is counted once, after the voting has ended")
    await admin.get(party)
    for link, option in zip(await links(admin, party), ("优秀", "优秀", "合格"), strict=False):
        await voted(app, link, 党员D001=option)
    turnout = (await caller.get(f"{address}/turnout")).json()
    (group,) = turnout["parties"]
    assert (group["entitled"], group["online"], group["paper"], turnout["in_box"]) == (5, 3, 0, 3)
    assert (await caller.get(f"{address}/result")).status_code == 404
    assert (await caller.post(f"{address}/close")).json()["ballot"]["state"] == "closed"
    assert (await caller.post(f"{address}/count")).json()["in_box"] == 0
    (found,) = (await caller.get(f"{address}/result")).json()["subjects"]
    assert found["found"]["votes"] == {"优秀": 2, "合格": 1}
    with tenant_scope(two_tenants[0]):
        rows = await fetch("select answer from idempotency_key where tenant_id = $1", two_tenants[0])
    assert rows
    assert not any('优秀":' in str(row["answer"]) for row in rows)


async def test_no_operation_votes(app: Litestar) -> None:
    """Decision 0246: a program between voter and box would see the vote."""
    paths = app.openapi_schema.to_schema()["paths"]
    assert [path for path in paths if "vote" in path or "slip" in path or path.endswith("paper")] == []
