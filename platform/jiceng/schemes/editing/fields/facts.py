"""Fields of facts: what is handed in or known about a subject."""

from jiceng.schemes.editing.spec import BASIS, CLAUSE, FOR, NAME, TITLE, Options, Section, Spec

KINDS: Options = (
    ("number", "一个数"),
    ("flag", "是或否"),
    ("choice", "从几个选项中选"),
    ("date", "一个日期"),
    ("event", "一条一条记的事"),
    ("ballot", "评议票"),
    ("result", "别的评定的结果"),
)
FIELD_KINDS: Options = (
    ("number", "数"),
    ("flag", "是否"),
    ("choice", "选项"),
    ("date", "日期"),
    ("text", "文字"),
)
EACH: Options = (("", "每期一次"), ("month", "每月一次"), ("quarter", "每季度一次"), ("half", "每半年一次"))
_ROWS = ("event", "ballot")
_SINGLE = ("number", "flag", "choice", "date")
FACTS = Section(
    name="facts",
    title="填报资料",
    part="资料",
    help="评分要用到的情况：谁填报、填什么。名册里已有的不用再填",
    specs=(
        TITLE,
        Spec(key="kind", label="填什么", kind="choice", options=KINDS, required=True),
        Spec(
            key="options",
            label="选项",
            kind="words",
            help="用顿号隔开",
            shown=("kind", ("choice", "result")),
        ),
        Spec(
            key="fields",
            label="每条要填的栏目",
            kind="rows",
            rows="fields",
            help="日期不用写，每条都有",
            shown=("kind", _ROWS),
            columns=(
                Spec(key="title", label="栏目"),
                Spec(key="kind", label="填什么", kind="choice", options=FIELD_KINDS),
                Spec(key="options", label="选项", kind="words"),
                Spec(key="min", label="最小", kind="number"),
                Spec(key="max", label="最大", kind="number"),
                Spec(key="places", label="小数位", kind="number"),
                Spec(key="required", label="必填", kind="flag"),
                Spec(key="name", label="代号"),
            ),
        ),
        Spec(key="min", label="最小", kind="number", shown=("kind", ("number", "result"))),
        Spec(key="max", label="最大", kind="number", shown=("kind", ("number", "result"))),
        Spec(key="places", label="小数位数", kind="number", unit="位", help="不填是 2 位", more=True),
        Spec(key="unit", label="单位", help="例如 万元、%", shown=("kind", ("number",))),
        Spec(
            key="default",
            label="没有填报的按",
            kind="default",
            help="一个数；不填就必须填报。是或否的资料写 是 或 否",
            shown=("kind", ("number", "flag")),
        ),
        Spec(
            key="absent",
            label="没有填报的按",
            help="写一个选项；不填就必须填报",
            shown=("kind", ("choice",)),
        ),
        Spec(
            key="source",
            label="从哪里来",
            kind="choice",
            options=(("", "填报"), ("roster", "名册里已有")),
        ),
        Spec(key="required", label="必须填报", kind="flag", more=True),
        Spec(key="each", label="多久一次", kind="choice", options=EACH, shown=("kind", _SINGLE), more=True),
        Spec(key="many", label="可以有几个", kind="flag", shown=("kind", ("choice",)), more=True),
        Spec(
            key="since",
            label="算哪些时候的",
            kind="choice",
            options=(("", "本期的"), ("always", "以前的也算")),
            more=True,
        ),
        Spec(key="scheme", label="哪个评定", kind="scheme", shown=("kind", ("result",)), required=True),
        Spec(key="voters", label="应到人数", kind="formula", shown=("kind", ("ballot",)), more=True),
        FOR,
        CLAUSE,
        BASIS,
        NAME,
    ),
)
