"""The workbook's rows as rows of the tables of costs and certification. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jiceng.api.database import new_id
from jiceng_project_ledger.certification.life import STATE_WORDS as FINDING_WORDS
from jiceng_project_ledger.certification.life import VERDICT_WORDS
from jiceng_project_ledger.certification.vocabulary import SORTS
from jiceng_project_ledger.costs.rules import Route
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.frames import moment
from jiceng_project_ledger.sheets.rows import Row, fen, group_of

if TYPE_CHECKING:
    from jiceng_project_ledger.costs.rules import Thresholds
    from jiceng_project_ledger.sheets.frames import Brought

PLACES = ("一", "二", "三")
VALID = timedelta(days=90)
_FINDINGS = {words: state.value for state, words in FINDING_WORDS.items()}
_VERDICTS = {words: verdict.value for verdict, words in VERDICT_WORDS.items()}
_SORTS = {words: sort for sort, words in SORTS.items()}


def costs(brought: Brought, rules: Thresholds) -> dict[str, list[Row]]:
    """Rows of the tables of costs by table: lines, inquiries, quotes, awards, contracts, payments."""
    names = ("lines", "inquiries", "quotes", "awards", "contracts", "payments")
    found: dict[str, list[Row]] = {name: [] for name in names}
    starts = {row["project"]: row["starts"] for row in brought.of(columns.PROJECTS)}
    for project, rows in brought.by_project(columns.COSTS).items():
        for line, row in enumerate(rows, start=1):
            day = row["opened"] or row["awarded"] or starts[project]
            for name, kept in _purchase({"project": project, "line": line}, row, day, rules).items():
                found[name] += kept
    return found


def findings(brought: Brought) -> dict[str, list[Row]]:
    """Rows of supervisors, findings and what was done about them."""
    found: dict[str, list[Row]] = {"supervisors": [], "findings": [], "moves": []}
    began = {row["project"]: row["began"] for row in brought.of(columns.PROJECTS)}
    for project, rows in brought.by_project(columns.FINDINGS).items():
        supervisors: dict[str, str] = {}
        for seq, row in enumerate(rows, start=1):
            if row["supervisor"] not in supervisors:
                supervisors[row["supervisor"]] = str(new_id())
                found["supervisors"].append(
                    {
                        "id": supervisors[row["supervisor"]],
                        "project": project,
                        "member": brought.members[row["supervisor"]],
                        "since": min(began[project] or row["found"], row["found"]),
                        "at": moment(row["found"]),
                    }
                )
            finding = _finding(project, seq, row, supervisors[row["supervisor"]])
            found["findings"].append(finding)
            found["moves"] += _finding_moves(finding, row)
    return found


def acceptances(brought: Brought) -> tuple[list[Row], list[Row]]:
    """Rows of acceptances and of the members of their groups, the first one the chair."""
    rounds: list[Row] = []
    people: list[Row] = []
    for project, rows in brought.by_project(columns.ACCEPTANCES).items():
        for number, row in enumerate(rows, start=1):
            acceptance = str(new_id())
            rounds.append(
                {
                    "id": acceptance,
                    "project": project,
                    "round": number,
                    "held": row["held"],
                    "verdict": _VERDICTS[row["verdict"]],
                    "opinion": row["opinion"],
                    "recorded_by": row["recorded_by"],
                    "at": moment(row["held"]),
                }
            )
            people += [
                {"acceptance": acceptance, "member": brought.members[one], "chair": place == 0}
                for place, one in enumerate(dict.fromkeys(group_of(row["group"])))
            ]
    return rounds, people


def _purchase(about: Row, row: Row, day: date, rules: Thresholds) -> dict[str, list[Row]]:
    first = about | {"version": 1, "reason": ""}
    line = first | {"name": row["name"], "amount": fen(row["amount"]), "dropped": False, "at": moment(day)}
    found: dict[str, list[Row]] = {"lines": [line]}
    quoted = [place for place in PLACES if row[f"supplier_{place}"] and row[f"quote_{place}"]]
    route = rules.route(fen(row["amount"]))
    inquiry = None
    if route is not Route.DIRECT and quoted and row["awarded"]:
        inquiry = str(new_id())
        notice = f"公告 {row['number']}-{about['line']}" if route is Route.TENDER else ""
        closes = row["awarded"] - timedelta(days=1)
        span = {"opened": min(day, closes), "closes": closes}
        found["inquiries"] = [
            first | span | {"id": inquiry, "route": route.value, "notice": notice, "at": moment(day)}
        ]
    received = (row["awarded"] or day) - timedelta(days=1)
    quotes = {place: _quote(about, row, place, inquiry, received) for place in quoted}
    found["quotes"] = list(quotes.values())
    if row["chosen"]:
        found |= _bought(first, row, quotes)
    return found


def _quote(about: Row, row: Row, place: str, inquiry: str | None, received: date) -> Row:
    return about | {
        "id": str(new_id()),
        "inquiry": inquiry,
        "supplier": row[f"supplier_{place}"],
        "amount": fen(row[f"quote_{place}"]),
        "received": received,
        "valid_until": received + VALID,
        "withdrawn": False,
        "reason": "",
        "at": moment(received),
    }


def _bought(first: Row, row: Row, quotes: dict[str, Row]) -> dict[str, list[Row]]:
    chosen, award = quotes[row["chosen"]], str(new_id())
    lowest = min(one["amount"] for one in quotes.values())
    dearer = row["reason"] or "综合考虑质量和工期"
    found: dict[str, list[Any]] = {
        "awards": [
            first
            | {
                "id": award,
                "quote": chosen["id"],
                "amount": chosen["amount"],
                "lowest": lowest,
                "day": row["awarded"],
                "decided_by": row["decided_by"],
                "reason": "" if chosen["amount"] == lowest else dearer,
                "at": moment(row["awarded"]),
            }
        ]
    }
    if row["contract"]:
        found["contracts"] = [
            first
            | {
                "award": award,
                "number": row["contract"],
                "amount": chosen["amount"],
                "signed": row["signed"],
                "at": moment(row["signed"]),
            }
        ]
    if row["paid"]:
        found["payments"] = [
            {
                "project": first["project"],
                "line": first["line"],
                "seq": first["line"],
                "amount": fen(row["paid"]),
                "paid": row["paid_on"],
                "voucher": row["voucher"],
                "reason": "",
                "at": moment(row["paid_on"]),
            }
        ]
    return found


def _finding(project: str, seq: int, row: Row, supervisor: str) -> Row:
    return {
        "id": str(new_id()),
        "project": project,
        "seq": seq,
        "supervisor": supervisor,
        "sort": _SORTS[row["sort"]],
        "found": row["found"],
        "matter": row["matter"],
        "deadline": row["deadline"],
        "state": _FINDINGS[row["state"]],
        "answered": row["answered"],
        "late": bool(row["answered"] and row["answered"] > row["deadline"]),
        "at": moment(row["found"]),
    }


def _finding_moves(finding: Row, row: Row) -> list[Row]:
    acts = {"待整改": (), "待复查": ("answer",), "已销号": ("answer", "pass")}[row["state"]]
    words = {"answer": "已整改", "pass": "复查通过"}
    return [
        {"finding": finding["id"], "act": act, "words": words[act], "at": moment(row["answered"])}
        for act in acts
    ]
