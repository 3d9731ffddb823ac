"""Tables of redemption: gifts, every change of their stock, redemptions, the rule in force, who is paused."""

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.api.database import APPEND_ONLY, Grants, Index, Member, Routine, TenantKey, TenantTable, Trigger
from jiceng_points.ledger.tables import PointsTransfer
from jiceng_points.redemption.vocabulary import QUALIFIES, STATES, STOCK_CHANGES

KEPT = Grants(app=("SELECT", "INSERT", "UPDATE"))
"""Never deleted: a redemption or a gift that is over keeps its state."""

_STOCK_COUNTS = Routine(
    name="points_stock_counts",
    body="""
begin
  if tg_op = 'INSERT' then
    update public.points_gift set stock = stock + new.change
    where tenant_id = new.tenant_id and id = new.gift;
    return new;
  end if;
  raise exception 'changes of stock are only added'
    using errcode = 'insufficient_privilege';
end
""",
)
# As with balances: depth 1 is a statement of the program, depth 2 one of points_stock_counts.
_STOCK_FOLLOWS = Routine(
    name="points_stock_follows",
    body="""
begin
  if new.stock = (case when tg_op = 'INSERT' then 0 else old.stock end) or pg_trigger_depth() > 1 then
    return new;
  end if;
  raise exception 'stock changes by points_stock_move only'
    using errcode = 'insufficient_privilege';
end
""",
)


class PointsGift(TenantTable, tablename="points_gift", help_text="兑换物品"):
    """Something points can be exchanged for. `stock` counts what is neither held nor given away."""

    title = Varchar(length=60, null=False, default="")
    details = Text(null=False, default="")
    price = BigInt(null=False, default=0, help_text="hundredths of a point")
    stock = Integer(null=False, default=0)
    each_year = Integer(null=True, default=None, help_text="how many a member may take in a year; empty: any")
    offered = Boolean(null=False, default=True)
    version = Integer(null=False, default=1)
    made_by = UUID(null=True, default=None, help_text="account")
    made_at = Timestamptz(null=False, default=TimestamptzNow())

    one_per_title = Unique(["tenant_id", "title"])
    price_positive = Check("price > 0")
    never_below_zero = Check("stock >= 0")
    _grants = KEPT
    _triggers = (Trigger(name="points_stock_follows", routine=_STOCK_FOLLOWS, changes=("INSERT", "UPDATE")),)


class PointsRedemption(TenantTable, tablename="points_redemption", help_text="积分兑换"):
    """One gift held for one member until `until`; the code is there only as long as it can be used."""

    gift = TenantKey(PointsGift, null=False)
    member = TenantKey(Member, null=False)
    price = BigInt(null=False, default=0, help_text="hundredths of a point, as of the day it was held")
    state = Varchar(length=10, null=False, default="held", help_text="see vocabulary.STATES")
    code = Varchar(length=8, null=True, default=None)
    until = Date(null=False, help_text="last day of pick-up")
    hold = TenantKey(PointsTransfer, null=False)
    ended_through = TenantKey(PointsTransfer, null=True, help_text="collected, or the reversal of the hold")
    held_at = Timestamptz(null=False, default=TimestamptzNow())
    held_by = UUID(null=True, default=None, help_text="account that asked for it")
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None, help_text="account; empty for the job that ends what expired")

    one_per_code = Unique(["tenant_id", "code"])
    state_known = Check(f"state IN {STATES}")
    code_while_held = Check("(state = 'held') = (code IS NOT NULL)")
    ended_with_its_transfer = Check("(state = 'held') = (ended_through IS NULL)")
    _indexes = (Index(("until",), where="state = 'held'"), Index(("member", "held_at")), Index(("held_at",)))
    _grants = KEPT


class PointsStockMove(TenantTable, tablename="points_stock_move", help_text="库存变动"):
    """One change of a gift's stock: taken in, counted anew, held for somebody or returned."""

    gift = TenantKey(PointsGift, null=False)
    change = Integer(null=False, default=0)
    kind = Varchar(length=10, null=False, help_text="see vocabulary.STOCK_CHANGES")
    redemption = TenantKey(PointsRedemption, null=True)
    at = Timestamptz(null=False, default=TimestamptzNow())
    by = UUID(null=True, default=None, help_text="account")

    once_per_redemption = Unique(["tenant_id", "redemption", "kind"])
    something_changes = Check("change <> 0")
    kind_known = Check(f"kind IN {STOCK_CHANGES}")
    _indexes = (Index(("gift", "at")),)
    _grants = APPEND_ONLY
    _triggers = (
        Trigger(name="points_stock_counts", routine=_STOCK_COUNTS, changes=("INSERT", "UPDATE", "DELETE")),
        Trigger(
            name="points_stock_never_emptied", routine=_STOCK_COUNTS, changes=("TRUNCATE",), each="statement"
        ),
    )


class PointsRedemptionRule(TenantTable, tablename="points_redemption_rule", help_text="兑换规则"):
    """Who may redeem and how long a gift is held; the highest number is in force."""

    number = Integer(null=False, default=1)
    opened = Boolean(null=False, default=True)
    qualifies = Varchar(length=10, null=False, default="grade", help_text="see vocabulary.QUALIFIES")
    least = BigInt(null=False, default=8000, help_text="hundredths of the final score, included")
    grades = Varchar(length=100, null=False, default="合格", help_text="separated by 、")
    days = Integer(null=False, default=14, help_text="days a gift is held")
    at = Timestamptz(null=False, default=TimestamptzNow())
    by = UUID(null=True, default=None, help_text="account")

    one_per_number = Unique(["tenant_id", "number"])
    qualifies_known = Check(f"qualifies IN {QUALIFIES}")
    days_within = Check("days BETWEEN 1 AND 366")
    _grants = APPEND_ONLY


class PointsPause(TenantTable, tablename="points_pause", help_text="暂缓兑换"):
    """A member who may not redeem from a day on; why is on paper and not in here."""

    member = TenantKey(Member, null=False)
    since = Date(null=False)
    until = Date(null=True, default=None, help_text="first day without it")
    made_by = UUID(null=True, default=None, help_text="account")
    ended_by = UUID(null=True, default=None, help_text="account")

    in_order = Check("until IS NULL OR until >= since")
    _grants = KEPT
