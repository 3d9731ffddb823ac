"""Tables of the ledger: accounts, transfers, their two entries, the book that ends the chain, open recalls.

What must hold is held by PostgreSQL itself: entries of a transfer sum to zero when it commits, balances
follow entries and nothing else, no balance falls below zero, nothing is changed or deleted. Amounts are
hundredths of a point.
"""

from piccolo.columns import UUID, BigInt, Bytea, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.api.database import APPEND_ONLY, Grants, Index, Member, Routine, TenantKey, TenantTable, Trigger
from jiceng_points.ledger.schemas import ACCOUNT_KINDS, BECAUSE

_NEVER_CHANGED = Routine(
    name="points_never_changed",
    body="""
begin
  raise exception 'the ledger of points is only added to: reverse a transfer instead'
    using errcode = 'insufficient_privilege';
end
""",
)
# The issuing account has no balance of its own: every point there is comes from it, and one row changed by
# every credit would be what everybody waits for.
_ENTRY_COUNTS = Routine(
    name="points_entry_counts",
    body="""
begin
  update public.points_account set balance = balance + new.amount
  where tenant_id = new.tenant_id and id = new.account and kind <> 'issued';
  return new;
end
""",
)
# Inside a trigger the depth is 1 for a statement of the program and 2 for one of points_entry_counts.
_BALANCE_FOLLOWS = Routine(
    name="points_balance_follows",
    body="""
begin
  if tg_op = 'INSERT' and new.balance = 0 then
    return new;
  end if;
  if tg_op = 'UPDATE' and pg_trigger_depth() > 1
     and row(new.tenant_id, new.id, new.kind, new.holder)
         is not distinct from row(old.tenant_id, old.id, old.kind, old.holder) then
    return new;
  end if;
  raise exception 'a balance changes by entries only'
    using errcode = 'insufficient_privilege';
end
""",
)
_BALANCED = Routine(
    name="points_balanced",
    body="""
declare
  one uuid;
  entries bigint;
  total numeric;
  undone uuid;
begin
  if tg_table_name = 'points_entry' then
    one := new.transfer;
  else
    one := new.id;
    undone := new.reverses;
  end if;
  select count(*), coalesce(sum(amount), 0) into entries, total
  from public.points_entry where tenant_id = new.tenant_id and transfer = one;
  if entries <> 2 or total <> 0 then
    raise exception 'transfer % has % entries that sum to %', one, entries, total
      using errcode = 'integrity_constraint_violation';
  end if;
  if undone is not null and exists (
    select account, -amount from public.points_entry where tenant_id = new.tenant_id and transfer = undone
    except
    select account, amount from public.points_entry where tenant_id = new.tenant_id and transfer = one
  ) then
    raise exception 'transfer % does not undo transfer %', one, undone
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
""",
)
_BOOK_MOVES_FORWARD = Routine(
    name="points_book_moves_forward",
    body="""
begin
  if tg_op = 'UPDATE' then
    if new.tenant_id = old.tenant_id and new.id = old.id and new.seq >= old.seq then
      return new;
    end if;
  end if;
  raise exception 'the end of the ledger only moves forward'
    using errcode = 'insufficient_privilege';
end
""",
)


def _kept(table: str, routine: Routine = _NEVER_CHANGED) -> tuple[Trigger, ...]:
    """Nothing of `table` is changed, deleted or emptied, whoever asks."""
    return (
        Trigger(name=f"{table}_kept", routine=routine, changes=("UPDATE", "DELETE")),
        Trigger(name=f"{table}_never_emptied", routine=routine, changes=("TRUNCATE",), each="statement"),
    )


class PointsAccount(TenantTable, tablename="points_account", help_text="积分账户"):
    """Where points are: a member's, or one of the tenant's own (issued, held for pick-up, spent)."""

    kind = Varchar(length=10, null=False, help_text="see schemas.ACCOUNT_KINDS")
    holder = TenantKey(Member, null=True, help_text="empty for the tenant's own")
    balance = BigInt(null=False, default=0, help_text="hundredths of a point; set by entries alone")

    one_per_holder = Unique(["tenant_id", "kind", "holder"], nulls_distinct=False)
    kind_known = Check(f"kind IN {ACCOUNT_KINDS}")
    members_hold = Check("(kind = 'member') = (holder IS NOT NULL)")
    never_below_zero = Check("balance >= 0")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _triggers = (
        Trigger(
            name="points_balance_follows", routine=_BALANCE_FOLLOWS, changes=("INSERT", "UPDATE", "DELETE")
        ),
        Trigger(
            name="points_account_never_emptied",
            routine=_BALANCE_FOLLOWS,
            changes=("TRUNCATE",),
            each="statement",
        ),
    )


class PointsTransfer(TenantTable, tablename="points_transfer", help_text="积分流水"):
    """One movement between two accounts, numbered and sealed with the hash of the one before."""

    seq = BigInt(null=False, default=0)
    at = Timestamptz(null=False, default=TimestamptzNow())
    because = Varchar(length=20, null=False, help_text="see schemas.Because")
    key = Varchar(length=120, null=False, help_text="what it is about and which of its moves: only once")
    about = UUID(null=True, default=None, help_text="claim, redemption or other cause")
    reverses = TenantKey("self", null=True)
    by = UUID(null=True, default=None, help_text="account of the person; empty for a job")
    algorithm = Varchar(length=16, null=False, default="")
    digest = Bytea(null=False, default=b"")

    once_per_key = Unique(["tenant_id", "key"])
    one_per_number = Unique(["tenant_id", "seq"])
    reversed_once = Unique(["tenant_id", "reverses"])
    because_known = Check(f"because IN {BECAUSE}")
    _indexes = (Index(("about",)),)
    _grants = APPEND_ONLY
    _triggers = (
        *_kept("points_transfer"),
        Trigger(name="points_transfer_balanced", routine=_BALANCED, changes=("INSERT",), deferred=True),
    )


class PointsEntry(TenantTable, tablename="points_entry", help_text="积分分录"):
    """One side of a transfer: what an account gained (positive) or gave (negative)."""

    transfer = TenantKey(PointsTransfer, null=False)
    account = TenantKey(PointsAccount, null=False)
    amount = BigInt(null=False, default=0, help_text="hundredths of a point")

    one_per_account = Unique(["tenant_id", "transfer", "account"])
    something_moves = Check("amount <> 0")
    _grants = APPEND_ONLY
    _triggers = (
        *_kept("points_entry"),
        Trigger(name="points_entry_counts", routine=_ENTRY_COUNTS, changes=("INSERT",)),
        Trigger(name="points_entry_balanced", routine=_BALANCED, changes=("INSERT",), deferred=True),
    )


class PointsBook(TenantTable, tablename="points_book", help_text="积分账本"):
    """The end of the tenant's chain; locked while a transfer is added, so there is one writer at a time."""

    seq = BigInt(null=False, default=0)
    digest = Bytea(null=False, default=b"")

    one_per_tenant = Unique(["tenant_id"])
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
    _triggers = _kept("points_book", _BOOK_MOVES_FORWARD)


class PointsRecall(TenantTable, tablename="points_recall", help_text="待扣回积分"):
    """A credit whose ground fell away after its points were spent: reversed once the balance covers it."""

    credit = TenantKey(PointsTransfer, null=False)
    member = TenantKey(Member, null=False)
    because = Varchar(length=20, null=False)
    at = Timestamptz(null=False, default=TimestamptzNow())
    settled_by = TenantKey(PointsTransfer, null=True, help_text="the reversal, once made")

    once_per_credit = Unique(["tenant_id", "credit"])
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
