"""The examples of regulations 04, 10 and 29: the ballot is voted on phones and paper, the result read twice.

What is a ballot in the regulation (the yearly appraisal, the democratic mark) is never handed in here: it is
voted, counted and fed by the ballot pages. The expected values are the examples' own.
"""

import re
from typing import Any, NamedTuple

import msgspec
import polars as pl
import pytest
from litestar import Litestar
from tests.support.appraisal import YEAR, small_town
from tests.support.ballot_story import counted, drafted, links, typed, voted
from tests.support.balloting import DAY, REGULATIONS
from tests.support.programs import Program, program
from tests.support.web import signed_in_browser

from jiceng.evaluation import jobs
from jiceng.facts.service import import_facts
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt
from jiceng_sdk.cases.shape import NOTHING, Case
from jiceng_sdk.cases.sources import read_source

VOTERS = 10
GRADES = "优秀 100 满意\n良好 90 满意\n合格 80 满意\n较差 0"


class Held(NamedTuple):
    """How a regulation's ballot is held: the fact it feeds, its options, ten papers for each example."""

    target: str
    options: tuple[str, ...]
    papers: dict[str, tuple[int, ...]]


VERDICTS = ("优秀", "合格", "基本合格", "不合格")
MARKS = ("优秀", "良好", "合格", "较差")
HELD = {
    # The option that most papers bear is the verdict of the year.
    "04-department-80-20": Held(
        "review|choice",
        VERDICTS,
        {
            "S1": (6, 2, 1, 1),
            "S2": (3, 1, 1, 5),
            "S3": (3, 2, 5, 0),
            "S4": (3, 2, 0, 5),
            "S5": (4, 6, 0, 0),
            "S6": (3, 7, 0, 0),
            "S7": (3, 1, 6, 0),
            "S8": (3, 0, 0, 7),
        },
    ),
    # Means of 100, 90, 80 and 0 points: 90, 100, 95, 80, 0, 85.
    "10-branch-70-20-10-veto": Held(
        "review|mark",
        MARKS,
        {
            "S1": (4, 2, 4, 0),
            "S2": (10, 0, 0, 0),
            "S3": (5, 5, 0, 0),
            "S4": (8, 0, 0, 2),
            "S5": (0, 0, 0, 10),
            "S6": (4, 5, 0, 1),
        },
    ),
    # 88, 70, 70, 60, 60, 90.
    "29-quannan-party-checkup": Held(
        "ballot_mark|mark",
        MARKS,
        {
            "S1": (8, 0, 1, 1),
            "S2": (7, 0, 0, 3),
            "S3": (3, 0, 5, 2),
            "S4": (6, 0, 0, 4),
            "S5": (2, 0, 5, 3),
            "S6": (4, 2, 4, 0),
        },
    ),
}


@pytest.mark.parametrize("regulation", HELD)
async def test_the_examples_come_out_of_ballots(
    app: Litestar, two_tenants: tuple[int, int], regulation: str
) -> None:
    held = HELD[regulation]
    source = read_source(REGULATIONS / f"{regulation}.cases.toml").file.cases
    cases = {case.example: case for case in source if case.example}
    assert list(cases) == list(held.papers)
    people = await town(two_tenants[0], regulation, cases)
    numbers = dict(zip(cases, people, strict=True))
    await feed_by_ballot(app, two_tenants[0], held, numbers)
    caller = await program(app, two_tenants[0])
    run = (await caller.post("runs", {"scheme": "review", "day": DAY.isoformat()})).json()["id"]
    await run_due_jobs(jobs.JOBS)
    answer = (await caller.get(f"runs/{run}/results?size=200")).json()
    found = {one["number"]: one for one in answer["items"]}
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    for example, case in cases.items():
        told = found[numbers[example]]
        assert as_told(told, case) == as_wanted(case), example
        address = f"/t/donghu/runs/{run}/results/{told['subject']}"
        assert_page((await viewer.get(address)).text, case)
        await assert_lines(caller, run, told)


async def town(tenant: int, regulation: str, cases: dict[str, Case]) -> dict[str, str]:
    """A member for each example and all its facts but the ballot's; what rosters do not know is handed in."""
    fed = HELD[regulation].target.partition("|")[0]
    with tenant_scope(tenant):
        people = await small_town(len(cases))
        toml = (
            (REGULATIONS / f"{regulation}.toml")
            .read_text(encoding="utf-8")
            .replace(', source = "roster"', "")
        )
        await adopt("review", toml=toml, in_force_from=YEAR, reason="样例")
        rows: dict[str, list[dict[str, Any]]] = {}
        for case, subject in zip(cases.values(), people.values(), strict=True):
            (person,) = case.people
            for name, value in person.values.items():
                if name != fed:
                    rows.setdefault(name, []).append({"subject": subject, "date": DAY, "value": value})
            rows.setdefault("letter", []).extend(letters(subject, person.facts.get("letter", ())))
        for name, some in rows.items():
            if not some:
                continue
            await import_facts("review", name, pl.DataFrame(some), source="样例")
    return people


def letters(subject: str, given: Any) -> list[dict[str, Any]]:
    """Letters of thanks, which cases write as their number or as rows with `times`."""
    some = [{"times": given}] if isinstance(given, int) else given
    return [
        {"subject": subject, "date": DAY, "publicised": bool(row.get("publicised"))}
        for row in some
        for _ in range(int(row.get("times", 1)))
    ]


async def feed_by_ballot(app: Litestar, tenant: int, held: Held, numbers: dict[str, str]) -> None:
    """Three vote on their phones, seven on paper typed by two people; counted, and so fed to the scheme."""
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    other = await signed_in_browser(app, tenant, "rater")
    own = {} if held.options == VERDICTS else {"options": GRADES}
    ballot, party = await drafted(
        admin, " ".join(numbers.values()), VOTERS, goes_to=f"review:{held.target}", **own
    )
    assert (await admin.post(f"{ballot}/open")).status_code == 303
    left = {example: list(papers) for example, papers in held.papers.items()}
    for link in (await links(admin, party))[:3]:
        marks = {}
        for example, papers in left.items():
            place = max(range(len(papers)), key=papers.__getitem__)
            papers[place] -= 1
            marks[f"党员{numbers[example]}"] = held.options[place]
        await voted(app, link, **marks)
    await typed(admin, other, ballot, party, list(left.values()))
    page = await counted(admin, ballot)
    for example, cast in held.papers.items():
        cells = re.search(rf"党员{numbers[example]}.*?</tr>", page, re.DOTALL)
        assert cells is not None
        shown = [int(cell) for cell in re.findall(r'<td class="num[^"]*">(\d+)</td>', cells[0])]
        assert shown[: len(cast)] == list(cast), example


def as_wanted(case: Case) -> tuple[Any, ...]:
    wanted = case.wanted[case.people[0].name]
    return (
        wanted.status or "rated",
        None if wanted.score == NOTHING else str(wanted.score),
        None if wanted.grade in (NOTHING, msgspec.UNSET) else wanted.grade,
        {name: None if value == NOTHING else value for name, value in wanted.outputs.items()},
    )


def as_told(told: dict[str, Any], case: Case) -> tuple[Any, ...]:
    outputs = case.wanted[case.people[0].name].outputs
    return told["status"], told["score"], told["grade"], {name: told["outputs"][name] for name in outputs}


def assert_page(page: str, case: Case) -> None:
    _, score, grade, _ = as_wanted(case)
    said = re.search(r'<span class="big">([^<]*)</span>.*?<span class="mid2">([^<]*)</span>', page, re.DOTALL)
    assert said is not None
    assert float(said[1].replace("—", "nan")) == pytest.approx(float(score or "nan"), nan_ok=True)
    assert grade is None or said[2] == grade


async def assert_lines(caller: Program, run: str, told: dict[str, Any]) -> None:
    explained = (await caller.get(f"runs/{run}/results/{told['subject']}")).json()
    points = sum(float(line["points"]) for line in explained["scoring"])
    assert told["score"] is None or points == pytest.approx(float(told["score"]))
