"""Fields of decisions: bands, special rules (exemption, veto, direct grade), places, steps."""

from jiceng.schemes.editing.spec import BASIS, CLAUSE, FOR, TITLE, Section, Spec

_ASK = (("", "不允许，发布前要补齐"), ("ask", "留待裁定"))
_GRADE = Spec(key="grade", label="等次", names="grades", required=True)
_TAIL = (FOR, BASIS)
_PER_GRADE = (Spec(key="key", label="等次", names="grades"),)
BANDS = (
    TITLE,
    CLAUSE,
    Spec(
        key="rows",
        label="各等次的条件",
        kind="rows",
        help="必须正好有一行成立，例如 80 <= 总分 < 90",
        columns=(
            Spec(key="when", label="条件", kind="formula"),
            _GRADE,
            Spec(key="title", label="说明"),
            Spec(key="clause", label="条款"),
            Spec(key="basis", label="依据的原文"),
        ),
    ),
    Spec(key="gaps", label="哪一行都不符合的", kind="choice", options=_ASK),
    Spec(key="overlaps", label="符合两行的", kind="choice", options=_ASK),
    Spec(key="below", label="最低一行以下的等次", names="grades", more=True),
    Spec(key="from", label="等次直接来自资料", names="facts", help="填了就不用写各等次的条件", more=True),
    *_TAIL,
)
OVERRIDE = (
    TITLE,
    CLAUSE,
    Spec(key="when", label="什么情况", kind="formula", required=True),
    Spec(
        key="out",
        label="不参加评定，记为",
        names="outs",
        help="例如 免评、缓评",
    ),
    Spec(key="score", label="得分改为", kind="formula", help="写 不计分 就没有得分"),
    Spec(key="grade", label="直接定为", names="grades"),
    Spec(key="at_most", label="最高", names="grades", help="等次，或者 上期等次"),
    Spec(key="at_least", label="不低于", names="grades", help="等次，或者 上期等次"),
    Spec(key="lower", label="降几级", kind="number", unit="级"),
    Spec(key="higher", label="升几级", kind="number", unit="级"),
    Spec(key="ask", label="提请裁定的事由", help="填了就留给具名的人裁定"),
    Spec(key="final", label="以后各步不再改变", kind="flag"),
    *_TAIL,
)
QUOTA = (
    TITLE,
    CLAUSE,
    Spec(
        key="how",
        label="名额怎样定",
        kind="chooser",
        options=(
            ("share", "各等次占百分之几"),
            ("places", "各等次几个"),
            ("ratio", "全部按比例分，如 3:5:2"),
        ),
    ),
    Spec(
        key="share",
        label="各等次的百分比",
        kind="rows",
        rows="table",
        shown=("how", ("share",)),
        columns=(*_PER_GRADE, Spec(key="value", label="%", kind="percent")),
    ),
    Spec(
        key="places",
        label="各等次的个数",
        kind="rows",
        rows="table",
        shown=("how", ("places",)),
        columns=(*_PER_GRADE, Spec(key="value", label="个", kind="number")),
    ),
    Spec(
        key="ratio",
        label="各等次的份数",
        kind="rows",
        rows="table",
        shown=("how", ("ratio",)),
        help="每个等次都要写",
        columns=(*_PER_GRADE, Spec(key="value", label="份", kind="number")),
    ),
    Spec(key="within", label="在什么范围内排", kind="words", names="single", help="例如 乡镇；不填就是全部"),
    Spec(
        key="rounding",
        label="名额不是整数时",
        kind="choice",
        options=(
            ("", "留待裁定"),
            ("down", "舍去"),
            ("up", "进位"),
            ("half_up", "四舍五入"),
            ("half_even", "四舍六入五成双"),
            ("largest_remainder", "最大余数"),
        ),
    ),
    Spec(
        key="least",
        label="每个等次至少",
        kind="number",
        unit="名",
        shown=("how", ("share",)),
        help="例如 不足一名的按一名",
    ),
    Spec(
        key="ties",
        label="并列压线时",
        kind="choice",
        options=(("", "留待裁定"), ("in", "都算入"), ("out", "都不算")),
    ),
    Spec(
        key="hard",
        label="超出名额的",
        kind="choice",
        options=(("", "归下一等"), ("false", "只提示，不改等次（指导比例）")),
    ),
    Spec(key="base", label="名额按哪些对象计", kind="formula", help="不填就是参加评定的全部", more=True),
    Spec(key="rank", label="排序依据", kind="rows", rows="plain", help="大的在前；不填就按总分", more=True,
        columns=(Spec(key="value", label="算式", kind="formula"),)),
    Spec(key="final_uses_places", label="直接认定的也占名额", kind="flag", more=True),
    Spec(key="bottom", label="从末位往上取", kind="flag", more=True),
    Spec(key="carry_down", label="没用完的名额给下一等", kind="flag", more=True),
    *_TAIL,
)  # fmt: skip
STEP = (
    TITLE,
    CLAUSE,
    Spec(key="up", label="每次最多升", kind="number", unit="级", help="不填是 1"),
    Spec(key="down", label="每次最多降", kind="number", unit="级", help="不填就不限"),
    Spec(key="skip", label="可以越级的条件", kind="formula"),
    Spec(key="first", label="第一次评定最高", names="grades"),
    *_TAIL,
)
LOOKS: dict[str, tuple[Spec, ...]] = {
    "bands": BANDS,
    "override": OVERRIDE,
    "quota": QUOTA,
    "step": STEP,
}
DECISIONS = Section(
    name="decide",
    title="决定次序",
    part="决定",
    help="从上到下执行，前一步的结果进入后一步；次序不同，结果可能不同",
    specs=(),
)
