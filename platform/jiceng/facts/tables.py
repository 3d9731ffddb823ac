"""Tables of facts: kinds with their layout, batches, the facts themselves, and their free text."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.database import APPEND_ONLY, Index, Personal, TenantKey, TenantTable

NOTE = Column("fact_note", "text", key="seq")
"""Encrypted: what is said about a person to support a fact (control 30)."""


class FactKind(TenantTable):
    """One kind of fact of one scheme and the places of its fields in the two arrays."""

    scheme = Varchar(length=60, null=False)
    name = Varchar(length=60, null=False)
    title = Varchar(length=200, null=False)
    layout = Text(
        null=False, default="", help_text="JSON, see facts/rows/layout.py; places are only ever added"
    )
    one_kind_per_name = Unique(["tenant_id", "scheme", "name"])


class FactImport(TenantTable):
    """One workbook that brought something new, and whether it was taken back as a whole."""

    scheme = Varchar(length=60, null=False)
    filename = Varchar(length=300, null=False)
    by = UUID(null=True, default=None, help_text="account; empty for onboarding")
    at = Timestamptz(null=False, default=TimestamptzNow())
    undone_at = Timestamptz(null=True, default=None)
    undone_by = UUID(null=True, default=None)
    undone_reason = Varchar(length=300, null=False, default="")
    undone_whole = Check("(undone_at IS NULL) = (undone_reason = '')")
    _indexes = (Index(("scheme", "at")),)


class FactBatch(TenantTable):
    """One import that brought something new: where it came from, by whom, how many facts."""

    kind = TenantKey(FactKind, null=False)
    workbook = TenantKey(FactImport, null=True, default=None, help_text="the workbook it was a sheet of")
    takes_back = TenantKey(
        FactImport, null=True, default=None, help_text="the workbook whose facts its facts withdraw"
    )
    number = BigInt(null=False, help_text="counts the tenant's imports")
    source = Varchar(length=300, null=False, help_text="file and sheet, or form")
    rows = Integer(null=False, default=0)
    by = UUID(null=True, default=None, help_text="account; empty for onboarding")
    at = Timestamptz(null=False, default=TimestamptzNow())
    one_batch_per_number = Unique(["tenant_id", "number"])
    _grants = APPEND_ONLY


class Fact(TenantTable):
    """One fact. Never changed: a correction is a further fact that names what it corrects.

    `numbers` holds numbers scaled to integers, flags as 0/1 and dates as days since 1970-01-01; `words` holds
    options and codes. Their places are the kind's layout. People are named by id only.
    """

    seq = BigInt(null=False)
    kind = TenantKey(FactKind, null=False)
    subject = UUID(null=False, default=None)
    occurred = Date(null=False)
    numbers = Array(base_column=BigInt(), null=False, default=list)
    words = Array(base_column=Text(), null=False, default=list)
    corrects = BigInt(null=True, default=None, help_text="seq of the fact this one replaces")
    withdrawn = Boolean(null=False, default=False, help_text="the correction leaves nothing in its place")
    entered_by = UUID(null=True, default=None)
    accepted_by = UUID(null=True, default=None)
    batch = TenantKey(FactBatch, null=False)
    one_fact_per_number = Unique(["tenant_id", "seq"])
    _grants = APPEND_ONLY
    _indexes = (
        Index(("kind", "seq")),
        Index(("subject", "seq")),
        Index(("corrects",), where="corrects IS NOT NULL"),
    )


class FactVeil(TenantTable):
    """Facts of a subject in a batch that are counted but shown to nobody: a ballot of too few voters."""

    batch = TenantKey(FactBatch, null=False)
    subject = UUID(null=False, default=None)
    minimum = Integer(null=False, default=0, help_text="fewest votes that may be told apart")
    one_veil_each = Unique(["tenant_id", "batch", "subject"])
    _grants = APPEND_ONLY


class FactNote(TenantTable):
    """Free text of a fact (evidence, reason): apart, so that erasing it leaves every run verifiable."""

    seq = BigInt(null=False)
    text = Text(null=False, default="")
    one_note_per_fact = Unique(["tenant_id", "seq"])
    _sealed = (NOTE,)
    _personal = (
        Personal(
            "t.seq in (select seq from fact where tenant_id = $1 and subject = :member)", {"text": "''"}
        ),
    )
