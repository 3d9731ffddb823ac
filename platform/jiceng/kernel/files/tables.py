"""The table of stored files: what is known of each; the content lies in the file system, under the row id."""

from piccolo.columns import UUID, BigInt, Bytea, SmallInt, Timestamptz, Varchar

from jiceng.kernel import clock
from jiceng.kernel.database.tables import Grants, Index, TenantTable


class StoredFile(TenantTable, tablename="stored_file", help_text="文件"):
    """One file of the tenant; never changed, only removed. `about_*` say what it belongs to."""

    name = Varchar(length=120, default="")
    media_type = Varchar(length=100, default="")
    size = BigInt(default=0)
    sha256 = Bytea(default=b"")
    about_kind = Varchar(length=40, default="")
    about_id = UUID(null=True, default=None)
    sensitivity = SmallInt(default=0, help_text="敏感级: 0 一般, 1 敏感, 2 严控")
    stored_by = UUID(null=True, default=None, help_text="account")
    stored_at = Timestamptz(default=clock.now)

    _indexes = (Index(("about_id", "stored_at")),)
    _grants = Grants(app=("SELECT", "INSERT", "DELETE"))
