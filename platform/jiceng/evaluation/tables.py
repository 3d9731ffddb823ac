"""Tables of evaluation: runs, their results, and the packed frames they were computed from and to."""

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Numeric,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.database import APPEND_ONLY, Index, Personal, TenantKey, TenantTable
from jiceng.schemes.tables import Period, RulebookVersion, Scheme


class Run(TenantTable):
    """One evaluation of one scheme for one period; its inputs are frozen when it is opened."""

    scheme = TenantKey(Scheme, null=False)
    period = TenantKey(Period, null=False)
    rulebook = TenantKey(RulebookVersion, null=False)
    number = Integer(null=False, help_text="counts the tenant's runs")
    engine = Varchar(length=60, null=False, help_text="version of the engine")
    plugin = Varchar(length=80, null=False, default="", help_text="plugin and its version")
    roster_at = Date(null=False, help_text="day the roster was read for")
    watermark = BigInt(null=False, help_text="facts with a number up to this one count")
    previous = Text(null=False, default="[]", help_text="ids of the runs whose results are the history, JSON")
    sources = Text(null=False, default="[]", help_text="ids of other schemes' runs it reads, JSON")
    history = Varchar(
        length=10, null=False, default="computed", help_text="which results are the history: computed, final"
    )
    rulings = Text(null=False, default="[]", help_text="numbers of the rulings that were applied, JSON")
    supersedes = TenantKey("self", null=True)
    final_at = Timestamptz(null=True, default=None, help_text="when its results took effect")
    inputs_digest = Varchar(length=64, null=False)
    state = Varchar(length=10, null=False, default="queued", help_text="queued, running, done, failed")
    reason = Text(null=False, default="", help_text="why it failed, in plain Chinese")
    job = UUID(null=True, default=None)
    subjects = Integer(null=False, default=0)
    opened_by = UUID(null=True, default=None)
    opened_at = Timestamptz(null=False, default=TimestamptzNow())
    finished_at = Timestamptz(null=True, default=None)
    milliseconds = Integer(null=False, default=0, help_text="how long the evaluation took")
    state_known = Check("state in ('queued', 'running', 'done', 'failed')")
    history_known = Check("history in ('computed', 'final')")
    same_inputs_same_run = Unique(["tenant_id", "inputs_digest"])
    one_number_per_run = Unique(["tenant_id", "number"])


class Result(TenantTable):
    """What a run says about one subject: a proposal until a named person confirms it."""

    run = TenantKey(Run, null=False)
    subject = UUID(null=False, default=None)
    organization = UUID(null=True, default=None, help_text="where the subject belonged on the roster date")
    place = Integer(null=False, help_text="order in lists: by organization and number, never by score")
    status = Varchar(length=30, null=False)
    score = Numeric(digits=(38, 12), null=True, default=None)
    grade = Varchar(length=40, null=True, default=None)
    outputs = Text(null=False, default="{}", help_text="JSON: output → value as text, flag or null")
    one_result_per_subject = Unique(["tenant_id", "run", "subject"])
    _grants = APPEND_ONLY
    _indexes = (Index(("subject",)), Index(("run", "place")))


class RunFrame(TenantTable):
    """A packed frame of a run: what went in (`subjects`) or came out (`outcome`)."""

    run = TenantKey(Run, null=False)
    part = Varchar(length=20, null=False, help_text="subjects, outcome, rulings")
    content = Bytea(null=False, default=b"")
    one_frame_per_part = Unique(["tenant_id", "run", "part"])
    _grants = APPEND_ONLY


class HeldResult(TenantTable):
    """A result that did not take effect with its run: nobody confirmed it, or it has no verdict."""

    run = TenantKey(Run, null=False)
    subject = UUID(null=False, default=None)
    once = Unique(["tenant_id", "run", "subject"])
    _grants = APPEND_ONLY


class Ruling(TenantTable):
    """What a named person decided where the rules left something open; a later one for the same replaces it.

    It holds for one scheme, period and rulebook version: `part` (a node or `decide[n]`) means nothing else.
    """

    number = Integer(null=False, help_text="counts the tenant's rulings")
    scheme = TenantKey(Scheme, null=False)
    period = TenantKey(Period, null=False)
    rulebook = TenantKey(RulebookVersion, null=False)
    run = TenantKey(Run, null=False, help_text="the run whose question was answered")
    subject = UUID(null=True, default=None, help_text="null: a ruling on the places of a cohort")
    part = Varchar(length=80, null=False)
    kind = Varchar(length=20, null=False, help_text="tie, gap, rounding, asked, unknown")
    within = Varchar(length=300, null=False, default="", help_text="the cohort, for a ruling on places")
    grade = Varchar(length=40, null=True, default=None)
    points = Numeric(digits=(38, 12), null=True, default=None)
    rank = Integer(null=True, default=None, help_text="place among those tied, 1 first")
    places = Integer(null=True, default=None)
    withdrawn = Boolean(null=False, default=False, help_text="takes the earlier ruling back")
    by = UUID(null=False, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())
    kind_known = Check("kind in ('tie', 'rounding', 'gap', 'asked', 'unknown', 'missing')")
    one_number_per_ruling = Unique(["tenant_id", "number"])
    _grants = APPEND_ONLY
    _indexes = (Index(("scheme", "period", "number")),)


RULED = Column("ruling_reason", "text", key="ruling")
"""Encrypted: why a question about somebody was ruled as it was (control 30)."""


class RulingReason(TenantTable):
    """Why a ruling was made: apart, so that erasing the words leaves every run verifiable."""

    ruling = TenantKey(Ruling, null=False)
    text = Text(null=False, default="")
    one_reason_per_ruling = Unique(["tenant_id", "ruling"])
    _sealed = (RULED,)
    _personal = (
        Personal(
            "t.ruling in (select id from ruling where tenant_id = $1 and subject = :member)", {"text": "''"}
        ),
    )
