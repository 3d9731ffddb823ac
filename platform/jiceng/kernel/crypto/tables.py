"""The table of tenants' data keys: each wrapped by a key that is not in the database."""

from piccolo.columns import Bytea, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique

from jiceng.kernel import clock
from jiceng.kernel.database.tables import Grants, TenantTable


class DataKey(TenantTable, tablename="data_key", help_text="数据密钥"):
    """One key of a tenant, wrapped. Never deleted while a value names it; the newest of a purpose is used."""

    number = Integer(default=0, help_text="counts the tenant's keys; stored with every value")
    purpose = Varchar(length=10, default="column", help_text="column (encrypts) or index (blind indexes)")
    algorithm = Varchar(length=20, default="")
    wrapped = Bytea(default=b"")
    wrapped_by = Varchar(length=60, default="", help_text="id of the wrapping key in the device")
    created_at = Timestamptz(default=clock.now)

    one_per_number = Unique(["tenant_id", "number"])
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))
