"""The roster's tables. What changes over time stands in `…_state`, valid `since` … `until` (exclusive)."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.kernel import clock
from jiceng.kernel.ciphers.columns import SEALED
from jiceng.kernel.database import APPEND_ONLY, Index, Personal, TenantKey, TenantTable
from jiceng.roster import vocabulary as words
from jiceng.roster.sealing import BEFORE, CONTACT, CONTENT, ID_NUMBER, PHONE, REASON


class Organization(TenantTable, help_text="党组织"):
    """An organization: its number never changes; what does is in `OrganizationState`."""

    number = Varchar(length=30, help_text="组织编号")
    founded = Date(null=True, default=None, help_text="成立日期")
    dissolved = Date(null=True, default=None, help_text="撤销日期")

    numbered = Unique(["tenant_id", "number"])


class OrganizationState(TenantTable, help_text="党组织的历史"):
    """An organization's name, kind, field and place in the tree during a time."""

    organization = TenantKey(Organization, help_text="党组织")
    since = Date(help_text="自")
    until = Date(null=True, default=None, help_text="至（不含）")
    name = Varchar(length=100, help_text="组织名称")
    short_name = Varchar(length=100, null=True, default=None, help_text="简称")
    kind = Varchar(length=20, help_text="组织类型")
    field = Varchar(length=20, help_text="领域")
    parent = TenantKey(Organization, null=True, help_text="上级组织")
    last_election = Date(null=True, default=None, help_text="上次换届")
    next_election = Date(null=True, default=None, help_text="届满日期")
    contact = Text(null=True, default=None, help_text="联系方式")

    once_a_day = Unique(["tenant_id", "organization", "since"])
    kind_known = Check(f"kind IN {words.ORGANIZATION_KINDS}")
    field_known = Check(f"field IN {words.FIELDS}")
    in_order = Check("until > since")

    _indexes = (Index(("parent",)), Index(("organization",), "until is null"))
    _sealed = (CONTACT,)


class Unit(TenantTable, help_text="单位"):
    """An enterprise or other unit whose people the organizations should reach."""

    number = Varchar(length=30, help_text="单位编号")

    numbered = Unique(["tenant_id", "number"])


class UnitState(TenantTable, help_text="单位的历史"):
    """A unit's size and whether an organization covers it during a time."""

    unit = TenantKey(Unit, help_text="单位")
    since = Date(help_text="自")
    until = Date(null=True, default=None, help_text="至（不含）")
    name = Varchar(length=100, help_text="单位名称")
    kind = Varchar(length=20, help_text="单位类型")
    employees = Integer(null=True, default=None, help_text="职工人数")
    should_have = Boolean(default=False, help_text="应建组织")
    coverage = Varchar(length=20, help_text="组织覆盖")
    organization = TenantKey(Organization, null=True, help_text="党组织")

    once_a_day = Unique(["tenant_id", "unit", "since"])
    kind_known = Check(f"kind IN {words.UNIT_KINDS}")
    coverage_known = Check(f"coverage IN {words.COVERAGE}")
    in_order = Check("until > since")

    _indexes = (Index(("organization",)),)


class Project(TenantTable, help_text="项目"):
    """A project that is rated like an organization or a member; a plugin's ledger enters and leads it."""

    number = Varchar(length=30, help_text="项目编号")

    numbered = Unique(["tenant_id", "number"])


class ProjectState(TenantTable, help_text="项目的历史"):
    """A project's name, kind and the organization that answers for it during a time."""

    project = TenantKey(Project, help_text="项目")
    since = Date(help_text="自")
    until = Date(null=True, default=None, help_text="至（不含）")
    name = Varchar(length=100, help_text="项目名称")
    kind = Varchar(length=20, help_text="项目类别")
    organization = TenantKey(Organization, help_text="责任组织")

    once_a_day = Unique(["tenant_id", "project", "since"])
    in_order = Check("until > since")

    _indexes = (Index(("organization",)),)


class Member(TenantTable, help_text="党员"):
    """A member. Never deleted: leaving is a membership's end; erasing empties the row (a two-person act)."""

    number = Varchar(length=30, help_text="党员编号")
    name = Varchar(length=40, help_text="姓名")
    sex = Varchar(length=2, null=True, default=None, help_text="性别")
    birth_year = Integer(null=True, default=None, help_text="出生年份")
    education = Varchar(length=10, null=True, default=None, help_text="学历")
    joined = Date(null=True, default=None, help_text="入党日期")
    phone = Text(null=True, default=None, help_text="手机")
    phone_index = Bytea(null=True, default=None, help_text="手机的检索值")
    id_number = Text(null=True, default=None, help_text="身份证号")
    id_number_index = Bytea(null=True, default=None, help_text="身份证号的检索值")
    sensitivity = SmallInt(default=0, help_text="敏感级")
    sensitivity_reason = Text(default="", help_text="定级理由")

    numbered = Unique(["tenant_id", "number"])
    sex_known = Check(f"sex IN {words.SEXES}")
    phone_sealed = Check(f"phone ~ '{SEALED}'")
    id_number_sealed = Check(f"id_number ~ '{SEALED}'")
    sensitivity_known = Check("sensitivity BETWEEN 0 AND 2")
    education_known = Check(f"education IN {words.EDUCATION}")

    _indexes = (
        Index(("name",)),
        Index(("phone_index",), "phone_index is not null"),
        Index(("id_number_index",), "id_number_index is not null"),
    )
    _sealed = (PHONE, ID_NUMBER, REASON)
    _personal = (
        Personal(
            "t.id = :member",
            {
                "number": "'erased-' || right(t.id::text, 12)",
                "name": "'已清除'",
                **dict.fromkeys(("sex", "birth_year", "education", "joined"), "null"),
                **dict.fromkeys(("phone", "phone_index", "id_number", "id_number_index"), "null"),
                "sensitivity_reason": "''",
            },
        ),
    )


class MemberState(TenantTable, help_text="党员的历史"):
    """What a member is for an appraisal during a time."""

    member = TenantKey(Member, help_text="党员")
    since = Date(help_text="自")
    until = Date(null=True, default=None, help_text="至（不含）")
    category = Varchar(length=20, help_text="评议类别")
    state = Varchar(length=4, help_text="党员状态")
    employment = Varchar(length=10, null=True, default=None, help_text="从业状况")
    dual = Boolean(default=False, help_text="双报到")
    mobile = Boolean(default=False, help_text="流动党员")
    worker = Boolean(default=False, help_text="党务工作者")

    once_a_day = Unique(["tenant_id", "member", "since"])
    category_known = Check(f"category IN {words.CATEGORIES}")
    state_known = Check(f"state IN {words.STATES}")
    employment_known = Check(f"employment IN {words.EMPLOYMENT}")
    in_order = Check("until > since")
    _personal = (Personal("t.member = :member", {"employment": "null"}),)


class Membership(TenantTable, help_text="组织关系"):
    """A member belongs to an organization from `since` until (not on) `until`, with the reasons for both."""

    member = TenantKey(Member, help_text="党员")
    organization = TenantKey(Organization, help_text="党组织")
    since = Date(help_text="进入日期")
    joined_by = Varchar(length=4, null=True, default=None, help_text="进入原因")
    until = Date(null=True, default=None, help_text="离开日期")
    left_by = Varchar(length=4, null=True, default=None, help_text="离开原因")

    joined_known = Check(f"joined_by IN {words.JOINED_BY}")
    left_known = Check(f"left_by IN {words.LEFT_BY}")
    left_when_ended = Check("(until IS NULL) = (left_by IS NULL)")
    in_order = Check("until >= since")

    _indexes = (Index(("member", "since")), Index(("organization",)))


class Post(TenantTable, help_text="任职"):
    """A term of office in an organization."""

    member = TenantKey(Member, help_text="党员")
    organization = TenantKey(Organization, help_text="党组织")
    post = Varchar(length=10, help_text="职务")
    since = Date(help_text="任职日期")
    until = Date(null=True, default=None, help_text="届满或离任日期")

    once = Unique(["tenant_id", "member", "organization", "post", "since"])
    post_known = Check(f"post IN {words.POSTS}")
    in_order = Check("until >= since")

    _indexes = (Index(("organization",)),)


class RosterChange(TenantTable, help_text="名册变更记录"):
    """An import that was applied: which file, by whom, how many rows of what."""

    version = Integer(help_text="版本")
    at = Date(help_text="名册日期")
    filename = Varchar(length=200, help_text="文件名")
    applied_at = Timestamptz(default=clock.now, help_text="时间")
    applied_by = UUID(null=True, default=None, help_text="操作人")
    counts = JSONB(help_text="数量")
    undone_at = Timestamptz(null=True, default=None, help_text="撤销时间")
    undone_by = UUID(null=True, default=None, help_text="撤销人")
    undone_reason = Varchar(length=300, default="", help_text="撤销理由")

    numbered = Unique(["tenant_id", "version"])
    undone_whole = Check("(undone_at IS NULL) = (undone_reason = '')")


class RosterUpload(TenantTable, help_text="待确认的名册文件"):
    """A file between preview and import; deleted when imported, or a day later."""

    filename = Varchar(length=200)
    content = Bytea()
    uploaded_at = Timestamptz(default=clock.now)
    uploaded_by = UUID(null=True, default=None)

    _sealed = (CONTENT,)
    _personal = (Personal("true"),)


class RosterUndo(TenantTable, help_text="名册导入前的原样"):
    """How rows were before the import with the same id, for as long as it may be taken back."""

    content = Bytea()
    kept_at = Timestamptz(default=clock.now)

    _sealed = (BEFORE,)
    _personal = (Personal("true"),)


class Erasure(TenantTable, help_text="清除个人信息的登记"):
    """A person whose data were erased: who, on what ground, by whom, how many rows of what. No name."""

    member = TenantKey(Member, help_text="党员")
    ground = Varchar(length=10, help_text="依据")
    document = Varchar(length=60, help_text="申请或批文的编号")
    erased_at = Timestamptz(default=clock.now, help_text="时间")
    erased_by = UUID(null=True, default=None, help_text="提交人；恢复备份后再次清除时为空")
    counts = JSONB(help_text="各表清除的行数")

    once = Unique(["tenant_id", "member"])
    ground_known = Check("ground IN ('request', 'expired', 'order')")
    _grants = APPEND_ONLY
