"""What is wrong with a draft is said in the words of its forms, never by the keys of the file."""

import re

import pytest

from jiceng.schemes.editing.checking import check
from jiceng.schemes.editing.plain import plain
from jiceng.schemes.editing.sheet import Draft, Sheet

GRADES = "五星、四星"


def draft(**sections: list[Sheet]) -> Draft:
    empty: Draft = {
        "header": [{"title": "办法", "subject": "member", "grades": GRADES}],
        "facts": [{"id": "1", "title": "分", "name": "mark", "kind": "number", "min": "0", "max": "100"}],
        "classes": [],
        "items": [{"id": "1", "title": "项", "name": "one", "scale": "points", "points": "mark"}],
        "groups": [{"id": "1", "name": "score", "title": "总分", "of": [{"key": "one", "value": "1"}]}],
        "decide": [],
        "outputs": [],
        "area": [],
    }
    return empty | sections


def quota(**fields: object) -> Draft:
    return draft(decide=[{"id": "1", "do": "quota", "title": "名额", **fields}])


def bands(*lines: tuple[str, str]) -> Draft:
    rows = [{"when": when, "grade": grade} for when, grade in lines]
    return draft(decide=[{"id": "1", "do": "bands", "title": "分数线", "rows": rows}])


def item(**fields: object) -> Draft:
    return draft(
        items=[{"id": "1", "title": "项", "name": "one", "scale": "points", "points": "mark", **fields}]
    )


RATIO = [{"key": "五星", "value": "3"}]
STEPS = [{"when": "mark >= 90", "points": "2"}, {"when": "mark < 80", "points": "1"}]
FAULTY = {
    "no kind of quota": (
        quota(),
        "「各等次的百分比」（占比）、「各等次的个数」（个数）、「各等次的份数」（比例）",
    ),
    "ratio without a grade": (quota(how="ratio", ratio=RATIO), "「各等次的份数」是全部划分，还缺 四星"),
    "a gap": (
        bands(("score >= 90", "五星"), ("score < 80", "四星")),
        "请补一行，或把「哪一行都不符合的」选「留待裁定」",
    ),
    "an overlap": (
        bands(("score >= 80", "五星"), ("score < 90", "四星")),
        "请改界限，或把「符合两行的」选「留待裁定」",
    ),
    "steps with a gap": (item(scale="steps", steps=STEPS), "或把「没有档的数」选「留待裁定」"),
    "an override of nothing": (
        draft(decide=[{"id": "1", "do": "override", "title": "否决", "when": "mark < 1"}]),
        "请写「直接定为」、「得分改为」、「不参加评定，记为」、「提请裁定的事由」等之一",
    ),
    "monthly without across": (item(each="month"), "「各月怎样汇总」"),
    "a value of everybody": (
        draft(area=[{"id": "1", "title": "平均", "name": "a", "value": "score"}]),
        "要写在「占比」、「平均」、「合计」、「个数」里",
    ),
    "rows without from": (item(keep=[{"key": "period", "value": "1"}]), "请写「数据来自」"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_fault_names_the_fields_of_the_form(case: str) -> None:
    faulty, said = FAULTY[case]
    errors = [wrong.zh for wrong in check(faulty).errors]
    assert any(said in zh for zh in errors), errors
    for zh in errors:
        assert not re.search("[a-z]{3}", re.sub("“[^”]*”", "", zh)), zh


def test_what_people_named_themselves_stays() -> None:
    said = plain("“share”没有用到，share 合计 2，score = 3", "decide", {"score": "总分"})
    assert said == "“share”没有用到，「各等次的百分比」合计 2，总分 = 3"
