"""The columns of the workbooks, in and out."""

from jiceng.api.files import Column
from jiceng_double_strong_six_good.declarations.content import OWN, QUESTIONS, SAID, Question
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS as DECLARATION_WORDS
from jiceng_double_strong_six_good.help.states import STATE_WORDS as HELP_WORDS
from jiceng_double_strong_six_good.vocabulary import CRITERIA, LONGEST_NAME, LONGEST_TEXT

DECLARED, HELPED, PROGRESS, SENT, VISITS = "企业申报", "后进帮扶", "月度进展", "指导员", "走访"
NUMBER = Column("number", "单位编号", required=True, must=True, longest=30)
_YEAR = Column("year", "年度", kind="integer", required=True, must=True, low=2000, high=2099, width=8)


def _text(field: str, title: str, *, must: bool = False) -> Column:
    return Column(field, title, required=must, must=must, longest=LONGEST_TEXT, width=30)


def _asked(question: Question) -> Column:
    options = () if question.kind == "number" else question.options
    return Column(question.name, question.title, kind="choice" if options else "text", options=options)


DECLARATION = (
    NUMBER,
    _YEAR,
    Column(
        "state", "状态", kind="choice", required=True, must=True, options=tuple(DECLARATION_WORDS.values())
    ),
    *(_asked(question) for question in QUESTIONS),
    *(_text(f"{SAID}{name}", f"{title}：做法和成效") for name, title in CRITERIA.items()),
    *(Column(f"{OWN}{name}", f"{title}：自评分", longest=10) for name, title in CRITERIA.items()),
)
HELP = (
    NUMBER,
    _YEAR,
    _text("problems", "问题"),
    _text("measures", "措施"),
    Column("helper", "帮扶人", longest=LONGEST_NAME),
    Column("deadline", "期限", kind="date"),
    Column("state", "状态", kind="choice", required=True, must=True, options=tuple(HELP_WORDS.values())),
    Column("started", "开始日期", kind="date", past=True),
    Column("ended", "销号日期", kind="date", past=True),
)
HELP_PROGRESS = (
    NUMBER,
    _YEAR,
    Column("month", "月份", kind="date", required=True, must=True),
    Column("percent", "完成%", kind="integer", required=True, must=True, low=0, high=100, width=8),
    _text("progress", "进展", must=True),
)
INSTRUCTOR = (
    NUMBER,
    Column("name", "指导员", required=True, must=True, longest=LONGEST_NAME),
    Column("employer", "所在单位和职务", longest=LONGEST_NAME, width=20),
    Column("since", "开始日期", kind="date", required=True, must=True),
    Column("until", "到期日期", kind="date", required=True, must=True),
    _text("task", "任务", must=True),
    Column("ended", "结束日期", kind="date", past=True),
)
VISIT = (
    NUMBER,
    Column("name", "指导员", required=True, must=True, longest=LONGEST_NAME),
    Column("day", "走访日期", kind="date", required=True, must=True, past=True),
    _text("done", "做了什么", must=True),
    _text("next", "下一步"),
)
UNIT_NAME = Column("unit", "单位", width=30)
TOWN = Column("town", "镇街", width=14)
