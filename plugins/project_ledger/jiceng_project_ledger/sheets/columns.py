"""The sheets of the workbook and their columns; only 项目 must be there, the others may be left out."""

from collections.abc import Mapping
from typing import Any

from jiceng.api.files import Column
from jiceng_project_ledger.certification.life import STATE_WORDS as FINDING_WORDS
from jiceng_project_ledger.certification.life import VERDICT_WORDS
from jiceng_project_ledger.certification.vocabulary import SORTS
from jiceng_project_ledger.followup.due import KIND_WORDS as PAPERS
from jiceng_project_ledger.followup.due import Kind
from jiceng_project_ledger.followup.lights import WORDS as LIGHT_WORDS
from jiceng_project_ledger.followup.lights import Colour
from jiceng_project_ledger.library.vocabulary import KIND_WORDS, LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE
from jiceng_project_ledger.states import STATE_WORDS

PROJECTS, STEPS, REPORTS, COSTS = "项目", "步骤", "月汇报", "成本"
FINDINGS, ACCEPTANCES, RATINGS, VERDICTS, DISPATCHES = "监督问题", "验收", "评分", "评议确认", "季调度"
REPORTED = {"已报送": "handed_in", "已接收": "accepted"}
RATED = {PAPERS[kind]: kind.value for kind in (Kind.HALF, Kind.YEAR)}
_NUMBER = Column("number", "项目编号", required=True, must=True, longest=30)
_MOST_YUAN = 100_000_000_000


def _day(field: str, title: str, *, required: bool = False) -> Column:
    return Column(field, title, kind="date", required=required, must=required)


def _past(field: str, title: str, *, required: bool = False) -> Column:
    """A day on which something has happened."""
    return Column(field, title, kind="date", required=required, must=required, past=True)


def _name(field: str, title: str, *, required: bool = False) -> Column:
    return Column(field, title, required=required, must=required, longest=LONGEST_NAME)


def _text(field: str, title: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> Column:
    return Column(field, title, required=required, must=required, longest=longest, width=24)


def _money(field: str, title: str, *, required: bool = False) -> Column:
    return Column(field, title, "decimal", required=required, must=required, low=0, high=_MOST_YUAN)


def _choice(field: str, title: str, options: tuple[str, ...]) -> Column:
    return Column(field, title, "choice", required=True, must=True, options=options)


PROJECT = (
    _NUMBER,
    Column("year", "年度", "integer", required=True, must=True, low=2000, high=2100),
    _text("title", "项目名称", required=True, longest=LONGEST_TITLE),
    _choice("kind", "类别", tuple(KIND_WORDS.values())),
    Column("organization", "责任单位编号", required=True, must=True, longest=30),
    Column("responsible", "责任人编号", longest=30),
    _name("proposer", "提出人"),
    _text("goal", "目标"),
    _text("content", "主要内容"),
    _text("measures", "成效标准"),
    _text("benchmark", "对标对象", longest=LONGEST_TITLE),
    _name("benchmark_measure", "对标指标"),
    Column("benchmark_unit", "单位", longest=20),
    Column("start_figure", "起点值", "decimal", low=0),
    Column("benchmark_figure", "对标值", "decimal", low=0),
    _money("budget", "预算（元）"),
    _day("starts", "开始", required=True),
    _day("deadline", "完成期限", required=True),
    _choice("state", "状态", tuple(STATE_WORDS.values())),
    _past("submitted", "申报日期", required=True),
    _past("approved", "立项日期"),
    _past("began", "实施日期"),
    _past("asked", "申请验收日期"),
    _past("ended", "办结日期"),
    _name("decided_by", "决定人"),
    _text("reason", "决定理由"),
)
STEP = (
    _NUMBER,
    _name("phase", "阶段", required=True),
    _text("name", "步骤", required=True, longest=LONGEST_TITLE),
    _day("starts", "开始", required=True),
    _day("ends", "结束", required=True),
    Column("weight", "权重%", "integer", required=True, must=True, low=1, high=100),
    _text("deliverable", "成果", longest=LONGEST_TITLE),
    _past("done", "完成日期"),
    _text("proof", "完成说明"),
)
REPORT = (
    _NUMBER,
    _day("month", "月份", required=True),
    Column("percent", "自报进度%", "integer", required=True, must=True, low=0, high=100),
    _text("work", "本月做了什么", required=True),
    _text("trouble", "困难和问题"),
    _text("ahead", "下月打算"),
    Column("figure", "对标现值", "decimal", low=0),
    _past("handed_in_on", "报送日期", required=True),
    _choice("state", "状态", tuple(REPORTED)),
)
COST = (
    _NUMBER,
    _text("name", "用途", required=True, longest=LONGEST_TITLE),
    _money("amount", "预算（元）", required=True),
    *(
        column
        for place in ("一", "二", "三")
        for column in (
            _text(f"supplier_{place}", f"供应商{place}", longest=LONGEST_TITLE),
            _money(f"quote_{place}", f"报价{place}（元）"),
        )
    ),
    Column("chosen", "中选", "choice", options=("一", "二", "三")),
    _past("opened", "询价日期"),
    _past("awarded", "定标日期"),
    _name("decided_by", "决定人"),
    _text("reason", "定标理由"),
    _name("contract", "合同编号"),
    _past("signed", "签订日期"),
    _money("paid", "已付（元）"),
    _past("paid_on", "支付日期"),
    _name("voucher", "凭证号"),
)
FINDING = (
    _NUMBER,
    Column("supervisor", "监督员编号", required=True, must=True, longest=30),
    _choice("sort", "类别", tuple(SORTS.values())),
    _past("found", "发现日期", required=True),
    _text("matter", "问题", required=True),
    _day("deadline", "整改期限", required=True),
    _choice("state", "状态", tuple(FINDING_WORDS.values())),
    _past("answered", "报整改日期"),
)
ACCEPTANCE = (
    _NUMBER,
    _past("held", "验收日期", required=True),
    _choice("verdict", "结论", tuple(VERDICT_WORDS.values())),
    _text("opinion", "验收意见", required=True),
    _text("group", "验收组编号", required=True, longest=300),
    _name("recorded_by", "登记人", required=True),
    Column("satisfaction", "满意度%", "decimal", low=0, high=100),
)
RATING = (
    _NUMBER,
    Column("year", "年度", "integer", required=True, must=True, low=2000, high=2100),
    _choice("kind", "评议", tuple(RATED)),
    _name("rater", "评分人", required=True),
    Column("score", "评分", "decimal", required=True, must=True, low=0, high=100),
    _text("comment", "评语"),
)
VERDICT = (
    *RATING[:3],
    _text("reason", "意见", required=True),
    _name("confirmed_by", "确认人", required=True),
    _past("day", "确认日期", required=True),
)
DISPATCH = (
    _NUMBER,
    _day("quarter", "季度", required=True),
    _choice("colour", "灯", (LIGHT_WORDS[Colour.RED], LIGHT_WORDS[Colour.YELLOW])),
    _text("why", "滞后情况", required=True),
    _past("made_on", "列入日期", required=True),
    _text("instruction", "调度要求"),
    _day("answer_due", "答复期限"),
    _name("instructed_by", "调度人"),
    _text("answer", "答复"),
    _past("answered_on", "答复日期"),
)
SHEETS: dict[str, tuple[Column, ...]] = {
    PROJECTS: PROJECT,
    STEPS: STEP,
    REPORTS: REPORT,
    COSTS: COST,
    FINDINGS: FINDING,
    ACCEPTANCES: ACCEPTANCE,
    RATINGS: RATING,
    VERDICTS: VERDICT,
    DISPATCHES: DISPATCH,
}


def rating_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row of 评分 or 评议确认 is about: project, year, kind."""
    return tuple(row[field] for field in ("number", "year", "kind"))


ONCE = {
    RATINGS: ("number", "year", "kind", "rater"),
    VERDICTS: ("number", "year", "kind"),
    DISPATCHES: ("number", "quarter"),
}
"""Fields that tell the rows of a sheet apart."""
