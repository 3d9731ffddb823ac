"""Tables of the shelf: residents' needs, the public forms that take them, and the items on the shelf."""

from piccolo.columns import UUID, Array, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.crypto import Column
from jiceng.api.database import Grants, Index, Member, Organization, TenantKey, TenantTable
from jiceng_points.shelf import words

KEPT = Grants(app=("SELECT", "INSERT", "UPDATE"))
"""Rows with words in them: never deleted, but the words can be erased."""
CONTACT = Column("points_need", "contact")
"""How to reach the resident: sealed, so that neither the database nor a backup tells it."""


class PointsNeedForm(TenantTable, help_text="群众需求登记码"):
    """A public form of one community, printed as a QR code; closed, its address answers 404."""

    organization = TenantKey(Organization, help_text="社区（村）党组织")
    code = Varchar(length=20, null=False, help_text="in the address; names the form and opens nothing else")
    is_open = Boolean(default=True, help_text="开放")
    made_by = UUID(null=True, default=None, help_text="操作人")
    made_at = Timestamptz(default=now, help_text="时间")
    one_form_per_code = Unique(["tenant_id", "code"])
    _grants = KEPT


class PointsNeed(TenantTable, help_text="群众需求"):
    """What a resident asked for. No name is asked; the contact is optional and erased on `erase_on`."""

    number = Integer(null=False, help_text="序号")
    organization = TenantKey(Organization, null=True, help_text="社区（村）党组织")
    what = Text(null=False, default="", help_text="需要什么")
    contact = Text(null=False, default="", help_text="联系方式，加密")
    source = Varchar(length=10, null=False, help_text="来源")
    state = Varchar(length=10, null=False, default="new", help_text="状态")
    received = Timestamptz(default=now, help_text="登记时间")
    answered_by = UUID(null=True, default=None, help_text="办理人")
    answered_at = Timestamptz(null=True, default=None, help_text="办理时间")
    reason = Text(null=False, default="", help_text="说明")
    erase_on = Date(null=False, help_text="到期清除")
    erased_at = Timestamptz(null=True, default=None, help_text="清除时间")
    numbered = Unique(["tenant_id", "number"])
    source_known = Check("source IN ('clerk', 'form')")
    state_known = Check("state IN ('new', 'shelved', 'declined')")
    _grants = KEPT
    _indexes = (Index(("state", "number")), Index(("erase_on",), "erased_at IS NULL"))
    _sealed = (CONTACT,)


class PointsItem(TenantTable, help_text="事项"):
    """One thing that can be claimed in a year. `taken` counts claims that hold a place; locked to claim."""

    year = Integer(null=False, help_text="年度")
    number = Varchar(length=20, null=False, help_text="编号")
    title = Varchar(length=100, null=False, help_text="事项")
    kind = Varchar(length=2, null=False, help_text="类别")
    source = Varchar(length=4, null=False, help_text="来源")
    side = Varchar(length=2, null=False, help_text="认领方")
    categories = Array(base_column=Text(), null=False, default=list, help_text="适用类别，空为不限")
    worth = Integer(null=True, default=None, help_text="分值；审核时给出")
    capacity = Integer(null=True, default=None, help_text="名额；空为不限")
    taken = Integer(null=False, default=0, help_text="已占名额")
    times = Integer(null=False, default=1, help_text="每个认领方一年可认领次数")
    opens = Date(null=False, help_text="起")
    deadline = Date(null=False, help_text="止")
    place = Varchar(length=100, null=False, default="", help_text="地点")
    proof = Varchar(length=100, null=False, default="", help_text="怎样核验")
    online = Boolean(null=False, default=False, help_text="可在线上完成")
    details = Text(null=False, default="", help_text="说明")
    owner = TenantKey(Organization, null=True, help_text="提出的组织")
    offered_by = TenantKey(Member, null=True, help_text="自荐的党员")
    need = TenantKey(PointsNeed, null=True, help_text="群众需求")
    state = Varchar(length=8, null=False, default="draft", help_text="状态")
    entered_by = UUID(null=True, default=None, help_text="录入人")
    reviewed_by = UUID(null=True, default=None, help_text="审核人")
    reviewed_at = Timestamptz(null=True, default=None, help_text="审核时间")
    reason = Text(null=False, default="", help_text="退回或下架理由")

    numbered = Unique(["tenant_id", "year", "number"])
    kind_known = Check(f"kind IN {words.KINDS}")
    source_known = Check(f"source IN {words.SOURCES}")
    side_known = Check(f"side IN {words.SIDES}")
    state_known = Check("state IN ('draft', 'shelf', 'returned', 'off')")
    worth_within = Check("worth BETWEEN 0 AND 20")
    worth_on_shelf = Check("state <> 'shelf' OR worth IS NOT NULL")
    places_within = Check("taken >= 0 AND (capacity IS NULL OR taken <= capacity)")
    in_order = Check("deadline >= opens")
    times_within = Check("times BETWEEN 1 AND 366")
    _grants = KEPT
    _indexes = (Index(("year", "state", "kind", "number")),)
