"""A rulebook with keys nobody knows, as it was probably meant: what is wrong besides is told together with
them.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from jiceng_sdk.faults import Fault

Raw = dict[str, Any]
_UNKNOWN, _MISSING = "unknown-key", "missing-key"


def as_meant(raw: Raw, faults: Sequence[Fault]) -> Raw | None:
    """A copy in which unknown keys bear the nearest known name, or are left out where none is near.

    None when something else is wrong with the form, or a whole section has a name like no other: without it
    every reference to it would seem wrong too. The copy may still be of no form, as when the nearest name
    takes another kind of value; it serves to find further faults and is nobody's rulebook.
    """
    unknown = [fault for fault in faults if fault.code == _UNKNOWN]
    if not unknown or any(fault.code not in (_UNKNOWN, _MISSING) for fault in faults):
        return None
    found = deepcopy(raw)
    for fault in unknown:
        place = _place(found, fault.path)
        if place is None or (place[0] is found and not fault.nearest):
            return None
        holder, key = place
        value = holder.pop(key)
        if fault.nearest:
            holder.setdefault(fault.nearest, value)
    return found


def _place(raw: object, path: str) -> tuple[Raw, str] | None:
    """The table a path ends in, and its key there; keys may contain dots."""
    if isinstance(raw, list) and path.startswith("["):
        number, _, rest = path[1:].partition("]")
        return _place(raw[int(number)], rest.removeprefix("."))
    if not isinstance(raw, dict):
        return None
    if path in raw:
        return raw, path
    below = (key for key in raw if path.startswith((f"{key}.", f"{key}[")))
    places = (_place(raw[key], path[len(key) :].removeprefix(".")) for key in below)
    return next((place for place in places if place is not None), None)
