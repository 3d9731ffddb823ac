"""The roster workbook: its sheets, their columns, and the other titles people give them."""

from collections.abc import Mapping

import msgspec

from jiceng.kernel.spreadsheets import Column
from jiceng.roster import vocabulary as words

OPTIONAL = frozenset({"phone", "id_number"})
"""Fields of a member that a tenant has only when it asks for them (minimisation, control 45)."""


class RosterSheet(msgspec.Struct, frozen=True):
    """One sheet: `identity` fields are kept without history, `state` fields are effective-dated."""

    table: str
    name: str
    aliases: tuple[str, ...]
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    state: tuple[str, ...] = ()

    @property
    def usual(self) -> tuple[Column, ...]:
        """The columns every tenant has: those of optional fields left out."""
        return tuple(column for column in self.columns if column.field not in OPTIONAL)

    def column(self, field: str) -> Column:
        """The column of a field."""
        return next(column for column in self.columns if column.field == field)


COVER = "封面"
TENANT_CELL = "租户"
DATE_CELL = "名册日期"

ORGANIZATIONS = RosterSheet(
    "organization",
    "组织",
    ("党组织", "组织名册", "党组织名册"),
    (
        Column(
            "number",
            "组织编号",
            aliases=("编号", "组织代码", "组织编码", "党组织编号", "党组织代码"),
            required=True,
            must=True,
            longest=30,
        ),
        Column(
            "name", "组织名称", aliases=("党组织名称", "名称", "全称"), required=True, must=True, width=32
        ),
        Column("short_name", "简称", width=18),
        Column(
            "kind",
            "组织类型",
            kind="choice",
            aliases=("类型", "类别", "组织类别"),
            required=True,
            must=True,
            options=words.ORGANIZATION_KINDS,
            synonyms={
                "支部": "党支部",
                "总支": "党总支",
                "基层党委": "党委",
                "联合党支部": "联合支部",
                "党工委": "派出党工委",
            },
        ),
        Column(
            "field",
            "领域",
            kind="choice",
            aliases=("所属领域",),
            required=True,
            must=True,
            options=words.FIELDS,
        ),
        Column(
            "parent", "上级组织编号", aliases=("上级组织", "隶属组织", "上级党组织"), longest=60, width=14
        ),
        Column("founded", "成立日期", kind="date", aliases=("成立时间", "建立日期")),
        Column("dissolved", "撤销日期", kind="date", aliases=("撤销时间",)),
        Column("last_election", "上次换届", kind="date", aliases=("换届日期", "换届时间", "上次换届日期")),
        Column("next_election", "届满日期", kind="date", aliases=("下次换届", "届满时间", "下次换届日期")),
        Column("contact", "联系方式", aliases=("联系电话", "办公电话"), longest=60),
    ),
    identity=("founded", "dissolved"),
    state=("name", "short_name", "kind", "field", "parent", "last_election", "next_election", "contact"),
)

UNITS = RosterSheet(
    "unit",
    "单位",
    ("企业", "企业单位", "单位名册"),
    (
        Column("number", "单位编号", aliases=("编号", "企业编号"), required=True, must=True, longest=30),
        Column("name", "单位名称", aliases=("企业名称", "名称"), required=True, must=True, width=32),
        Column(
            "kind",
            "单位类型",
            kind="choice",
            aliases=("类型", "单位性质"),
            required=True,
            must=True,
            options=words.UNIT_KINDS,
        ),
        Column(
            "employees",
            "职工人数",
            kind="integer",
            aliases=("员工人数", "从业人数", "人数"),
            low=0,
            high=10_000_000,
        ),
        Column("should_have", "应建组织", kind="flag", aliases=("是否应建",)),
        Column(
            "coverage",
            "组织覆盖",
            kind="choice",
            aliases=("组建方式", "覆盖情况"),
            required=True,
            must=True,
            options=words.COVERAGE,
            synonyms={"单独": "单独组建", "联合": "联合组建", "个别党员": "仅有个别党员", "未建": "无党员"},
        ),
        Column(
            "organization",
            "党组织编号",
            aliases=("所在组织编号", "党组织", "属地组织编号"),
            longest=60,
            width=14,
        ),
    ),
    state=("name", "kind", "employees", "should_have", "coverage", "organization"),
)

MEMBERS = RosterSheet(
    "member",
    "党员",
    ("党员名册", "党员花名册", "花名册"),
    (
        Column(
            "number", "党员编号", aliases=("编号", "工号", "人员编号"), required=True, must=True, longest=30
        ),
        Column("name", "姓名", aliases=("党员姓名",), required=True, must=True, longest=40),
        Column("sex", "性别", kind="choice", options=words.SEXES, width=6),
        Column(
            "birth_year",
            "出生年份",
            kind="year",
            aliases=("出生年月", "出生日期", "出生时间"),
            low=1900,
            high=2020,
        ),
        Column(
            "education",
            "学历",
            kind="choice",
            aliases=("文化程度",),
            options=words.EDUCATION,
            synonyms={
                "本科": "大学本科",
                "大学": "大学本科",
                "大学专科": "大专",
                "专科": "大专",
                "硕士": "研究生",
                "博士": "研究生",
                "硕士研究生": "研究生",
                "博士研究生": "研究生",
                "技校": "中专",
                "高中及以下": "高中",
            },
        ),
        Column(
            "category",
            "评议类别",
            kind="choice",
            aliases=("党员类别",),
            required=True,
            must=True,
            options=words.CATEGORIES,
            synonyms={"机关": "机关(学校)", "学校": "机关(学校)"},
        ),
        Column(
            "state",
            "党员状态",
            kind="choice",
            aliases=("人员类别", "党员身份"),
            required=True,
            must=True,
            options=words.STATES,
            synonyms={"正式党员": "正式", "预备党员": "预备"},
        ),
        Column("phone", "手机", aliases=("手机号", "手机号码", "联系电话"), longest=20),
        Column("id_number", "身份证号", aliases=("身份证号码", "公民身份号码"), longest=18, width=20),
        Column("joined", "入党日期", kind="date", aliases=("入党时间",)),
        Column(
            "employment",
            "从业状况",
            kind="choice",
            aliases=("工作状态", "就业状况"),
            options=words.EMPLOYMENT,
            synonyms={"退休": "离退休", "离休": "离退休", "学生": "大学生", "农民": "务农"},
        ),
        Column("dual", "双报到", kind="flag", aliases=("双向登记", "是否双报到")),
        Column("mobile", "流动党员", kind="flag", aliases=("是否流动", "流动")),
        Column("worker", "党务工作者", kind="flag", aliases=("是否党务工作者",)),
        Column(
            "organization",
            "所在组织编号",
            aliases=("所在组织", "所在支部", "支部", "所在党支部", "党支部", "所属支部", "所属党支部"),
            required=True,
            must=True,
            longest=60,
            width=14,
        ),
        Column("since", "转入日期", kind="date", aliases=("转入时间", "组织关系转入日期", "加入日期")),
        Column("joined_by", "进入原因", kind="choice", aliases=("转入原因",), options=words.JOINED_BY),
        Column("until", "离开日期", kind="date", aliases=("转出日期", "离开时间")),
        Column(
            "left_by",
            "离开原因",
            kind="choice",
            aliases=("转出原因",),
            options=words.LEFT_BY,
            synonyms={"死亡": "去世", "逝世": "去世", "除名": "出党", "开除": "出党"},
        ),
    ),
    identity=("name", "sex", "birth_year", "education", "joined", "phone", "id_number"),
    state=("category", "state", "employment", "dual", "mobile", "worker"),
)

POSTS = RosterSheet(
    "post",
    "任职",
    ("班子成员", "班子", "任职名册"),
    (
        Column("member", "党员编号", aliases=("编号",), required=True, must=True, longest=30),
        Column(
            "organization",
            "组织编号",
            aliases=("所在组织编号", "任职组织"),
            required=True,
            must=True,
            longest=60,
        ),
        Column(
            "post",
            "职务",
            kind="choice",
            aliases=("党内职务",),
            required=True,
            must=True,
            options=words.POSTS,
            synonyms={"支部书记": "书记", "党委书记": "书记", "支委": "委员", "支部委员": "委员"},
        ),
        Column("since", "任职日期", kind="date", aliases=("任职时间",), required=True, must=True),
        Column("until", "离任日期", kind="date", aliases=("届满日期", "离任时间", "任期届满")),
    ),
)

SHEETS = (ORGANIZATIONS, UNITS, MEMBERS, POSTS)
BY_TABLE: Mapping[str, RosterSheet] = {sheet.table: sheet for sheet in SHEETS}
