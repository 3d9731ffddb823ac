"""What a tenant's own sheets call their columns, as its people have told."""

from piccolo.columns import Varchar
from piccolo.constraints import Unique

from jiceng.kernel.database.tables import TenantTable


class ColumnTitle(TenantTable, help_text="列的对应"):
    """A title of a kind of sheet (`roster:member`) and the field it means; an empty field is not read."""

    sheet = Varchar(length=100, help_text="哪种表")
    title = Varchar(length=100, help_text="表里的列名")
    field = Varchar(length=60, default="", help_text="对应的列")

    once = Unique(["tenant_id", "sheet", "title"])
