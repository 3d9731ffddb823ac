"""Tables of publication: where a run's results stand, who moved them, what was confirmed and objected."""

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.evaluation.tables import Run
from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.database import APPEND_ONLY, Grants, Index, Personal, TenantKey, TenantTable
from jiceng.publication.flow.states import MOVES, State

KEPT = Grants(app=("SELECT", "INSERT", "UPDATE"))
"""Rows with words in them: never deleted, but the words can be erased."""
SAID, ANSWERED = Column("objection", "text"), Column("objection", "answer")
MOVED, CONFIRMED = Column("publication_move", "reason"), Column("confirmation", "reason")
"""Encrypted: what is said about a person (control 30)."""
_STATES = tuple(state.value for state in State)
_MOVES = " OR ".join(
    f"(before, act, after) = ('{before.value}', '{act.value}', '{after.value}')"
    for (before, act), after in MOVES.items()
)


class Publication(TenantTable):
    """Where the results of one run stand, and its notice; a run nobody touched has none."""

    run = TenantKey(Run, null=False)
    state = Varchar(length=10, null=False, default="computed", help_text="see flow/states.py")
    grades = Text(null=False, default="[]", help_text="JSON: grades the notice lists")
    document = Varchar(length=100, null=False, default="", help_text="number of the notice")
    first_day = Date(null=True, default=None)
    last_day = Date(null=True, default=None)
    working_days = Integer(null=False, default=0)
    office = Varchar(length=200, null=False, default="", help_text="who takes objections")
    phone = Varchar(length=100, null=False, default="")
    place = Varchar(length=200, null=False, default="")
    masked = Boolean(null=False, default=True)
    one_per_run = Unique(["tenant_id", "run"])
    state_known = Check(f"state IN {_STATES}")
    days_in_order = Check("last_day >= first_day")
    _grants = KEPT


class PublicationMove(TenantTable):
    """One move from one state to the next, by whom and why."""

    publication = TenantKey(Publication, null=False)
    act = Varchar(length=20, null=False)
    before = Varchar(length=10, null=False)
    after = Varchar(length=10, null=False)
    reason = Text(null=False, default="")
    by = UUID(null=False, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())
    move_known = Check(_MOVES)
    _grants = KEPT
    _sealed = (MOVED,)


class Confirmation(TenantTable):
    """One act of confirming verdicts: of an organization with those below it, or of one subject."""

    publication = TenantKey(Publication, null=False)
    number = Integer(null=False, help_text="counts the tenant's confirmations: the later one holds")
    organization = UUID(null=True, default=None)
    reason = Text(null=False, default="")
    by = UUID(null=False, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())
    one_number_per_confirmation = Unique(["tenant_id", "number"])
    _grants = KEPT
    _sealed = (CONFIRMED,)
    _personal = (
        Personal(
            "t.organization is null and t.id in"
            " (select confirmation from verdict where tenant_id = $1 and subject = :member)",
            {"reason": "''"},
        ),
    )


class Verdict(TenantTable):
    """What a confirmation says of one subject: confirmed, or listed as an exception."""

    confirmation = TenantKey(Confirmation, null=False)
    publication = TenantKey(Publication, null=False)
    number = Integer(null=False, help_text="the confirmation's")
    subject = UUID(null=False, default=None)
    confirmed = Boolean(null=False, default=True)
    _grants = APPEND_ONLY
    _indexes = (Index(("publication", "subject")),)


class Objection(TenantTable):
    """An objection as the clerk noted it, and the answer."""

    publication = TenantKey(Publication, null=False)
    number = Integer(null=False, help_text="counts the tenant's objections")
    subject = UUID(null=True, default=None)
    text = Text(null=False, default="")
    received = Date(null=False)
    by = UUID(null=False, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())
    answer = Text(null=False, default="")
    answered_by = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    one_number_per_objection = Unique(["tenant_id", "number"])
    _grants = KEPT
    _sealed = (SAID, ANSWERED)
    _personal = (Personal("t.subject = :member", {"text": "''", "answer": "''"}),)
