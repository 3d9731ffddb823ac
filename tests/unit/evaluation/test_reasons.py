"""Why a run failed is told on a page: in Chinese, without the English words for operators."""

from jiceng.evaluation.service import reason_of
from jiceng.kernel.errors import Conflict, Invalid


def test_a_refusal_is_told_in_chinese_only() -> None:
    refused = Conflict(
        "名册已变", "第 3 行", "请重新发起", what_en="the roster changed", todo_en="open it anew"
    )
    assert reason_of(refused) == "名册已变（第 3 行）。请重新发起"


def test_every_fault_is_told() -> None:
    assert reason_of(Invalid(["缺分值", "缺日期"], "没有计算")) == "没有计算。请改正后重试\n缺分值\n缺日期"
