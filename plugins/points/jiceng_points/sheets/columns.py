"""The columns of the workbooks."""

from jiceng.api.files import Column
from jiceng.api.roster import CATEGORIES
from jiceng_points.claims.life import STATE_TITLES
from jiceng_points.shelf import words

_STATES = tuple(STATE_TITLES.values())
SHELF = "事项"
ITEM = (
    Column("number", "编号", required=True, must=True, longest=20),
    Column("title", "事项", required=True, must=True, width=28),
    Column("kind", "类别", kind="choice", required=True, must=True, options=words.KINDS, width=8),
    Column("source", "来源", kind="choice", options=words.SOURCES, width=8),
    Column("side", "认领方", kind="choice", options=words.SIDES, width=8),
    Column("categories", "适用类别", width=20),
    Column("worth", "分值", kind="integer", required=True, must=True, low=0, high=words.MOST_POINTS, width=6),
    Column("capacity", "名额", kind="integer", low=1, width=6),
    Column("times", "每年次数", kind="integer", low=1, high=366, width=8),
    Column("opens", "开始日期", kind="date", required=True, must=True),
    Column("deadline", "截止日期", kind="date", required=True, must=True),
    Column("place", "地点", width=20),
    Column("proof", "核验方式", width=20),
    Column("online", "可线上完成", kind="flag", width=10),
    Column("details", "说明", longest=2000, width=30),
    Column("owner", "提出组织编号"),
    Column("offered_by", "自荐党员编号"),
)
CLAIMS = "认领"
CLAIM = (
    Column("subject", "编号", aliases=("党员编号", "组织编号"), required=True, must=True),
    Column("item", "事项编号", required=True, must=True),
    Column("claimed_on", "认领日期", kind="date", required=True, must=True, past=True),
    Column("done_on", "完成日期", kind="date", past=True),
    Column(
        "state",
        "状态",
        kind="choice",
        required=True,
        must=True,
        options=tuple(STATE_TITLES.values()),
        width=8,
    ),
    Column("proof", "证明", aliases=("佐证",), longest=200, width=24),
    Column("entered", "录入人"),
    Column("verified", "核验人"),
    Column("reason", "退回理由", longest=500, width=20),
)
OWN_LISTS = "一事一议"
OWN_LIST = (
    Column("subject", "编号", aliases=("党员编号",), required=True, must=True),
    Column("day", "备案日期", kind="date", required=True, must=True, past=True),
    Column("tasks", "约定事项", longest=500, width=30),
    Column("reason", "申请理由", longest=500, width=20),
    Column("opinion", "支部意见", longest=500, width=20),
    Column("ruling", "党委意见", longest=500, width=20),
)
ADJUSTED = "奖惩"
ADJUSTMENT = (
    Column("subject", "编号", aliases=("党员编号",), required=True, must=True),
    Column("day", "日期", kind="date", required=True, must=True, past=True),
    Column("kind", "类别", kind="choice", required=True, must=True, options=("奖励加分", "处分扣分")),
    Column("worth", "分值", kind="integer", required=True, must=True, low=1, high=30, width=6),
    Column("reason", "依据", aliases=("佐证", "事由"), longest=500, width=24),
)
KNOWN_CATEGORIES = frozenset(CATEGORIES)
