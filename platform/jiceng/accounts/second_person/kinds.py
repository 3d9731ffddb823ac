"""The acts a tenant may put under a second person's approval, and the setting that says which it has."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jiceng.accounts.access import Permission
from jiceng.tenancy.queries import setting

SETTING = "second_person"
"""Dated setting of a tenant: the list of acts that need a second person; none unless set."""


class Act(StrEnum):
    """One act; the value is what setting and requests store."""

    PUBLISH_RESULTS = "publish_results"
    PUBLISH_RULES = "publish_rules"
    REOPEN_PERIOD = "reopen_period"
    EXPORT_RECORDS = "export_records"
    CHANGE_SECOND_PERSON = "change_second_person"
    ERASE_PERSON = "erase_person"


class Kind(msgspec.Struct, frozen=True):
    """What an act is called, and the permission the second person must have."""

    zh: str
    permission: Permission


KINDS: dict[Act, Kind] = {
    Act.PUBLISH_RESULTS: Kind("公示评定结果、确认生效", Permission.PUBLISH_RESULTS),
    Act.PUBLISH_RULES: Kind("发布规则的新版本", Permission.MANAGE_SCHEMES),
    Act.REOPEN_PERIOD: Kind("重新打开已关闭的周期", Permission.MANAGE_PERIODS),
    Act.EXPORT_RECORDS: Kind("整表导出记录", Permission.VIEW_RECORDS),
    Act.CHANGE_SECOND_PERSON: Kind("变更双人审批的范围", Permission.VIEW_ACCOUNTS),
    Act.ERASE_PERSON: Kind("清除个人信息", Permission.IMPORT_ROSTER),
}
CHOSEN = tuple(act for act in Act if act not in {Act.CHANGE_SECOND_PERSON, Act.ERASE_PERSON})
"""What a tenant chooses from. Changing the choice needs a second person as soon as anything does; erasing a
person cannot be undone and always does.
"""


async def chosen() -> frozenset[Act]:
    """The acts of the current tenant that need a second person today."""
    told = await setting(SETTING)
    return frozenset(Act(one) for one in told or () if one in set(CHOSEN))


async def needed(act: Act) -> bool:
    """Whether the act needs a second person in the current tenant today."""
    if act is Act.ERASE_PERSON:
        return True
    held = await chosen()
    return bool(held) if act is Act.CHANGE_SECOND_PERSON else act in held
