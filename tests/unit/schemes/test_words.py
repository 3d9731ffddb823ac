"""The points rulebook in plain Chinese, as the scheme's page shows it."""

from jiceng.schemes import host
from jiceng.schemes.wording.phrases import say
from jiceng.schemes.wording.words import areas_said, decisions_said, groups_said, items_said, outputs_said
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Rulebook
from jiceng_sdk.rulebook.reading import read_rulebook


def points() -> Rulebook:
    offered = host.offer("points")
    assert offered is not None
    return offered.scheme.book


def test_an_item_says_which_facts_count_for_how_much() -> None:
    said = {part.name: part for part in items_said(points())}
    assert said["required"].words == (
        "看「认领」；只算类别是“必选”，并且状态是“已核验”的；每条计「分值」；同一项目最多计 1 次"
    )
    assert (said["required"].cap, said["required"].clause) == ("50", "第五条：同一事项一年计一次，最高 50 分")
    assert said["required_done"].words.endswith("；计条数")
    assert said["penalty"].words == "看「奖惩」；只算类别是“处分扣分”的；每条计 −分值 分"


def test_a_group_says_what_it_adds_up_and_on_which_condition() -> None:
    said = {part.name: part for part in groups_said(points())}
    assert said["chosen_part"].words == "自选事项；必选完成项数 ≥ 5 时才计分，否则计 0 分"
    assert said["score"].words == "必选事项 + 自选事项计入 + 推荐事项计入 + 奖励加分 + 处分扣分；最低 0 分"


def test_decisions_are_said_in_their_order() -> None:
    assert [(part.title, part.words) for part in decisions_said(points())] == [
        ("特殊群体一事一议", "一事一议的，不参加评定"),
        (
            "评定等次",
            "年度积分 ≥ 80 的为合格；60 ≤ 年度积分 < 80 的为暂缓登记；年度积分 < 60 的为不合格",
        ),
        (
            "连续两年未达合格",
            "等次是“暂缓登记”，并且有上期等次，并且上期等次是“暂缓登记”的，直接定为不合格",
        ),
    ]


def test_steps_up_are_counted_and_a_fall_without_limit_is_said_so() -> None:
    offered = host.offer("star_rating")
    assert offered is not None
    said = {part.title: part.words for part in decisions_said(offered.scheme.book_for("step_promotion"))}
    assert said["逐级晋升"].startswith("与上期相比最多升 1 级，降级不限")


def test_an_output_says_what_follows_from_a_grade() -> None:
    said = {part.name: part.words for part in outputs_said(points())}
    assert said["may_exchange"] == "状态是“已评定”，并且等次是“合格”"


def test_a_figure_of_the_whole_says_over_whom_and_what_it_should_be() -> None:
    offered = host.offer("double_strong_six_good")
    assert offered is not None
    said = {part.title: part.words for part in areas_said(offered.scheme.book)}
    assert said["非公企业组织覆盖率"] == (
        "组织覆盖是“单独组建”、“联合组建”之一的占比；只看单位类型是“非公企业”，并且应建组织的；目标：数值 ≥ 1"
    )
    assert said["示范点"] == "下列成立的个数（等次是“示范”）；按镇街分别算；目标：2 ≤ 数值 ≤ 3"


def test_expressions_read_like_a_sentence() -> None:
    titles = {"days": "天数", "done": "完成", "kind": "类别"}
    said = {
        "20 * min(1, days / 12)": "20 × （1、天数 ÷ 12）中较小的",
        "kind in ['必选', '自选']": "类别是“必选”、“自选”之一",
        "kind not in ['必选', '自选']": "类别不是“必选”、“自选”之一",
        "nth(kind) == 2": "同一类别的第几次是2",
        "months(period.start, period.end) >= 6": "期初到期末满几个月 ≥ 6",
        "period.end <= workdays_after(period.start, 5)": "期末 ≤ 期初后第 5 个工作日",
        "workdays_late(period.start, period.end) > 3": "期末比期初晚几个工作日 > 3",
        "cohort_dense(days, []) <= 3": "天数在全体的名次（并列不占名次） ≤ 3",
        "not (done or days > 3)": "不是（完成，或者天数 > 3）",
        "not missing(days)": "有天数",
        "-(days - 2)": "−（天数 − 2）",
        "kind != '自选'": "类别不是“自选”",
        "if(done, 1, 2) * days": "（如果完成，则1，否则2） × 天数",
        "if(done, 1, if(days > 3, 2, 0))": "如果完成，则1，否则如果天数 > 3，则2，否则0",
        "abs(days - 3) <= 2": "（天数 − 3）的绝对值 ≤ 2",
        "min(nth, 3)": "（本期第几次、3）中较小的",
        "days / cohort_sum(days)": "天数 ÷ 同组天数的合计",
        "cohort_rank(days) <= 3": "天数在同组的名次 ≤ 3",
        "cohort_rank(days, ['kind']) <= 3": "天数在同类别的名次 ≤ 3",
        "cohort_mean(days, [])": "全体平均的天数",
        "month_of(period.end) / 12": "期末的月份 ÷ 12",
        "cohort_deviation(days, 2, ['kind', 'done'])": "同类别、完成天数的标准差（保留 2 位小数）",
        "previous.days": "上期天数",
        "previous.previous.score > previous.score": "上上期得分 > 上期得分",
        "previous.previous.days": "上上期天数",
    }
    assert {text: say(Formula(text), titles) for text in said} == said


BOOK = """
title = "示例"
subject = "organization"
grades = ["好", "中", "差"]
[classes]
village = "sort == '村'"
[facts]
town = { kind = "choice", title = "镇街", options = ["东", "西"], source = "roster" }
sort = { kind = "choice", title = "类别", options = ["村", "社区"], source = "roster" }
mark = { kind = "number", title = "评分", min = 0, max = 100 }
[facts.fault]
kind = "event"
title = "问题"
fields = { mended = { kind = "flag", title = "整改" } }
[facts.vote]
kind = "event"
title = "评议"
fields = { points = { kind = "number", title = "打分", min = 0, max = 100 } }
[items.faults]
title = "扣分"
from = "fault"
points = -1
restored = "mended"
floor = -5
[items.rated]
title = "评议"
for = "village"
from = "vote"
value = "points"
line = [[0, 0], [100, 10]]
combine = "mean"
drop = [1, 2]
quorum = 3
round = 1
[items.own]
title = "自评"
points = "mark"
[groups.score]
title = "总分"
of = ["faults", "rated", "own"]
[[decide]]
do = "bands"
below = "差"
rows = [{ when = "score >= 80", grade = "好" }, { when = "60 <= score < 80", grade = "中" }]
[[decide]]
do = "override"
when = "mark >= 99"
higher = 1
[[decide]]
do = "quota"
share = { "好" = 0.3 }
within = ["town"]
rounding = "half_up"
least = 1
rank = ["score", "own"]
[[decide]]
do = "quota"
share = { "差" = 0.05 }
bottom = true
rounding = "up"
ties = "in"
"""


def test_nothing_that_changes_points_or_places_is_left_unsaid() -> None:
    book = read_rulebook(BOOK, "book.toml")
    averaged = "去掉 1 个最低、2 个最高；取平均；不足 3 条的留待裁定；保留 1 位小数"
    filled = "并列压线的留待裁定；从高到低取满，超出的归下一等"
    assert [part.words for part in (*items_said(book), *decisions_said(book))] == [
        "看「问题」；每条计 −1 分；整改的不计；最低 −5 分",
        "看「评议」；只对「类别是“村”」的；数值取打分；按折线计分：0 得 0 分、100 得 10 分；" + averaged,
        "计「评分」",
        "总分 ≥ 80 的为好；60 ≤ 总分 < 80 的为中；更低的为差",
        "评分 ≥ 99 的，升 1 级",
        "在同一镇街内；好 30.00%；四舍五入；至少各 1 名；按总分、再按自评排名；" + filled,
        "差 5.00%；不足一名的进为一名；并列的都算入；从末位往前，取满为止",
    ]
