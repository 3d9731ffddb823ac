"""Short forms of authors ⇄ the form of the structs: `round = 2`, `limit = { day = 2 }`, fields."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.parts import WINDOWS

Raw = dict[str, Any]
_LENGTH_OF_PAIR = 2
_NO_MOST = (
    "limit 只写了最少，没有写最多；不封顶的，最多请写一个达不到的大数",
    "a limit needs the most as well, as in `month = [-6, 100]`; without a real one, write a large number",
)


def normal(raw: Raw) -> tuple[Raw, list[Fault]]:
    """A copy in long form. Unexpected forms are left for the shape check; a name twice is a fault."""
    raw = deepcopy(raw)
    faults: list[Fault] = []
    for fact in _tables(raw, "facts"):
        if fact.get("kind") == "choice" and isinstance(fact.get("default"), str):
            fact.setdefault("absent", fact.pop("default"))
        if isinstance(fact.get("fields"), dict):
            fact["fields"] = {name: _field(value) for name, value in fact["fields"].items()}
    _calendar(raw)
    for section in ("items", "groups", "outputs"):
        for name, part in _named(raw, section):
            _replace(part, "round", _rounding)
            if "limit" in part:
                part["limit"] = _limits(part["limit"], f"{section}.{name}.limit", faults)
    for name, group in _named(raw, "groups"):
        if isinstance(group.get("of"), list):
            group["of"] = _members(group["of"], f"groups.{name}.of", faults)
    return raw, faults


def short(raw: Raw) -> Raw:
    """The inverse: what people read and write, from the long form of the structs."""
    for fact in _tables(raw, "facts"):
        if "fields" in fact:
            fact["fields"] = {name: _short_field(value) for name, value in fact["fields"].items()}
    for section in ("items", "groups", "outputs"):
        for part in _tables(raw, section):
            if part.get("round", {}).get("mode") == "half_up":
                part["round"] = part["round"]["places"]
            if "limit" in part:
                part["limit"] = {one["per"]: _short_limit(one) for one in part["limit"]}
    for group in _tables(raw, "groups"):
        if all(weight == 1 for weight in group["of"].values()):
            group["of"] = list(group["of"])
    return raw


def _tables(raw: Raw, section: str) -> list[Raw]:
    return [part for _, part in _named(raw, section)]


def _named(raw: Raw, section: str) -> list[tuple[str, Raw]]:
    parts = raw.get(section)
    return [(n, p) for n, p in parts.items() if isinstance(p, dict)] if isinstance(parts, dict) else []


def _replace(part: Raw, key: str, change: Callable[[Any], Any]) -> None:
    if key in part:
        part[key] = change(part[key])


def _calendar(raw: Raw) -> None:
    for year in _tables(raw, "calendar"):
        for key in ("off", "work"):
            _replace(year, key, _days)


def _days(value: Any) -> Any:  # noqa: ANN401 - raw data of any form
    """Days as TOML itself writes them (`2026-10-01` without quotes) as text."""
    days = value if isinstance(value, list) else [value]
    return [day.isoformat() if isinstance(day, date) else day for day in days]


def _field(value: Any) -> Any:  # noqa: ANN401 - raw data of any form
    if isinstance(value, str):
        return {"kind": value}
    return {"kind": "choice", "options": value} if isinstance(value, list) else value


def _short_field(value: Raw) -> Any:  # noqa: ANN401 - raw data of any form
    if set(value) == {"kind", "options"}:
        return value["options"]
    return value["kind"] if set(value) == {"kind"} and value["kind"] != "choice" else value


def _rounding(value: Any) -> Any:  # noqa: ANN401 - raw data of any form
    return value if isinstance(value, dict) else {"places": value}


def _limits(value: Any, path: str, faults: list[Fault]) -> Any:  # noqa: ANN401 - raw data of any form
    if not isinstance(value, dict):
        zh, en = "limit 要写成表，如 limit = { month = 5 }", "`limit` is a table, as in limit = { month = 5 }"
        faults.append(Fault(zh=zh, en=en, path=path, code="shape"))
        return []
    size = {window: n for n, window in enumerate(WINDOWS)}
    faults += [
        Fault(zh=_NO_MOST[0], en=_NO_MOST[1], path=f"{path}.{per}", code="limit")
        for per, bound in value.items()
        if _without_most(bound)
    ]
    return [
        _limit(per, [0, 0] if _without_most(bound) else bound)
        for per, bound in sorted(value.items(), key=lambda pair: size.get(pair[0], -1))
    ]


def _without_most(bound: Any) -> bool:  # noqa: ANN401 - raw data of any form
    """Whether only the least points of a window are told: `[-6]`, `[-6, ""]`, `{ min = -6 }`."""
    if isinstance(bound, dict):
        return bool(bound) and set(bound) <= {"min", "low"}
    return isinstance(bound, list) and len(bound) in {1, 2} and bound[1:] in ([], [""], [None])


def _limit(per: str, bound: Any) -> Raw:  # noqa: ANN401 - raw data of any form
    if isinstance(bound, list) and len(bound) == _LENGTH_OF_PAIR:
        return {"per": per, "low": bound[0], "high": bound[1]}
    return {"per": per, "high": bound}


def _short_limit(one: Raw) -> Decimal | list[Decimal]:
    return [one["low"], one["high"]] if one.get("low") is not None else one["high"]


def _members(names: list[Any], path: str, faults: list[Fault]) -> Any:  # noqa: ANN401 - raw data of any form
    if not all(isinstance(name, str) for name in names):
        return names
    seen: set[str] = set()
    for n, name in enumerate(names):
        if name in seen:
            zh, en = f"“{name}”写了两次", f"{name!r} is named twice"
            faults.append(Fault(zh=zh, en=en, path=f"{path}[{n}]", code="duplicate"))
        seen.add(name)
    return dict.fromkeys(names, 1)
