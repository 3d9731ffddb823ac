"""The tenant's own numbers of follow-up: when papers are due, from which value on a light changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from jiceng.api import Invalid, set_setting, setting, today
from jiceng.api.typed import read_count
from jiceng_project_ledger.followup.due import Rhythm
from jiceng_project_ledger.followup.lights import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

LIGHTS, RHYTHM = "project_ledger.lights", "project_ledger.rhythm"
_Kept = TypeVar("_Kept", Limits, Rhythm)
LARGEST = 9999


async def limits() -> Limits:
    """From which value on a light is yellow or red; the defaults where the tenant set nothing."""
    return _read(await setting(LIGHTS), Limits)


async def rhythm() -> Rhythm:
    """When papers are due; the defaults where the tenant set nothing."""
    return _read(await setting(RHYTHM), Rhythm)


async def keep(typed: Mapping[str, str]) -> None:
    """Keep the numbers of both as typed, from today on. Raises Invalid with every fault."""
    unread: list[str] = []
    new_limits, new_rhythm = _numbers(typed, Limits, unread), _numbers(typed, Rhythm, unread)
    faults = unread or [*new_limits.faults(), *new_rhythm.faults()]
    if faults:
        raise Invalid(faults, "没有保存", where="跟踪问效设置")
    await set_setting(LIGHTS, msgspec.to_builtins(new_limits), today())
    await set_setting(RHYTHM, msgspec.to_builtins(new_rhythm), today())


def _read(kept: object, kind: type[_Kept]) -> _Kept:
    try:
        return msgspec.convert(kept or {}, kind)
    except msgspec.ValidationError:  # set by hand, or by a later version: the defaults are safe
        return kind()


def _numbers(typed: Mapping[str, str], kind: type[_Kept], faults: list[str]) -> _Kept:
    found = {name: _number(typed.get(name, ""), faults) for name in kind.__struct_fields__}
    return kind(**found)


def _number(text: str, faults: list[str]) -> int:
    """A number that must be there: an empty field would be 0, a light that is always red."""
    before = len(faults)
    found = read_count(text, "", faults)
    if len(faults) == before and (not text.strip() or found > LARGEST):
        faults.append(f"“{text.strip()[:10]}”应是 0 到 {LARGEST} 的整数")
    return found
