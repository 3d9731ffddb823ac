"""Fields of items and groups: how points arise and how they add up."""

from jiceng.schemes.editing.spec import (
    BASIS,
    CLAUSE,
    FOR,
    NAME,
    ROUNDING,
    TITLE,
    Options,
    Section,
    Spec,
)

ACROSS: Options = (
    ("", "不汇总"),
    ("sum", "合计"),
    ("mean", "平均"),
    ("max", "取最高"),
    ("min", "取最低"),
    ("last", "取最后"),
)
COMBINE: Options = (
    ("", "相加"),
    ("mean", "平均"),
    ("max", "取最高"),
    ("min", "取最低"),
    ("median", "取中位数"),
    ("count", "只数条数"),
)
EACH: Options = (("", "全期一起"), ("month", "每月"), ("quarter", "每季度"), ("half", "每半年"))
SCALES: Options = (
    ("points", "写明分值"),
    ("checks", "逐条加减分"),
    ("choice", "按选项给分"),
    ("steps", "按档给分"),
    ("line", "按折线换算"),
    ("", "只数条数，不给分"),
)
ASK: Options = (("", "不允许，发布前要补齐"), ("ask", "留待裁定"))
_WHEN = Spec(key="when", label="条件", kind="formula", required=True)
_POINTS = Spec(key="points", label="分", kind="formula", required=True)
_ROW_TITLE = Spec(key="title", label="说明")
_ROW_CLAUSE = Spec(key="clause", label="条款")
_LIMITS = (
    Spec(
        key="start",
        label="起评分",
        kind="formula",
        unit="分",
        help="先有这么多分，再加减；可以写算式，例如 15 - 酌情扣分",
    ),
    Spec(key="cap", label="封顶", kind="formula", unit="分"),
    Spec(key="floor", label="最低", kind="formula", unit="分", help="扣完为止写 0"),
)
_SHARED = (
    *_LIMITS,
    *ROUNDING,
    FOR,
    Spec(
        key="across",
        label="各月怎样汇总",
        kind="choice",
        options=ACROSS,
        help="按月、按季计算的才要选",
        more=True,
    ),
    BASIS,
    NAME,
)
_PER_ROW = (
    Spec(key="keep", label="最多计几次", kind="rows", rows="table", more=True,
        help="例如 每月 2 次；同一事项 1 次（取最高）",
        columns=(Spec(key="key", label="每", names="windows"), Spec(key="value", label="次", kind="number"))),
    Spec(key="limit", label="分数上下限", kind="rows", rows="limits", more=True,
        help="例如 每月最多 2 分；扣分写最少",
        columns=(Spec(key="per", label="每", names="windows"), Spec(key="low", label="最少", kind="number"),
            Spec(key="high", label="最多", kind="number"))),
    Spec(key="merge", label="先合并", names="windows", help="例如 按天、按月把数加起来再计分", more=True),
    Spec(key="restored", label="予以返还的条件", kind="formula", help="例如 已整改", more=True),
    Spec(key="drop.low", label="去掉最低的", kind="formula", unit="个", more=True,
        help="例如 1；也可以写算式，例如 取整(票数合计 * 10%)"),
    Spec(key="drop.high", label="去掉最高的", kind="formula", unit="个", more=True),
    Spec(key="quorum", label="至少几条才算数", kind="formula", help="例如 应到人数的三分之二", more=True),
)  # fmt: skip
ITEMS = Section(
    name="items",
    title="评价项目",
    part="项目",
    help="什么情况得多少分",
    specs=(
        TITLE,
        CLAUSE,
        Spec(key="from", label="数据来自", names="rows", help="一条一条记的事、评议票、选项；可以不填"),
        Spec(key="when", label="只算哪些", kind="formula", help="例如 形式 == '党课'；不填全算", more=True),
        Spec(key="value", label="读哪个数", kind="formula", more=True),
        Spec(key="scale", label="怎样计分", kind="chooser", options=SCALES),
        Spec(key="points", label="分值", kind="formula", unit="分", shown=("scale", ("points",)),
            help="一个数，或者算式，例如 20 * 取小(1, 收入 / 目标收入)"),
        Spec(key="checks", label="加减分", kind="rows", shown=("scale", ("checks",)),
            help="每一条成立的都算；扣分写负数", columns=(_ROW_TITLE, _WHEN, _POINTS, _ROW_CLAUSE)),
        Spec(key="choice", label="各选项的分", kind="rows", rows="table", shown=("scale", ("choice",)),
            columns=(Spec(key="key", label="选项"), Spec(key="value", label="分", kind="number"))),
        Spec(key="steps", label="各档的分", kind="rows", shown=("scale", ("steps",)),
            help="必须正好有一档成立", columns=(_ROW_TITLE, _WHEN, _POINTS, _ROW_CLAUSE)),
        Spec(key="line", label="折点", kind="rows", rows="pairs", shown=("scale", ("line",)),
            help="两点之间按直线换算", columns=(Spec(key="x", label="数值", kind="number"),
                Spec(key="y", label="得分", kind="number"))),
        Spec(key="gaps", label="没有档的数", kind="choice", options=ASK, shown=("scale", ("steps", "choice")),
            more=True),
        Spec(key="overlaps", label="落在两档的数", kind="choice", options=ASK,
            shown=("scale", ("steps", "choice")), more=True),
        Spec(key="combine", label="各条怎样合成", kind="choice", options=COMBINE, more=True),
        *_PER_ROW,
        Spec(key="each", label="按什么计算", kind="choice", options=EACH, more=True),
        *_SHARED,
    ),
)  # fmt: skip
GROUPS = Section(
    name="groups",
    title="汇总",
    part="汇总",
    help="哪些项目加在一起，各占多少；总分也是一个汇总",
    specs=(
        TITLE,
        CLAUSE,
        Spec(
            key="of",
            label="计入哪些",
            kind="rows",
            rows="weights",
            help="权重不填就是 1，全部计入；0.6 就是占六成",
            columns=(
                Spec(key="key", label="项目或汇总", names="nodes"),
                Spec(key="value", label="权重", kind="number"),
            ),
        ),
        Spec(key="combine", label="怎样合成", kind="choice", options=COMBINE[:4]),
        Spec(key="keep", label="只取最高的", kind="number", unit="项", help="不填全取", more=True),
        Spec(key="gate", label="门槛", kind="formula", help="不符合就计 0 分", more=True),
        *_SHARED,
    ),
)
