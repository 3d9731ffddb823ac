"""The tenant registry (one for the installation) and what each tenant keeps about itself."""

from piccolo.columns import JSONB, BigInt, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.kernel import clock
from jiceng.kernel.database import GlobalTable, Grants, TenantTable

KINDS = ("province", "city", "district", "town", "enterprise")
STATES = ("active", "suspended")


class Tenant(GlobalTable, help_text="租户登记"):
    """The registry: read by whoever signs in, written by the operator. Ids are small and never reused."""

    id = Integer(primary_key=True, default=None, null=False)
    slug = Varchar(length=40, unique=True)
    name = Varchar(length=200)
    kind = Varchar(length=20)
    parent = Integer(null=True, default=None, help_text="上级租户的编号")
    state = Varchar(length=20, default="active")
    created_at = Timestamptz(default=clock.now)

    kind_known = Check(f"kind IN {KINDS}")
    state_known = Check(f"state IN {STATES}")

    _grants = Grants(app=("SELECT",), operator=("SELECT", "INSERT", "UPDATE"), relay=("SELECT",))


class TenantPlugin(TenantTable, help_text="启用的插件"):
    """A plugin this tenant has turned on (or off again)."""

    name = Varchar(length=100)
    enabled = Boolean(default=True)
    changed_at = Timestamptz(default=clock.now)

    once = Unique(["tenant_id", "name"])


class TenantSetting(TenantTable, help_text="按日期生效的设置"):
    """A setting's value from a day on; the value in force is the latest not after the day asked for."""

    name = Varchar(length=100)
    valid_from = Date()
    value = JSONB()

    once_a_day = Unique(["tenant_id", "name", "valid_from"])


class TenantSummary(TenantTable, help_text="只含数量的概况"):
    """Counts a tenant's own job writes for the operator's overview: numbers only, never a name."""

    topic = Varchar(length=100)
    amount = BigInt(default=0)
    counted_at = Timestamptz(default=clock.now)

    once = Unique(["tenant_id", "topic"])

    _grants = Grants(operator=("SELECT",))
