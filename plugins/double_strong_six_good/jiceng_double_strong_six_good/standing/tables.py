"""The table of verdicts: which computed tier a named person confirmed, and why."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Index, TenantKey, TenantTable, Unit
from jiceng_double_strong_six_good.vocabulary import TIERS


class SixGoodVerdict(TenantTable, help_text="双强六好定档"):
    """A tier of a unit in a year, confirmed; a later one for the same year replaces it."""

    unit = TenantKey(Unit, help_text="单位")
    year = Integer(null=False, help_text="年度")
    run = UUID(null=False, default=None, help_text="依据的评定")
    tier = Varchar(length=8, null=False, help_text="档次")
    reason = Text(null=False, default="", help_text="理由")
    by = UUID(null=True, default=None, help_text="确认账号")
    at = Timestamptz(default=now, help_text="时间")
    tier_known = Check(f"tier IN {tuple(TIERS)}")
    _grants = APPEND_ONLY
    _indexes = (Index(("unit", "year", "at")),)
