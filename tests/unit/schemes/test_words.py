"""The points rulebook in plain Chinese, as the scheme's page shows it."""

from jiceng.schemes import host
from jiceng.schemes.wording.phrases import say
from jiceng.schemes.wording.words import decisions_said, groups_said, items_said, outputs_said
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook import Rulebook


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


def test_an_output_says_what_follows_from_a_grade() -> None:
    said = {part.name: part.words for part in outputs_said(points())}
    assert said["may_exchange"] == "状态是“已评定”，并且等次是“合格”"


def test_expressions_read_like_a_sentence() -> None:
    titles = {"days": "天数", "done": "完成", "kind": "类别"}
    said = {
        "20 * min(1, days / 12)": "20 × （1、天数 ÷ 12）中较小的",
        "kind in ['必选', '自选']": "类别是“必选”、“自选”之一",
        "not (done or days > 3)": "不是（完成，或者天数 > 3）",
        "not missing(days)": "有天数",
        "-(days - 2)": "−（天数 − 2）",
        "kind != '自选'": "类别不是“自选”",
    }
    assert {text: say(Formula(text), titles) for text in said} == said
