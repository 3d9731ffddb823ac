"""Choosing which acts need a second person; itself such an act as soon as any is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.accounts.second_person.asking import guarded
from jiceng.accounts.second_person.kinds import CHOSEN, KINDS, SETTING, Act
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid
from jiceng.tenancy.service import set_setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID


async def choose(acts: Sequence[str], by: UUID) -> None:
    """Let exactly these acts need a second person from today on.

    Raises:
        Invalid: an unknown act. Awaiting: some need one already, so the change waits for a second person.
    """
    if not set(acts) <= set(CHOSEN):
        raise Invalid(["请从列表中选择"], "没有保存", where="双人审批")
    wanted = [act.value for act in CHOSEN if act in acts]
    title = "、".join(KINDS[Act(act)].zh for act in wanted) or "全部停用"
    async with guarded(Act.CHANGE_SECOND_PERSON, "setting", title, {"acts": wanted}, "", by):
        await set_setting(SETTING, wanted, today())


async def choose_approved(told: Mapping[str, Any], by: UUID) -> None:
    """Set what a second person approved."""
    await choose(told["acts"], by)
