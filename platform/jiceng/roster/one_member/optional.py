"""Which optional fields of members the tenant has asked for: none until it does (control 45)."""

from collections.abc import Collection

from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid
from jiceng.roster.importing.sheets import OPTIONAL
from jiceng.tenancy.queries import setting
from jiceng.tenancy.service import set_setting

SETTING = "member_fields"


async def switched_on() -> frozenset[str]:
    """The optional fields the current tenant keeps today."""
    return frozenset(await setting(SETTING) or ()) & OPTIONAL


async def switch_on(fields: Collection[str]) -> None:
    """Keep exactly these optional fields from today on; what is stored already stays until it is erased.

    Raises:
        Invalid: a field that is not optional.
    """
    if not set(fields) <= OPTIONAL:
        raise Invalid(["请从列表中选择"], "没有保存", where="可选的个人信息")
    await set_setting(SETTING, sorted(set(fields)), today())
