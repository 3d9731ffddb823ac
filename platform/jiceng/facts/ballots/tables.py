"""Tables of ballots: the roll (who) and the box (what) share no key, no time, no order; see decision 0240."""

from piccolo.columns import UUID, Array, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.database import APPEND_ONLY, Grants, Personal, TenantKey, TenantTable

SEAL = Column("ballot", "seal", binary=True)
"""Encrypted under the tenant's data key, which a key outside the database wraps."""
INTO_THE_BOX = Grants(app=("SELECT", "INSERT", "DELETE"))
"""An envelope goes in and is emptied at the count; what lies inside is never changed."""


class Ballot(TenantTable, help_text="票决"):
    """One ballot: what is asked about whom, how it is counted, where its result goes."""

    number = Integer(null=False, help_text="counts the tenant's ballots")
    title = Varchar(length=100, null=False)
    kind = Varchar(length=20, null=False, help_text="subjects: member, organization, enterprise")
    scheme = Varchar(length=60, null=False, default="", help_text="empty: counted for itself")
    fact = Varchar(length=60, null=False, default="")
    measure = Varchar(length=10, null=False, default="votes", help_text="votes, rate, mark or choice")
    day = Date(null=False, help_text="day the counted facts are of")
    options = Text(null=False, default="[]", help_text="JSON, see ballots/schemas.py")
    drop_high = SmallInt(null=False, default=0, help_text="highest votes left out of a mark")
    drop_low = SmallInt(null=False, default=0)
    quorum = Varchar(length=8, null=False, default="1/2", help_text="share of each party's roll")
    minimum = SmallInt(null=False, default=5, help_text="fewest papers that may be told apart")
    note = Text(null=False, default="", help_text="what voters read first")
    closes_at = Timestamptz(null=True, default=None)
    state = Varchar(
        length=10, null=False, default="draft", help_text="draft, open, closed, counted, withdrawn"
    )
    seal = Bytea(null=False, default=b"", help_text="secret of the box, encrypted; erased by the count")
    opened_at = Timestamptz(null=True, default=None)
    counted_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = UUID(null=True, default=None, help_text="account")
    withdrawn_reason = Varchar(length=300, null=False, default="")
    withdrawn_whole = Check("(state = 'withdrawn') = (withdrawn_reason <> '')")
    one_ballot_per_number = Unique(["tenant_id", "number"])
    _sealed = (SEAL,)


class BallotParty(TenantTable, help_text="票决的评议方"):
    """Those who vote together: the party's word for the rules, its weight, what it rates."""

    ballot = TenantKey(Ballot, null=False)
    place = SmallInt(null=False)
    word = Varchar(length=60, null=False, help_text="the party in the rules: 党员, 群众")
    title = Varchar(length=100, null=False, help_text="which of them: 望湖社区居民")
    weight = Integer(null=False, default=1)
    small = Boolean(null=False, default=False, help_text="may be below the minimum; its voters are told")
    rates = Array(base_column=UUID(), null=False, default=list, help_text="subjects; none: all")
    one_party_per_place = Unique(["tenant_id", "ballot", "place"])


class BallotSubject(TenantTable, help_text="票决的被评对象"):
    """Somebody rated; the pledge is free text and can be erased."""

    ballot = TenantKey(Ballot, null=False)
    place = SmallInt(null=False, help_text="its place on the paper, from 0")
    subject = UUID(null=False, default=None)
    pledge = Text(null=False, default="", help_text="公开承诺")
    took_part = Boolean(null=False, default=True)
    decided = Varchar(length=10, null=False, default="", help_text="proposed consequence: taken, dropped")
    reason = Text(null=False, default="")
    decided_by = UUID(null=True, default=None, help_text="account")
    one_row_per_subject = Unique(["tenant_id", "ballot", "subject"])
    _personal = (Personal("t.subject = :member", {"pledge": "''", "reason": "''"}),)


class BallotVoter(TenantTable, help_text="票决名册"):
    """One entitled voter and whether he has a paper. No moment is kept; the group's rows are rewritten
    together, so that neither their order nor their transaction tells who came when.
    """

    ballot = TenantKey(Ballot, null=False)
    party = TenantKey(BallotParty, null=False)
    place = Integer(null=False)
    label = Varchar(length=60, null=False, help_text="a name or a serial number; can be erased")
    person = UUID(null=True, default=None, help_text="member or organization, when the roster has it")
    digest = Bytea(null=True, default=None, help_text="SHA-256 of the link's token")
    way = Varchar(length=10, null=False, default="", help_text="empty, online or paper")
    one_voter_per_place = Unique(["tenant_id", "party", "place"])
    one_voter_per_link = Unique(["tenant_id", "digest"])
    _personal = (Personal("t.person = :member", {"label": "'已清除' || t.place", "person": "null"}),)


class BallotEnvelope(TenantTable, help_text="票箱"):
    """One sealed paper: a random id, the digest of a slip nobody wrote down, ciphertext of equal length."""

    ballot = TenantKey(Ballot, null=False)
    slip = Bytea(null=False)
    sealed = Bytea(null=False)
    one_paper_per_slip = Unique(["tenant_id", "ballot", "slip"])
    _grants = INTO_THE_BOX


class BallotBatch(TenantTable, help_text="纸质票批次"):
    """Paper votes of one party counted together; accepted when two people typed the same."""

    party = TenantKey(BallotParty, null=False)
    number = Integer(null=False)
    papers = Integer(null=False)
    state = Varchar(length=10, null=False, default="typing", help_text="typing, differs, accepted")
    one_batch_per_number = Unique(["tenant_id", "party", "number"])


class BallotEntry(TenantTable, help_text="纸质票录入"):
    """What one person typed of a batch: for each subject a count for each option, in their order."""

    batch = TenantKey(BallotBatch, null=False)
    nth = SmallInt(null=False)
    counts = Array(base_column=Integer(), null=False, default=list)
    by = UUID(null=False, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())
    one_entry_per_number = Unique(["tenant_id", "batch", "nth"])
    _grants = APPEND_ONLY


class BallotTally(TenantTable, help_text="计票结果"):
    """How often a party chose an option for a subject; the subject is empty for the papers returned."""

    ballot = TenantKey(Ballot, null=False)
    party = TenantKey(BallotParty, null=False)
    subject = UUID(null=True, default=None)
    option = Varchar(length=60, null=False, default="")
    votes = Integer(null=False)
    one_count_each = Unique(["tenant_id", "party", "subject", "option"])
    _grants = APPEND_ONLY
