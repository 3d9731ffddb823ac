"""Fields of the rulebook itself, of classes, outputs and area values."""

from jiceng.schemes.editing.spec import BASIS, CLAUSE, NAME, ROUNDING, TITLE, Section, Spec

SUBJECT_WORDS = (
    ("member", "党员"),
    ("organization", "组织"),
    ("enterprise", "企业"),
    ("project", "项目"),
)
PERIOD_WORDS = (
    ("year", "一年"),
    ("half", "半年"),
    ("quarter", "一季度"),
    ("month", "一个月"),
)
CALENDAR = Spec(
    key="calendar",
    label="工作日历",
    kind="rows",
    rows="fields",
    help="算工作日时才填：照每年的放假通知，一年一行",
    columns=(
        Spec(key="name", label="年份", help="例如 2026", required=True),
        Spec(
            key="off",
            label="放假",
            kind="words",
            help="例如 10-01..10-07，用顿号隔开；周末不用写",
            required=True,
        ),
        Spec(key="work", label="调休上班", kind="words", help="例如 10-10"),
    ),
    more=True,
)
HEADER = (
    Spec(key="title", label="办法名称", required=True, help="例如 基层党组织星级评定办法"),
    Spec(key="basis", label="依据", kind="long", help="文件名称和文号"),
    Spec(key="clause", label="条款", more=True),
    Spec(key="subject", label="评价对象", kind="choice", options=SUBJECT_WORDS, required=True),
    Spec(key="period", label="考核周期", kind="choice", options=PERIOD_WORDS),
    Spec(
        key="grades",
        label="等次",
        kind="words",
        help="从好到差，用顿号隔开，例如 五星、四星、三星。不定等次的可以不填",
    ),
    Spec(key="score", label="总分是哪一项", names="nodes", help="不填就是代号为 score 的汇总", more=True),
    Spec(key="cohort", label="同组范围", kind="words", names="single", help="比名次时按什么分组", more=True),
    CALENDAR,
)
CLASSES = Section(
    name="classes",
    title="类别",
    part="类别",
    help="给一类对象起名字，别处可以用，例如 在职 = 党员类别 是 在职",
    specs=(
        Spec(key="name", label="类别名称", required=True),
        Spec(key="when", label="条件", kind="formula", required=True),
    ),
)
OUTPUTS = Section(
    name="outputs",
    title="结果的用处",
    part="用处",
    help="评定以后得出的奖励、待遇、提醒；都是建议，须由具名的人确认",
    specs=(
        TITLE,
        CLAUSE,
        Spec(
            key="value",
            label="怎样得出",
            kind="formula",
            required=True,
            help="例如 如果(等次 == '一类', 1000, 0)；写条件就得出是或否",
        ),
        Spec(key="unit", label="单位", help="例如 元"),
        *ROUNDING,
        BASIS,
        NAME,
    ),
)
AREA = Section(
    name="area",
    title="总体指标",
    part="指标",
    help="对全部对象统计的数，例如三星以上占比",
    specs=(
        TITLE,
        CLAUSE,
        Spec(
            key="value",
            label="怎样统计",
            kind="formula",
            required=True,
            help="占比(条件)、个数(条件)、平均(数)、合计(数)，例如 占比(等次 >= '三星')",
        ),
        Spec(key="of", label="统计哪些对象", kind="formula", help="不填就是全部", more=True),
        Spec(key="by", label="分组", kind="words", names="single", help="例如 镇街"),
        Spec(key="aim", label="目标", kind="formula", help="例如 数值 >= 80%"),
        BASIS,
        NAME,
    ),
)
