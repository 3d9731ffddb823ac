"""Story: a district's other system reads the roster, hands in facts, starts a run and takes the results."""

import asyncio
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town, with_points
from tests.support.emptying import Sweeper
from tests.support.programs import Program, program, token_for
from tests.support.web import signed_in_browser

from jiceng.accounts.access import Permission
from jiceng.evaluation import jobs
from jiceng.kernel.database import engine, fetch_value, tenant_scope
from jiceng.kernel.jobs.work import run_due_jobs

CLAIM = {"item": "BX01", "kind": "必选", "worth": "10", "stage": "已核验"}
DAY = "2026-05-01"


@pytest.fixture
async def people(two_tenants: tuple[int, int], sweeper: Sweeper) -> dict[str, str]:
    async def made() -> dict[str, str]:
        with tenant_scope(two_tenants[0]):
            people = await small_town(3)
            await with_points()
        return people

    return await sweeper.once("a town with points", made)


@pytest.fixture
async def caller(app: Litestar, two_tenants: tuple[int, int], people: dict[str, str]) -> Program:
    del people
    return await program(app, two_tenants[0])


def claims(number: str, worths: list[tuple[str, str]]) -> dict[str, object]:
    facts = [
        {"number": number, "date": DAY, "values": {**CLAIM, "item": item, "worth": worth}}
        for item, worth in worths
    ]
    return {"facts": facts}


REQUIRED = [(f"BX{n:02}", "10") for n in range(1, 6)]


async def test_from_the_roster_to_the_explained_result(caller: Program, people: dict[str, str]) -> None:
    organizations = (await caller.get("organizations")).json()
    assert [one["name"] for one in organizations["items"]] == ["湖口镇党委", "东街党支部", "西街党支部"]
    assert organizations["total"] == 3
    members = (await caller.get("members?size=2&page=2")).json()
    assert (members["page"], members["size"], members["total"], len(members["items"])) == (2, 2, 3, 1)
    one = (await caller.get(f"members/{people['D001']}")).json()
    assert (one["number"], one["name"], one["category"]) == ("D001", "党员D001", "社区")
    kept = await caller.post("schemes/points/facts/claim", claims("D001", REQUIRED))
    assert (kept.status_code, kept.json()) == (201, {"new": 5, "same": 0})
    begun = await caller.post("runs", {"scheme": "points", "day": "2026-11-22"})
    assert begun.status_code == 202
    run = begun.json()["id"]
    assert begun.json()["state"] == "queued"
    assert (await caller.get(f"runs/{run}/results")).status_code == 404
    await run_due_jobs(jobs.JOBS)
    assert (await caller.get(f"runs/{run}")).json()["ended"] is True
    results = (await caller.post(f"runs/{run}/results/search", {"name": "D001"})).json()
    assert [(row["subject"], row["score"], row["grade"]) for row in results["items"]] == [
        (people["D001"], "50", "不合格")
    ]
    told = (await caller.get(f"runs/{run}/results/{people['D001']}")).json()
    assert sum(Decimal(line["points"]) for line in told["scoring"]) == Decimal(50)
    assert sorted(seq for line in told["scoring"] for seq in line["facts"]) == [1, 2, 3, 4, 5]


async def test_facts_are_followed_by_their_numbers_and_corrected(
    caller: Program, people: dict[str, str]
) -> None:
    await caller.post("schemes/points/facts/claim", claims("D001", REQUIRED[:3]))
    first = (await caller.get("facts?size=2")).json()
    assert ([fact["seq"] for fact in first["items"]], first["next"]) == ([1, 2], 2)
    rest = (await caller.get(f"facts?size=2&after={first['next']}")).json()
    assert ([fact["seq"] for fact in rest["items"]], rest["next"]) == ([3], None)
    values = first["items"][0]["values"]
    assert {name: value for name, value in values.items() if value is not None} == CLAIM
    wish = {"reason": "录错分值", "values": {**CLAIM, "worth": "9.5"}}
    refused = await caller.post("facts/1/corrections", wish)
    assert refused.status_code == 422
    assert [fault["where"] for fault in refused.json()["faults"]] == ["/values/worth"]
    done = await caller.post(
        "facts/1/corrections", {"reason": "录错项目", "values": {**CLAIM, "item": "BX09"}}
    )
    assert (done.status_code, done.json()) == (201, {"seq": 4, "corrects": 1})
    assert (await caller.post("facts/1/corrections", wish)).status_code == 409
    gone = await caller.post("facts/2/corrections", {"reason": "不是他", "values": None})
    assert gone.json() == {"seq": 5, "corrects": 2}
    mine = (await caller.get(f"facts?subject={people['D001']}")).json()["items"]
    assert [(fact["seq"], fact["state"], fact["corrects"]) for fact in mine] == [
        (1, "corrected", None),
        (2, "corrected", None),
        (3, "", None),
        (4, "", 1),
        (5, "withdrawn", 2),
    ]
    assert (await caller.post("facts/999/corrections", wish)).status_code == 404


async def test_every_fault_of_the_facts_is_told_at_its_place_and_nothing_is_kept(caller: Program) -> None:
    facts = {
        "facts": [
            {"number": "D001", "date": DAY, "values": CLAIM},
            {"number": "D999", "date": DAY, "values": {**CLAIM, "worth": "ten", "colour": "red"}},
            {"date": DAY, "values": CLAIM},
        ]
    }
    told = await caller.post("schemes/points/facts/claim", facts, **{"accept-language": "en"})
    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    assert [(fault["where"], fault["detail"]) for fault in told.json()["faults"]] == [
        ("/facts/1/number", "the roster has no such number"),
        ("/facts/1/values/colour", "there is no such field"),
        ("/facts/1/values/worth", 'a number as text is expected, such as "12.50"'),
        ("/facts/2", "give either subject or number"),
    ]
    late = {"facts": [{"number": "D001", "date": "2031-01-01", "values": {**CLAIM, "kind": "随便"}}]}
    told = await caller.post("schemes/points/facts/claim", late)
    assert [fault["where"] for fault in told.json()["faults"]] == ["/facts/0/date", "/facts/0/values/kind"]
    assert "日期晚于今天" in told.json()["faults"][0]["detail"]
    assert (await caller.get("facts")).json()["items"] == []


async def test_a_key_makes_a_write_happen_once(caller: Program, two_tenants: tuple[int, int]) -> None:
    body = claims("D001", REQUIRED[:1])
    first = await caller.post("schemes/points/facts/claim", body, "once-and-only")
    again = await caller.post("schemes/points/facts/claim", body, "once-and-only")
    assert first.json() == again.json() == {"new": 1, "same": 0}
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = await caller.post("schemes/points/facts/claim", claims("D002", REQUIRED[:1]), "once-and-only")
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    with tenant_scope(two_tenants[0]):
        assert await fetch_value("select count(*) from fact where tenant_id = $1", two_tenants[0]) == 1


@pytest.mark.parametrize("number", [200, pytest.param(1000, marks=pytest.mark.soak)])
async def test_many_at_once_with_one_key_are_one_run(
    caller: Program, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A thousand wait for ten connections: on a busy machine longer than a request may.
    monkeypatch.setattr(engine.pools, "acquire_timeout", 300.0)
    body = {"scheme": "points", "day": "2026-11-22"}
    answers = await asyncio.gather(*(caller.post("runs", body, "many-at-once") for _ in range(number)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == number - 1
    assert (await caller.get("runs")).json()["total"] == 1


async def test_a_refused_write_leaves_its_key_free(caller: Program) -> None:
    bad = {"facts": [{"number": "D999", "date": DAY, "values": CLAIM}]}
    assert (await caller.post("schemes/points/facts/claim", bad, "try-again-1")).status_code == 422
    good = claims("D001", REQUIRED[:1])
    assert (await caller.post("schemes/points/facts/claim", good, "try-again-1")).status_code == 201


async def test_a_write_without_a_key_or_with_unknown_fields_is_refused(caller: Program) -> None:
    body = {"scheme": "points", "day": "2026-11-22"}
    without = await caller.client.post(f"{caller.root}/runs", json=body)
    assert without.status_code == 400
    assert without.json()["faults"] == [
        {"where": "Idempotency-Key", "detail": "缺少参数 Idempotency-Key"},
    ]
    odd = await caller.post("runs", {**body, "tenant_id": 7})
    assert odd.status_code == 400
    assert odd.json()["faults"][0]["detail"] == "没有字段 tenant_id"
    short = await caller.post("runs", body, "short")
    assert (short.status_code, short.json()["faults"][0]["where"]) == (400, "Idempotency-Key")
    assert (await caller.get("runs")).json()["total"] == 0


async def test_a_waiting_run_can_be_cancelled_once(caller: Program) -> None:
    run = (await caller.post("runs", {"scheme": "points", "day": "2026-11-22"})).json()["id"]
    stopped = await caller.post(f"runs/{run}/cancel")
    assert stopped.status_code == 202
    assert (await caller.get(f"runs/{run}")).json()["state"] == "failed"
    assert (await caller.post(f"runs/{run}/cancel")).status_code == 409


async def test_the_rulebook_is_told_exactly(caller: Program) -> None:
    listed = (await caller.get("schemes")).json()["items"]
    assert [(one["key"], one["version"], one["available"]) for one in listed] == [("points", 1, True)]
    told = (await caller.get("schemes/points/rulebook")).json()
    assert told["version"] == 1
    assert len(told["digest"]) == 64
    assert "items" in told["rulebook"]
    assert (await caller.get("schemes/points/rulebook?on=2019-01-01")).status_code == 404


async def test_a_token_may_only_what_its_scopes_say(
    app: Litestar, two_tenants: tuple[int, int], people: dict[str, str]
) -> None:
    del people
    reader = await program(app, two_tenants[0], [Permission.VIEW_SCHEMES])
    assert (await reader.get("schemes")).status_code == 200
    for path in ("members", "facts", "runs"):
        assert (await reader.get(path)).status_code == 403
    assert (await reader.post("runs", {"scheme": "points", "day": "2026-11-22"})).status_code == 403


async def test_a_token_of_another_tenant_is_no_token(
    app: Litestar, two_tenants: tuple[int, int], people: dict[str, str]
) -> None:
    del people
    token = await token_for(two_tenants[0])
    abroad, nobody = Program(app, "xishan", token), Program(app, "xishan")
    for path in ("organizations", f"members/{uuid4()}"):
        answers = [await who.get(path) for who in (abroad, nobody)]
        assert {answer.status_code for answer in answers} == {401}
        assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
        told = [{**answer.json(), "instance": ""} for answer in answers]
        assert told[0] == told[1]


async def test_a_browsers_session_opens_no_door_of_the_api(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get("/api/v1/t/donghu/members")).status_code == 401
    assert (await admin.client.post("/api/v1/t/donghu/runs", json={})).status_code == 401


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer ", "Basic amljZW5n", "Bearer jiceng_x", "Bearer jiceng_é", "jiceng_x"]
)
async def test_whatever_is_no_token_is_nobody(app: Litestar, two_tenants: tuple[int, int], sent: str) -> None:
    del two_tenants
    caller = Program(app, "donghu")
    answer = await caller.get("members", headers={"authorization": sent.encode()})
    assert answer.status_code == 401


async def test_problems_speak_the_language_asked_for_and_name_the_request(caller: Program) -> None:
    for sent, title in (
        ("en-GB,en;q=0.8", "This page was not found"),
        ("zh-CN,en;q=0.5", "没有找到这个页面"),
        ("fr", "没有找到这个页面"),
    ):
        answer = await caller.get(f"members/{uuid4()}", headers={"accept-language": sent})
        assert answer.status_code == 404
        assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
        assert answer.json()["title"] == title
        assert answer.json()["detail"].isascii() == sent.startswith("en")


@pytest.mark.parametrize("size", ["0", "201", "1000000000", "-1", "x"])
async def test_pages_have_a_hard_cap(caller: Program, size: str) -> None:
    assert (await caller.get(f"members?size={size}")).status_code == 400
    assert (await caller.get(f"members?page={int(size) + 10**9 if size.isdigit() else 0}")).status_code == 400


async def test_a_body_nested_without_end_is_refused(caller: Program) -> None:
    headers = {"content-type": "application/json", "idempotency-key": "nested-deep"}
    for nested in ("[" * 100_000, '{"facts":' + "[" * 100_000 + "]" * 100_000 + "}"):
        for path in ("runs", "schemes/points/facts/claim"):
            answer = await caller.client.post(f"{caller.root}/{path}", content=nested, headers=headers)
            assert answer.status_code == 400, path


async def test_days_of_the_past_are_answered_as_of_then(caller: Program) -> None:
    assert date(2020, 1, 1) > date(2019, 1, 1)
    assert (await caller.get("members?at=2019-01-01")).json()["total"] == 0
    assert (await caller.get("members?at=2020-01-01")).json()["total"] == 3
