"""The difference of two rulebooks is told in sentences a layman reads."""

import pytest
from tests.support.rulebook_texts import BANDS, book

from jiceng_sdk.rulebook import read_rulebook
from jiceng_sdk.rulebook.difference import difference

STUDY = 'study = {{ title = "学习", from = "meeting", points = 1{} }}'
CHECKS = (
    'c = {{ title = "检查", checks = [{{ when = "late", points = {} }}, '
    '{{ when = "mark < {}", points = -1 }}] }}'
)
VETO = '\n[[decide]]\ndo = "override"\ntitle = "一票否决"\nwhen = "late"\ngrade = "合格"\n'
QUOTA = '\n[[decide]]\ndo = "quota"\ntitle = "名额"\nshare = {{ "优秀" = {} }}\nrounding = "{}"\n'


def _study(more: str) -> str:
    return book(items=STUDY.format(more), of=', "study"')


CASES = {
    "a cap": (_study(", cap = 12"), _study(", cap = 15"), ["学习封顶 12 → 15 分"]),
    "a cap added": (_study(""), _study(", cap = 15"), ["学习封顶 无 → 15 分"]),
    "a formula": (_study(', cap = "mark"'), _study(', cap = "mark * 2"'), ["学习封顶 mark → mark * 2"]),
    "points": (_study(""), _study("").replace("points = 1", "points = 2"), ["学习分值 1 → 2 分"]),
    "a limit": (
        _study(", limit = { month = 2, day = 1 }"),
        _study(", limit = { month = [-3, 3] }"),
        ["学习取消每天最多 1 分的限制", "学习每月最多 2 → -3 到 3 分"],
    ),
    "a frequency": (
        _study(", keep = { half = 1 }"),
        _study(", keep = { half = 2, form = 1 }"),
        ["学习每半年最多计 1 → 2 次", "学习同一“form”最多计 1 次（新增限制）"],
    ),
    "a new name": (_study(""), _study("").replace("学习", "理论学习"), ["“学习”改称“理论学习”"]),
    "an item added": (book(), _study(""), ["增加项目“学习”", "score计入“学习”"]),
    "an item removed": (_study(""), book(), ["去掉项目“学习”", "score不再计入“study”"]),
    "a weight": (
        book(groups='top = { title = "总评", of = { score = 0.7 } }', head='score = "top"\n'),
        book(groups='top = { title = "总评", of = { score = 0.6 } }', head='score = "top"\n'),
        ["总评中“score”的权重 0.7 → 0.6"],
    ),
    "bands": (
        book(),
        book(decide=BANDS.replace("60", "65")),
        ["优秀的界限 score >= 60 → score >= 65", "合格的界限 score < 60 → score < 65"],
    ),
    "order of decisions": (
        book(decide=BANDS + VETO + QUOTA.format("0.3", "down")),
        book(decide=VETO + BANDS + QUOTA.format("0.25", "half_up")),
        [
            "“名额”名额取整 舍去 → 四舍五入",
            "“名额”“优秀” 30% → 25%",
            "决定的先后改变：原为 等次表 → 一票否决 → 名额，现为 一票否决 → 等次表 → 名额",
        ],
    ),
    "a decision added": (book(), book(decide=BANDS + VETO), ["增加决定“一票否决”，排在“等次表”之后"]),
    "a decision removed": (book(decide=BANDS + VETO), book(), ["去掉决定“一票否决”"]),
    "facts": (
        book(facts='a = { kind = "choice", options = ["好", "差"], title = "评价" }'),
        book(facts='a = { kind = "choice", options = ["好", "中"], title = "评价", required = true }'),
        ["“评价”必填 否 → 是", "“评价”的选项去掉“差”", "“评价”的选项增加“中”"],
    ),
    "fields": (
        book(),
        book().replace("max = 24", "max = 12").replace(', "大会"], ', '], place = "text", '),
        ["“meeting”的“form”选项去掉“大会”", "“meeting”的“hours”最大值 24 → 12", "“meeting”增加字段“place”"],
    ),
    "grades and classes": (
        book(classes='a = "late"'),
        book(classes='a = "not late"\nb = "late"', head='grades = ["优秀", "良好", "合格"]'),
        ["等次增加“良好”", "类别“a” late → not late", "类别增加“b”（late）"],
    ),
    "calendar": (
        book(rest='[calendar.2025]\noff = ["10-01"]\n[calendar.2026]\noff = ["10-01..10-07"]'),
        book(rest='[calendar.2026]\noff = ["10-01..10-08"]\nwork = ["10-10"]'),
        [
            "去掉 2025 年的日历",
            "2026 年日历的放假去掉“10-01..10-07”",
            "2026 年日历的放假增加“10-01..10-08”",
            "2026 年日历的调休上班增加“10-10”",
        ],
    ),
    "rows": (
        book(items=CHECKS.format(-5, 3), of=', "c"'),
        book(items=CHECKS.format(-4, 5), of=', "c"'),
        ["检查的扣分“late”分值 -5 → -4 分", "检查的扣分“mark < 3”条件 mark < 3 → mark < 5"],
    ),
    "outputs": (
        book(rest='[outputs]\npay = { title = "奖金", value = "score * 2", unit = "元" }'),
        book(rest='[outputs]\npay = { title = "奖金", value = "score * 3", unit = "元", round = 0 }'),
        ["“奖金”取值 score * 2 → score * 3", "“奖金”取整 无 → 保留 0 位小数（四舍五入）"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_one_sentence(name: str) -> None:
    old, new, sentences = CASES[name]
    assert [change.zh for change in difference(read_rulebook(old), read_rulebook(new))] == sentences


TABLE = "table of grades"
ENGLISH = {
    "a cap": ["学习: cap 12 → 15 points"],
    "a cap added": ["学习: cap none → 15 points"],
    "a formula": ["学习: cap mark → mark * 2"],
    "points": ["学习: points 1 → 2 points"],
    "a limit": [
        "学习: the limit of at most 1 points a day is gone",
        "学习: at most 2 → -3 to 3 points a month",
    ],
    "a frequency": [
        "学习: at most 1 → 2 counted a half year",
        "学习: at most 1 counted for one “form” (new limit)",
    ],
    "a new name": ["“学习” is now called “理论学习”"],
    "an item added": ["item “学习” added", "score: “学习” counts"],
    "an item removed": ["item “学习” removed", "score: “study” counts no longer"],
    "a weight": ["总评: weight of “score” 0.7 → 0.6"],
    "bands": ["boundary of 优秀 score >= 60 → score >= 65", "boundary of 合格 score < 60 → score < 65"],
    "order of decisions": [
        "“名额”: rounding of the places rounded down → half up",
        "“名额”: “优秀” 30% → 25%",
        f"order of the decisions: was {TABLE} → 一票否决 → 名额, is now 一票否决 → {TABLE} → 名额",
    ],
    "a decision added": ["decision “一票否决” added, after “table of grades”"],
    "a decision removed": ["decision “一票否决” removed"],
    "facts": ["“评价”: required no → yes", "“评价”, options: “差” removed", "“评价”, options: “中” added"],
    "fields": [
        "“meeting”, “form”, options: “大会” removed",
        "“meeting”, “hours”: greatest value 24 → 12",
        "“meeting”: field “place” added",
    ],
    "grades and classes": [
        "grades: “良好” added",
        "classes: “a” late → not late",
        "classes: “b” added (late)",
    ],
    "calendar": [
        "calendar of 2025 removed",
        "calendar of 2026, days off: “10-01..10-07” removed",
        "calendar of 2026, days off: “10-01..10-08” added",
        "calendar of 2026, days made up for: “10-10” added",
    ],
    "rows": [
        "检查, deductions, “late”: points -5 → -4 points",
        "检查, deductions, “mark < 3”: condition mark < 3 → mark < 5",
    ],
    "outputs": [
        "“奖金”: value score * 2 → score * 3",
        "“奖金”: rounding none → 0 decimal places (half up)",
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_in_english_too(name: str) -> None:
    old, new, _ = CASES[name]
    assert [change.en for change in difference(read_rulebook(old), read_rulebook(new))] == ENGLISH[name]


def test_nothing_changed_says_nothing() -> None:
    assert difference(read_rulebook(book()), read_rulebook(book())) == ()


def test_changes_know_their_place() -> None:
    old, new, _ = CASES["order of decisions"]
    assert [(c.path, c.kind) for c in difference(read_rulebook(old), read_rulebook(new))] == [
        ("decide[2].rounding", "changed"),
        ("decide[2].share.优秀", "changed"),
        ("decide", "moved"),
    ]
