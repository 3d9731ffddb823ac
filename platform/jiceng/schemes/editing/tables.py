"""Tables of writing rules: drafts as they are typed, every change of a draft, the clauses of a regulation."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.database import APPEND_ONLY, TenantKey, TenantTable
from jiceng.schemes.tables import RulebookVersion, Scheme


class RulebookDraft(TenantTable):
    """A rulebook being written. `content`: the sheets as JSON, exactly as typed; `revision` counts saves."""

    scheme = TenantKey(Scheme, null=False)
    base = TenantKey(RulebookVersion, null=True)
    revision = Integer(null=False, default=1)
    content = Text(null=False, default="")
    state = Varchar(length=10, null=False, default="open", help_text="open, published, discarded")
    opened_by = UUID(null=True, default=None)
    opened_at = Timestamptz(null=False, default=TimestamptzNow())
    state_known = Check("state in ('open', 'published', 'discarded')")


class DraftChange(TenantTable):
    """One save of a draft: which part, in words, by whom; `before` is the part as JSON, to go back to."""

    draft = TenantKey(RulebookDraft, null=False)
    revision = Integer(null=False)
    section = Varchar(length=20, null=False)
    part = Varchar(length=20, null=False, default="")
    words = Text(null=False, default="")
    before = Text(null=False, default="")
    by = UUID(null=True, default=None)
    at = Timestamptz(null=False, default=TimestamptzNow())
    one_change_per_revision = Unique(["tenant_id", "draft", "revision"])
    _grants = APPEND_ONLY


class Clause(TenantTable):
    """A clause of the regulation behind a scheme: document number, article, what it says in a few words."""

    scheme = TenantKey(Scheme, null=False)
    place = Integer(null=False)
    document = Varchar(length=120, null=False, default="")
    article = Varchar(length=60, null=False)
    words = Varchar(length=500, null=False, default="")
    one_clause_per_place = Unique(["tenant_id", "scheme", "place"])
