"""Tables of declarations: the declaration as typed, the files behind each criterion."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import Grants, TenantKey, TenantTable, Unit
from jiceng_double_strong_six_good.vocabulary import CRITERIA


class SixGoodDeclaration(TenantTable, help_text="双强六好申报"):
    """What one unit declares for one year; `typed` is kept as it was typed until it is handed in."""

    unit = TenantKey(Unit, help_text="单位")
    year = Integer(null=False, help_text="年度")
    typed = Text(null=False, default="{}", help_text="填写的内容（JSON）")
    state = Varchar(length=10, null=False, default="draft", help_text="状态")
    handed_in_at = Timestamptz(null=True, default=None, help_text="提交时间")
    handed_in_by = UUID(null=True, default=None, help_text="提交账号")
    once_a_year = Unique(["tenant_id", "unit", "year"])
    state_known = Check("state IN ('draft', 'handed_in', 'returned', 'accepted')")
    _grants = Grants(app=("SELECT", "INSERT", "UPDATE"))


class SixGoodEvidence(TenantTable, help_text="申报佐证"):
    """A file behind one criterion of a declaration; the file itself lies in the file store."""

    declaration = TenantKey(SixGoodDeclaration, help_text="申报")
    criterion = Varchar(length=12, null=False, help_text="标准")
    file = UUID(null=False, default=None, help_text="文件")
    name = Varchar(length=200, null=False, help_text="文件名")
    by = UUID(null=True, default=None, help_text="上传账号")
    at = Timestamptz(default=now, help_text="时间")
    criterion_known = Check(f"criterion IN {tuple(CRITERIA)}")
    _grants = Grants(app=("SELECT", "INSERT", "DELETE"))
