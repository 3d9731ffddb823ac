"""What parts start as: an empty rulebook, the buttons 分数线 / 免评 / 一票否决 / …, parties of a vote."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jiceng.schemes.editing.leaves import listed, number
from jiceng.schemes.editing.sheet import titles_of
from jiceng.schemes.editing.wording import name_for

if TYPE_CHECKING:
    from jiceng.schemes.editing.sheet import Draft, Sheet

LONGEST_TITLE = 100
_BETWEEN_GRADES = re.compile(r"[\s、，,；;>＞]+")


class Start(NamedTuple):
    """One button that adds a part: its words, what it is for, and what the new part holds."""

    title: str
    help: str
    sheet: Sheet


DECIDE: dict[str, Start] = {
    "bands": Start("分数线", "多少分定什么等次", {"do": "bands", "title": "按分定等次"}),
    "exempt": Start("不参加评定", "免评、缓评", {"do": "override", "title": "免评", "out": "免评"}),
    "veto": Start("一票否决", "有某种情形就定为最低", {"do": "override", "title": "一票否决", "final": "1"}),
    "direct": Start(
        "直接认定", "有某种荣誉就直接定等次", {"do": "override", "title": "直接认定", "final": "1"}
    ),
    "quota": Start("名额", "各等次的百分比、个数或比例", {"do": "quota", "title": "名额", "how": "share"}),
    "step": Start("升降级限制", "与上期相比最多升降几级", {"do": "step", "title": "逐级升降"}),
}


def empty_draft(title: str, subject: str, grades: str) -> Draft:
    """A rulebook with nothing but its total; grades may be typed with blanks or > between them."""
    words = "、".join(_BETWEEN_GRADES.split(grades.strip(" 、，,；;>＞")))
    return {
        "header": [{"title": title, "subject": subject, **({"grades": words} if words else {})}],
        "facts": [],
        "classes": [],
        "items": [],
        "groups": [{"id": "1", "name": "score", "title": "总分"}],
        "decide": [],
        "outputs": [],
        "area": [],
    }


def started(section: str, kind: str, draft: Draft) -> Sheet:
    """What a new part of a section starts as; `kind` is the button pressed."""
    if section == "decide":
        sheet = dict(DECIDE[kind if kind in DECIDE else "bands"].sheet)
        if sheet["do"] == "bands":
            grades = str(draft["header"][0].get("grades", ""))
            rows = [{"grade": grade} for grade in listed(grades)]
            return {**sheet, **({"rows": rows} if rows else {})}
        return sheet
    return {"facts": {"kind": "number"}, "items": {"scale": "points"}}.get(section, {})


def named(draft: Draft, section: str, sheet: Sheet) -> Sheet:
    """The part with a name made of its title when nobody typed one; event fields likewise."""
    if section in {"header", "decide"}:
        return sheet
    found = dict(sheet)
    others = {name for name in titles_of(draft) if name != sheet.get("name")}
    if not found.get("name") and (name := name_for(str(found.get("title", "")), frozenset(others))):
        found["name"] = name
    if section == "facts" and found.get("fields"):
        taken: set[str] = set()
        fields = []
        for row in found["fields"]:
            name = str(row.get("name") or name_for(str(row.get("title", "")), frozenset(taken | others)))
            taken.add(name)
            fields.append({**row, **({"name": name} if name else {})})
        found["fields"] = fields
    return found


class Ballot(NamedTuple):
    """The pattern for a vote: title, options with marks, parties with weights in percent."""

    title: str
    marks: tuple[tuple[str, str], ...]
    parties: tuple[tuple[str, str], ...]


def ballot_parts(ballot: Ballot) -> dict[str, list[Sheet]]:
    """Parts for a vote of several parties: the ballots, an item for each party, a weighted group."""
    options = "、".join(option for option, _ in ballot.marks)
    fact: Sheet = {
        "title": f"{ballot.title}票",
        "kind": "ballot",
        "fields": [
            {"title": "评议方", "kind": "choice", "options": "、".join(party for party, _ in ballot.parties)},
            {"title": "评议意见", "kind": "choice", "options": options},
        ],
    }
    items: list[Sheet] = [
        {
            "title": f"{party}{ballot.title}",
            "from": fact["title"],
            "when": f"评议方 == '{party}'",
            "value": "评议意见",
            "scale": "choice",
            "choice": [{"key": option, "value": mark} for option, mark in ballot.marks],
            "combine": "mean",
        }
        for party, _ in ballot.parties
    ]
    of = [
        {"key": item["title"], "value": _part(weight)}
        for item, (_, weight) in zip(items, ballot.parties, strict=True)
    ]
    group: Sheet = {"title": ballot.title, "of": of, "round.places": "2"}
    return {"facts": [fact], "items": items, "groups": [group]}


def _part(percent: str) -> str:
    """`40` as 0.4 and `33.3` as 0.333; what is no number stays as typed."""
    value = number(percent.strip().rstrip("%％ "))
    return value if isinstance(value, str) else f"{Decimal(value).scaleb(-2).normalize():f}"
