"""Faults of a draft stand at the field they are about."""

from jiceng.schemes.editing.checking import Checked, check
from jiceng.schemes.editing.raw import Spot
from jiceng.schemes.editing.saying import change_said
from jiceng.schemes.editing.sheet import Draft, Sheet
from jiceng.schemes.editing.wording import name_for


def draft(**sections: list[Sheet]) -> Draft:
    """A small rulebook with one item of each section unless the test says otherwise."""
    return {
        "header": [{"title": "值班", "subject": "member", "grades": "好、差"}],
        "facts": [{"id": "1", "name": "天数", "title": "天数", "kind": "number", "min": "0", "max": "366"}],
        "items": [
            {"id": "1", "name": "出勤", "title": "出勤", "scale": "points", "points": "天数", "cap": "100"}
        ],
        "groups": [{"id": "1", "name": "score", "title": "总分", "of": [{"key": "出勤"}]}],
        "decide": [
            {"id": "1", "do": "bands", "title": "等次", "rows": [
                {"when": "总分 >= 60", "grade": "好"}, {"when": "总分 < 60", "grade": "差"}]}
        ],
        **sections,
    }  # fmt: skip


def spots(checked: Checked) -> list[Spot]:
    return [wrong.spot for wrong in checked.errors]


def test_a_sound_draft_has_no_errors_and_a_usable_book() -> None:
    checked = check(draft())
    assert checked.errors == ()
    assert checked.book is not None
    assert checked.computable


def test_a_number_that_is_none_is_named_at_its_field() -> None:
    items = [{"id": "1", "name": "出勤", "title": "出勤", "scale": "choice", "from": "天数",
              "choice": [{"key": "一", "value": "十分"}]}]  # fmt: skip
    (wrong,) = check(draft(items=items)).errors
    assert wrong.spot == Spot("items", "1", "choice-0-value")
    assert "十分" in wrong.zh


def test_an_unknown_name_in_a_condition_is_named_at_its_row() -> None:
    bands = [{"id": "7", "do": "bands", "title": "等次", "rows": [
        {"when": "总分 >= 60", "grade": "好"}, {"when": "总份 < 60", "grade": "差"}]}]  # fmt: skip
    checked = check(draft(decide=bands))
    assert spots(checked) == [Spot("decide", "7", "rows-1-when")]
    assert "总份" in checked.errors[0].zh
    assert not checked.computable


def test_a_gap_between_bands_is_named_at_the_rows() -> None:
    bands = [{"id": "7", "do": "bands", "title": "等次", "rows": [
        {"when": "总分 > 60", "grade": "好"}, {"when": "总分 < 60", "grade": "差"}]}]  # fmt: skip
    assert {(one.section, one.part) for one in spots(check(draft(decide=bands)))} == {("decide", "7")}


def test_two_parts_of_one_name_are_a_fault_and_both_stay() -> None:
    facts = [
        {"id": "1", "name": "天数", "title": "天数", "kind": "number", "max": "366", "min": "0"},
        {"id": "2", "name": "天数", "title": "又一个", "kind": "flag"},
    ]
    assert Spot("facts", "2", "") in spots(check(draft(facts=facts))) or Spot("facts", "1", "") in spots(
        check(draft(facts=facts))
    )


def test_a_window_written_twice_is_a_fault() -> None:
    items = [{"id": "1", "name": "出勤", "title": "出勤", "from": "次", "scale": "points", "points": "1",
              "limit": [{"per": "每月", "high": "2"}, {"per": "月", "high": "3"}]}]  # fmt: skip
    facts = [{"id": "1", "name": "次", "title": "次", "kind": "event"}]
    wrongs = check(draft(items=items, facts=facts)).errors
    assert [wrong.zh for wrong in wrongs] == ["“每月”写了两次"]


def test_a_limit_without_its_most_is_told_at_its_row() -> None:
    items = [{"id": "1", "name": "出勤", "title": "出勤", "from": "次", "scale": "points", "points": "1",
              "limit": [{"per": "每月", "low": "-6"}]}]  # fmt: skip
    facts = [{"id": "1", "name": "次", "title": "次", "kind": "event"}]
    (wrong,) = check(draft(items=items, facts=facts)).errors
    assert wrong.spot == Spot("items", "1", "limit-0-high")
    assert wrong.zh == "「分数上下限」只写了最少，没有写最多；不封顶的，最多请写一个达不到的大数"


def test_the_burden_check_forbids_publishing_but_not_computing() -> None:
    facts = [{"id": "3", "name": "登录", "title": "登录次数", "kind": "number", "min": "0", "max": "366"}]
    items = [{"id": "4", "name": "活跃", "title": "每日登录", "scale": "points", "points": "登录"}]
    groups = [{"id": "1", "name": "score", "title": "总分", "of": [{"key": "活跃"}]}]
    checked = check(draft(facts=facts, items=items, groups=groups))
    assert spots(checked) == [Spot("items", "4", "")]
    assert checked.errors[0].burden
    assert checked.computable


def test_a_change_is_said_field_by_field() -> None:
    before = {"id": "1", "title": "表彰", "cap": "10"}
    assert change_said("items", before, {**before, "cap": "15"}) == "项目“表彰”：封顶 10 → 15"
    assert change_said("items", None, before) == "添加项目“表彰”"
    assert change_said("items", before, None) == "删去项目“表彰”"
    assert change_said("items", before, dict(before)) == ""


def test_a_field_that_must_be_filled_in_is_called_by_its_label() -> None:
    groups: list[Sheet] = [{"id": "1", "name": "score", "title": "总分"}]
    (wrong,) = check(draft(groups=groups)).errors
    assert (wrong.spot, wrong.zh) == (Spot("groups", "1", "of"), "请填写“计入哪些”")


def test_names_and_words_that_nothing_could_be_kept_under_are_told_at_their_fields() -> None:
    facts: list[Sheet] = [
        {"id": "1", "name": "天" * 61, "title": "天" * 201, "kind": "choice", "options": "甲、" + "乙" * 61}
    ]
    header: list[Sheet] = [{"title": "值" * 201, "subject": "member", "grades": "好、" + "差" * 41}]
    found = {wrong.spot: wrong.zh for wrong in check(draft(header=header, facts=facts)).errors}
    assert found[Spot("header", "", "title")].endswith("有 201 个字，最多 200 个字")
    assert found[Spot("header", "", "grades")].endswith("有 41 个字，最多 40 个字")
    assert found[Spot("facts", "1", "name")].endswith("有 61 个字，最多 60 个字")
    assert found[Spot("facts", "1", "title")].endswith("有 201 个字，最多 200 个字")
    away: list[Sheet] = [{"id": "1", "do": "override", "title": "不评", "when": "天数 < 1", "out": "不" * 31}]
    (wrong, *_) = check(draft(decide=away)).errors
    assert (wrong.spot, wrong.zh) == (Spot("decide", "1", "out"), f"“{'不' * 20}…”有 31 个字，最多 30 个字")
    assert found[Spot("facts", "1", "options")].endswith("有 61 个字，最多 60 个字")


def test_a_name_made_of_a_long_title_has_room() -> None:
    assert name_for("落" * 90, frozenset()) == "落" * 50
    assert name_for("落" * 90, frozenset({"落" * 50})) == "落" * 50 + "2"


def test_a_day_is_no_period_to_appraise() -> None:
    header: list[Sheet] = [{"title": "值班", "subject": "member", "grades": "好、差", "period": "day"}]
    (wrong,) = check(draft(header=header)).errors
    assert (wrong.spot, wrong.zh) == (
        Spot("header", "", "period"),
        "不能一天一评，请选一个月、一季度、半年或一年",
    )


def mean_of_claims(**typed: str) -> Draft:
    """An item that takes the mean of recommended claims, without the lowest and the highest."""
    facts = [{"id": "1", "name": "claim", "title": "认领", "kind": "event", "fields": [
        {"name": "kind", "title": "类别", "kind": "choice", "options": "必选、推荐"},
        {"name": "credit", "title": "分值", "kind": "number", "min": "0", "max": "20"}]}]  # fmt: skip
    item = {"id": "4", "name": "mean", "title": "平均", "from": "认领", "scale": "points", "points": "分值",
            "combine": "mean", "cap": "20", **typed}  # fmt: skip
    total = {"id": "1", "name": "score", "title": "总分", "of": [{"key": "mean"}]}
    return draft(facts=facts, items=[item], groups=[total])


def test_what_is_left_out_is_told_at_its_own_field() -> None:
    checked = check(mean_of_claims(**{"drop.low": "取整(票数合计 * 10%)", "drop.high": "一半"}))
    told = {wrong.spot.field: wrong.zh for wrong in checked.errors}
    assert told == {
        "drop.low": "第 4 个字：没有叫“票数合计”的名称，是否指“票数”？",
        "drop.high": "第 1 个字：没有叫“一半”的名称",
    }
    (only_means,) = check(mean_of_claims(**{"drop.low": "1", "combine": "sum"})).errors
    assert only_means.spot == Spot("items", "4", "drop.low")


def test_the_place_of_a_fault_is_counted_in_what_was_typed() -> None:
    (wrong,) = check(mean_of_claims(when=" 类别 = 其余")).errors
    assert wrong.zh == "第 7 个字：没有叫“其余”的名称"


def test_a_word_without_its_quotes_and_a_slip_are_told_what_is_meant() -> None:
    (bare,) = check(mean_of_claims(when="类别 == 推荐")).errors
    assert bare.zh == "第 7 个字：没有叫“推荐”的名称；文字要加引号：'推荐'"
    assert bare.en == "nothing is called '推荐'; words stand in quotes: '推荐'"
    (slip,) = check(mean_of_claims(points="分植值")).errors
    assert slip.zh == "第 1 个字：没有叫“分植值”的名称，是否指“分值”？"
