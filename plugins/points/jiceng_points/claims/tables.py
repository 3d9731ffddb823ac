"""Tables of claims: the claims, every move they made, one-time links, own lists of special groups."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.crypto import Column
from jiceng.api.database import Grants, Index, Member, Organization, Personal, TenantKey, TenantTable
from jiceng_points.shelf.tables import KEPT, PointsItem

DUE = "case when state = 'verified' then times else 0 end"
"""Which verification of a claim should stand among the facts; 0 for none."""
PROOF, REASON = Column("points_claim", "proof"), Column("points_claim", "reason")
"""What a claimer did, and why it was sent back: about persons, so sealed like the words of each move."""
WORDS = Column("points_move", "words")
OWN_LIST = (
    Column("points_own_list", "reason"),
    Column("points_own_list", "opinion"),
    Column("points_own_list", "ruling"),
    Column("points_own_list", "tasks"),
)
"""Why a special case is one, what branch and committee say of it, and what was agreed."""


class PointsClaim(TenantTable, help_text="认领"):
    """One item claimed by one member (`member` set) or organization, and how far it has come.

    `organization` is the member's at the time, or the claimer itself. Who claimed, reported it done and
    verified are accounts; a page opened by a one-time link acts as the member (`by_member`).
    """

    number = Integer(null=False, help_text="认领号")
    year = Integer(null=False, help_text="年度")
    item = TenantKey(PointsItem, help_text="事项")
    member = TenantKey(Member, null=True, help_text="党员")
    organization = TenantKey(Organization, help_text="组织")
    state = Varchar(length=9, null=False, default="claimed", help_text="状态")
    worth = Integer(null=False, help_text="分值")
    claimed_on = Date(null=False, help_text="认领日期")
    planned = Date(null=True, default=None, help_text="打算哪天做")
    due = Date(null=False, help_text="截止")
    done_on = Date(null=True, default=None, help_text="完成日期")
    proof = Text(null=False, default="", help_text="一句话证明")
    file = UUID(null=True, default=None, help_text="附件")
    reason = Text(null=False, default="", help_text="退回理由")
    claimed_by = UUID(null=True, default=None, help_text="认领人账号")
    done_by = UUID(null=True, default=None, help_text="报完成的账号")
    verified_by = UUID(null=True, default=None, help_text="核验人账号")
    verified_on = Date(null=True, default=None, help_text="核验日期")
    times = Integer(null=False, default=0, help_text="已核验过几次")
    posted = Integer(null=False, default=0, help_text="第几次核验已计入评定事实，0 为没有")

    numbered = Unique(["tenant_id", "number"])
    state_known = Check("state IN ('claimed', 'done', 'verified', 'rejected', 'withdrawn', 'lapsed')")
    done_when_reported = Check("state NOT IN ('done', 'verified', 'rejected') OR done_on IS NOT NULL")
    verified_once = Check("(state = 'verified') = (verified_on IS NOT NULL)")
    by_another = Check("verified_by IS NULL OR verified_by NOT IN (claimed_by, done_by)")
    worth_within = Check("worth BETWEEN 0 AND 20")
    _grants = KEPT
    _indexes = (
        Index(("year", "state", "done_on", "number")),
        Index(("state", "due")),
        Index(("number",), f"posted <> {DUE}"),
        # The overview counts whole years: it reads these indexes and never the table.
        Index(("year", "organization", "member"), carries=("state", "worth", "due", "done_on", "claimed_on")),
        Index(("year", "item", "member"), carries=("state", "done_on", "organization")),
    )
    _sealed = (PROOF, REASON)
    _personal = (Personal("t.member = :member", {"proof": "''", "reason": "''"}),)


class PointsMove(TenantTable, help_text="认领经过"):
    """One move of a claim: from which state to which, when, by whom; words can be erased."""

    claim = TenantKey(PointsClaim, help_text="认领")
    before = Varchar(length=9, null=False, default="")
    after = Varchar(length=9, null=False)
    at = Timestamptz(default=now)
    by = UUID(null=True, default=None, help_text="account; empty for the member's own page and for jobs")
    by_member = UUID(null=True, default=None, help_text="member who acted by link")
    words = Text(null=False, default="")
    _grants = KEPT
    _sealed = (WORDS,)
    _personal = (
        Personal(
            "t.claim in (select id from points_claim where tenant_id = $1 and member = :member)",
            {"words": "''"},
        ),
    )


class PointsLink(TenantTable, help_text="一次性链接"):
    """A member's link to his own page: opened once, then that device's visit lasts until `visit_until`.

    Both secrets are stored as digests only.
    """

    member = TenantKey(Member, help_text="党员")
    digest = Bytea(null=False)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=now)
    expires = Timestamptz(null=False)
    opened_at = Timestamptz(null=True, default=None)
    visit = Bytea(null=True, default=None, help_text="digest of the cookie")
    visit_until = Timestamptz(null=True, default=None)
    ended = Boolean(null=False, default=False)
    one_link_per_digest = Unique(["tenant_id", "digest"])
    one_visit_per_digest = Unique(["tenant_id", "visit"])
    _grants = Grants()
    _personal = (Personal("t.member = :member"),)


class PointsOwnList(TenantTable, help_text="一事一议"):
    """A special case's own list: the applicant, what the branch said, what the committee filed."""

    year = Integer(null=False, help_text="年度")
    turn = Integer(null=False, default=1, help_text="第几次申请；上一次未同意才有下一次")
    member = TenantKey(Member, help_text="党员")
    organization = TenantKey(Organization, help_text="支部")
    state = Varchar(length=8, null=False, default="applied", help_text="状态")
    reason = Text(null=False, default="", help_text="申请理由")
    opinion = Text(null=False, default="", help_text="支部意见")
    ruling = Text(null=False, default="", help_text="党委意见")
    tasks = Text(null=False, default="", help_text="约定事项，一行一件")
    applied_on = Date(null=False, help_text="申请日期")
    entered_by = UUID(null=True, default=None)
    studied_by = UUID(null=True, default=None)
    filed_by = UUID(null=True, default=None)
    filed_on = Date(null=True, default=None, help_text="备案日期")
    posted = Boolean(null=False, default=False)
    one_list_per_turn = Unique(["tenant_id", "year", "member", "turn"])
    state_known = Check("state IN ('applied', 'studied', 'filed', 'refused')")
    filed_when = Check("(state = 'filed') = (filed_on IS NOT NULL)")
    by_three = Check("filed_by IS NULL OR filed_by IS DISTINCT FROM studied_by")
    _grants = KEPT
    _indexes = (Index(("year", "state")),)
    _sealed = OWN_LIST
    _personal = (
        Personal("t.member = :member", dict.fromkeys(("reason", "opinion", "ruling", "tasks"), "''")),
    )
