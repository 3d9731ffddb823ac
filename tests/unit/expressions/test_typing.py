"""Kinds, decimals, options and bounds of expressions."""

from decimal import Decimal

import pytest
from msgspec import structs

from jiceng_sdk.expressions import Range, Scope, Symbol, checked, parse, typed
from jiceng_sdk.faults import Faults


def _number(name: str, places: int | None, low: int, high: int) -> Symbol:
    bounds = Range(Decimal(low), Decimal(high))
    return Symbol(name=name, kind="number", origin="fact", places=places, range=bounds)


SCOPE = Scope(
    names={
        "分": _number("分", 2, 0, 100),
        "票": _number("票", 0, 1, 50),
        "均": _number("均", None, 0, 100),
        "late": Symbol(name="late", kind="flag", origin="fact"),
        "town": Symbol(name="town", kind="text", origin="fact", options=("东镇", "西镇")),
        "joined": Symbol(name="joined", kind="date", origin="fact"),
        "grade": Symbol(name="grade", kind="grade", origin="grade", options=("五星", "四星")),
    },
    grades=("五星", "四星"),
    score="分",
)
CELL = structs.replace(SCOPE, where="cell")
EVENT = structs.replace(SCOPE, where="event")
AREA = Scope(names={}, where="area", grades=("五星", "四星"), inner=SCOPE)

PLACES = {
    "1": 0,
    "0.25": 2,
    "20%": 2,
    "分 + 0.125": 3,
    "分 * 0.125": 5,
    "分 * 分 * 分": 6,
    "-分": 2,
    "分 / 4": None,
    "均 + 1": None,
    "min(分, 票)": 2,
    "max(分, 均)": None,
    "if(late, 分, 0.125)": 3,
    "round(分 / 7, 1)": 1,
    "floor(均)": 0,
    "units(均, 30)": 0,
    "count(late, 分 > 3)": 0,
    "days(joined, years_before(joined, 2))": 0,
    "months(years_before(joined, 2), joined)": 0,
    "cohort_dense(均)": 0,
    "abs(均)": None,
}
BOUNDS = {
    "分 + 票": (1, 150),
    "分 - 票": (-50, 99),
    "分 * -2": (-200, 0),
    "分 / 票": (0, 100),
    "min(1, 分 / 票)": (0, 1),
    "max(分, 150)": (150, 150),
    "abs(分 - 100)": (0, 100),
    "if(late, 分, -5)": (-5, 100),
    "count(late, late, late)": (0, 3),
    "units(分, 30)": (0, 4),
}


@pytest.mark.parametrize("text", PLACES)
def test_decimals_are_known_and_quotients_are_marked(text: str) -> None:
    found = typed(parse(text), SCOPE)
    assert (found.kind, found.places) == ("number", PLACES[text])


@pytest.mark.parametrize("text", BOUNDS)
def test_bounds_follow_the_arithmetic(text: str) -> None:
    found = typed(parse(text), SCOPE)
    assert [found.range.low, found.range.high] == [Decimal(bound) for bound in BOUNDS[text]]


KINDS = {
    "分 >= 60 and not late": "flag",
    "town == '东镇'": "flag",
    "town in ['东镇', '西镇']": "flag",
    "grade >= '四星'": "flag",
    "joined > years_before(joined, 1)": "flag",
    "missing(分)": "flag",
    "if(late, '红', '')": "text",
    "if(late, grade, '四星')": "grade",
    "months_before(joined, 3)": "date",
    "true": "flag",
}


@pytest.mark.parametrize("text", KINDS)
def test_every_expression_has_a_kind(text: str) -> None:
    assert typed(parse(text), SCOPE).kind == KINDS[text]


def test_a_quoted_grade_becomes_a_grade_and_a_quoted_option_stays_a_word() -> None:
    assert [part.kind for part in typed(parse("grade >= '四星'"), SCOPE).args] == ["grade", "grade"]
    assert [part.kind for part in typed(parse("'四星' < grade"), SCOPE).args] == ["grade", "grade"]
    assert [part.kind for part in typed(parse("town != '东镇'"), SCOPE).args] == ["text", "text"]


def test_options_of_a_condition_are_put_together() -> None:
    assert typed(parse("if(late, town, '市外')"), SCOPE).options == ("东镇", "西镇", "市外")


FAULTS = {
    "分数 + 1": (1, "没有叫“分数”的名称，是否指“分”？", "nothing is called '分数', did you mean \"分\"?"),
    "late + 1": (1, "这里要数，写的是是否", "a number is needed here, this is a flag"),
    "分 and late": (1, "这里要是否，写的是数", "a flag is needed here, this is a number"),
    "town > '东镇'": (8, "文字没有大小，只能用 == 或 !=", "a text has no order, use == or !="),
    "town == '东'": (
        9,
        "“东”不是选项（东镇、西镇），是否指“东镇”？",
        "'东' is not an option, did you mean \"东镇\"?",
    ),
    "grade == '五'": (10, "没有等次“五”，是否指“五星”？", "there is no grade '五', did you mean \"五星\"?"),
    "grade == 5": (10, "等次不能与数相比", "cannot compare a grade with a number"),
    "分 == late": (6, "数不能与是否相比", "cannot compare a number with a flag"),
    "mni(分, 1)": (1, "没有函数 mni，是否指“min”？", "there is no function 'mni', did you mean \"min\"?"),
    "share(late)": (
        1,
        "函数 share 不能用在逐个对象的算式里",
        "the function share is not available in this place (subject)",
    ),
    "if(late, 1)": (1, "if 要 3 个值，给了 2 个", "if takes 3 values, 2 given"),
    "count()": (1, "count 要 至少 1 个值，给了 0 个", "count takes at least 1 values, 0 given"),
    "round(分, 票)": (10, "这里要写 0 到 24 的整数", "a whole number from 0 to 24 must be written here"),
    "if(late, 1, '无')": (
        1,
        "if 的两个结果要同类，却是数和文字",
        "the two results of if differ: number and text",
    ),
    "cohort_deviation(分, 13)": (
        21,
        "这里要写 0 到 12 的整数",
        "a whole number from 0 to 12 must be written here",
    ),
    "cohort_deviation(分)": (
        1,
        "cohort_deviation 要 2 个值，给了 1 个",
        "cohort_deviation takes 2 values, 1 given",
    ),
    "cohort_rank(分, ['twn'])": (
        17,
        "不能按“twn”分范围：每个名称写一次，要是每个对象一个值的选项、是否或类别，是否指“town”？",
        "'twn' cannot split subjects: name a choice, a flag or a class, each once, did you mean \"town\"?",
    ),
    "cohort_rank(分, ['票'])": (
        17,
        "不能按“票”分范围：每个名称写一次，要是每个对象一个值的选项、是否或类别",
        "'票' cannot split subjects: name a choice, a flag or a class, each once",
    ),
    "cohort_rank(分, ['town', 'town'])": (
        25,
        "不能按“town”分范围：每个名称写一次，要是每个对象一个值的选项、是否或类别",
        "'town' cannot split subjects: name a choice, a flag or a class, each once",
    ),
    "max(分, ['town'])": (
        1,
        "max 后面不能写方括号：只有 cohort_ 开头的函数可以说明在哪个范围内比较",
        "max takes no list: only cohort_… functions say among whom they compare",
    ),
    "streak(cohort_rank(分) <= 3)": (
        8,
        "往期没有记录 cohort_rank：把它写成一个产出，再读 previous.产出名",
        "cohort_rank is not recorded for earlier periods: make it an output, read previous.…",
    ),
    "streak(票 > 3)": (
        1,
        "往期没有记录“票”，只记录得分、等次、状态和产出",
        "'票' is not recorded for earlier periods, only score, grade, status and outputs",
    ),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_kind_error_names_column_and_remedy(text: str) -> None:
    with pytest.raises(Faults) as caught:
        typed(parse(text), SCOPE)
    assert [(one.column, one.zh, one.en) for one in caught.value.faults] == [FAULTS[text]]


def test_all_faults_of_an_expression_are_told_at_once() -> None:
    with pytest.raises(Faults) as caught:
        typed(parse("if(nope, lat + 1, town > 3)"), SCOPE)
    assert [(one.column, one.nearest) for one in caught.value.faults] == [(4, ""), (10, "late"), (26, "")]


def test_functions_exist_only_in_their_place() -> None:
    assert typed(parse("next(late) or prior(late)"), CELL).kind == "flag"
    assert typed(parse("streak(票 > 3)"), CELL).places == 0
    assert typed(parse("cohort_mean(分)"), SCOPE).places is None
    spread = typed(parse("cohort_deviation(分, 2, ['town', 'late'])"), SCOPE)
    assert (spread.places, spread.range, [one.name for one in spread.over]) == (
        2, Range(Decimal(0), Decimal(50)), ["town", "late"],
    )  # fmt: skip
    assert set(spread.symbols()) == {"分", "town", "late"}
    for text, scope in (("next(late)", SCOPE), ("times(late)", CELL), ("cohort_max(分)", EVENT)):
        with pytest.raises(Faults, match="不能用在"):
            typed(parse(text), scope)


def test_area_values_read_subjects_only_inside_aggregates() -> None:
    assert typed(parse("share(grade >= '四星')"), AREA).range == Range(Decimal(0), Decimal(1))
    assert typed(parse("sum(分) / count()"), AREA).places is None
    assert typed(parse("mean(if(late, 0, 分))"), AREA).kind == "number"
    with pytest.raises(Faults, match="没有叫“分”的名称"):
        typed(parse("分 + 1"), AREA)


DIVISIONS = {
    "分 / 票": 0,
    "票 / 分": 1,
    "if(分 > 0, 票 / 分, 0)": 0,
    "if(分 == 0, 0, 票 / 分)": 0,
    "if(0 < 分, 票 / 分, 0)": 0,
    "if(not (分 > 0), 0, 票 / 分)": 0,
    "if(late or 分 > 0, 票 / 分, 0)": 1,
    "if(late and 分 >= 1, 票 / 分, 0)": 0,
    "if(分 >= 0, 票 / 分, 0)": 1,
    "if(0 < 3 and 票 < 分, 票 / 分, 0)": 1,
    "if(分 - 票 != 0, 1 / (分 - 票), 0)": 0,
}


@pytest.mark.parametrize("text", DIVISIONS)
def test_a_divisor_that_may_be_nought_is_doubtful_unless_guarded(text: str) -> None:
    found, faults = checked(parse(text), SCOPE)
    assert found is not None
    assert [fault.severity for fault in faults] == ["warning"] * DIVISIONS[text]
