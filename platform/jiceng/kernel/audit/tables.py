"""Tables of the audit log: entries that nobody can change, and one row per tenant that ends the chain."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz, Varchar
from piccolo.constraints import Unique

from jiceng.kernel import clock
from jiceng.kernel.database.routines import Routine, Trigger
from jiceng.kernel.database.tables import Grants, Index, TenantTable

LEAST_MONTHS = 6
"""Nothing younger can be deleted by anybody (network security law; 等保 8.1.5.4)."""

# LEAST_MONTHS is written out in the body: a test compares them.
_KEEP_ENTRIES = Routine(
    name="audit_entry_kept",
    body="""
begin
  if tg_op = 'DELETE' then
    if old.at < clock_timestamp() - interval '6 months'
       and old.seq <= (select purged_seq from public.audit_head where tenant_id = old.tenant_id) then
      return old;
    end if;
  end if;
  raise exception 'audit entries are never changed and only deleted after their retention'
    using errcode = 'insufficient_privilege';
end
""",
)
_KEEP_HEAD = Routine(
    name="audit_head_kept",
    body="""
begin
  if tg_op = 'UPDATE' then
    if new.tenant_id = old.tenant_id and new.seq >= old.seq
       and new.purged_seq >= old.purged_seq and new.purged_seq <= new.seq then
      return new;
    end if;
  end if;
  raise exception 'the end of the audit log only moves forward'
    using errcode = 'insufficient_privilege';
end
""",
)
# Row security holds inside too: the owner is not exempt from it, so only the tenant's own rows are seen.
_PURGE = Routine(
    name="audit_purge",
    arguments="upto bigint",
    returns="bigint",
    definer=True,
    body="""
declare gone bigint;
begin
  delete from public.audit_entry
  where tenant_id = nullif(current_setting('app.tenant_id', true), '')::int and seq <= upto;
  get diagnostics gone = row_count;
  return gone;
end
""",
)


class AuditEntry(TenantTable, tablename="audit_entry", help_text="审计日志"):
    """One act: who, when, from where, what, on which object, whether it was allowed. Ids and counts only."""

    seq = BigInt(default=0)
    at = Timestamptz(default=clock.now)
    door = Varchar(length=10, default="", help_text="web, job or command")
    person = UUID(null=True, default=None, help_text="account")
    address = Varchar(length=45, default="")
    request = UUID(null=True, default=None, help_text="web request or job")
    event = Varchar(length=40, default="")
    object_kind = Varchar(length=40, default="")
    object_id = Varchar(length=80, default="")
    success = Boolean(default=True)
    details = Text(default="{}", help_text="canonical JSON; text, so that the sealed bytes stay as they are")
    algorithm = Varchar(length=16, default="")
    hash = Bytea(default=b"")

    one_per_number = Unique(["tenant_id", "seq"])
    _indexes = (
        Index(("at",)),
        Index(("event", "seq")),
        Index(("person", "seq")),
        Index(("object_id", "seq")),
    )
    _grants = Grants(app=("SELECT", "INSERT"), auditor=("SELECT",), operator_within=("INSERT",))
    _routines = (_PURGE,)
    _triggers = (
        Trigger(name="audit_entry_kept", routine=_KEEP_ENTRIES, changes=("UPDATE", "DELETE")),
        Trigger(
            name="audit_entry_never_emptied", routine=_KEEP_ENTRIES, changes=("TRUNCATE",), each="statement"
        ),
    )


class AuditHead(TenantTable, tablename="audit_head", help_text="审计日志链头"):
    """The last entry of the tenant's chain, locked while an entry is added; and up to where it was purged."""

    seq = BigInt(default=0)
    hash = Bytea(default=b"")
    purged_seq = BigInt(default=0)
    purged_hash = Bytea(default=b"")

    one_per_tenant = Unique(["tenant_id"])
    _grants = Grants(
        app=("SELECT", "INSERT", "UPDATE"),
        auditor=("SELECT",),
        operator_within=("SELECT", "INSERT", "UPDATE"),
    )
    _triggers = (
        Trigger(name="audit_head_kept", routine=_KEEP_HEAD, changes=("UPDATE", "DELETE")),
        Trigger(name="audit_head_never_emptied", routine=_KEEP_HEAD, changes=("TRUNCATE",), each="statement"),
    )
