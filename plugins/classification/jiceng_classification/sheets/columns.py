"""The columns of the workbooks, in and out."""

from jiceng.api.files import Column
from jiceng_classification.plans.states import STATE_WORDS
from jiceng_classification.plans.vocabulary import PROGRAMMES

PLANS, REPORTS = "转化提升方案", "月度进展"
_NUMBER = Column("number", "组织编号", required=True, must=True, longest=30)
_YEAR = Column("year", "年度", kind="integer", required=True, must=True, low=2000, high=2099, width=8)
PLAN = (
    _NUMBER,
    _YEAR,
    Column("programme", "类型", kind="choice", required=True, must=True, options=PROGRAMMES, width=8),
    Column("causes", "原因", longest=200, width=24),
    Column("goal", "目标", longest=2000, width=30),
    Column("measures", "措施", longest=2000, width=40),
    Column("helper", "帮扶人", longest=60),
    Column("first_secretary", "第一书记", longest=60),
    Column("deadline", "期限", kind="date"),
    Column("state", "状态", kind="choice", required=True, must=True, options=tuple(STATE_WORDS.values())),
    Column("started", "开始日期", kind="date", past=True),
    Column("ended", "销号日期", kind="date", past=True),
)
REPORT = (
    _NUMBER,
    _YEAR,
    Column("month", "月份", kind="date", required=True, must=True),
    Column("percent", "完成%", kind="integer", required=True, must=True, low=0, high=100, width=8),
    Column("progress", "进展", required=True, must=True, longest=2000, width=50),
)
LEDGER = (
    Column("number", "组织编号"),
    Column("name", "组织", width=30),
    Column("town", "镇街", width=14),
    Column("grade", "定级", width=8),
    Column("before", "上年定级", width=10),
    Column("movement", "晋位升级", width=10),
    *PLAN[2:-2],
    Column("percent", "完成%", kind="integer", width=8),
    Column("late", "未报月份", width=16),
)
"""The register of one year: 分类定级和转化提升台账."""
