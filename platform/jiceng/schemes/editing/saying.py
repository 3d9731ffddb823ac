"""What a change of a draft changed, in words: 「项目“表彰”：封顶 10 → 15」."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.schemes.editing.fields import SECTIONS, specs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng.schemes.editing.sheet import Sheet
    from jiceng.schemes.editing.spec import Spec

LONGEST = 60


def part_named(section: str, sheet: Sheet) -> str:
    """`项目“表彰奖励”`."""
    if section == "header":
        return "基本情况"
    return f"{SECTIONS[section].part}“{sheet.get('title') or sheet.get('name') or '未命名'}”"


def change_said(section: str, before: Sheet | None, after: Sheet | None) -> str:
    """One sentence for a part that was added, removed or changed; "" when nothing was."""
    if before is None:
        return f"添加{part_named(section, after or {})}"
    if after is None:
        return f"删去{part_named(section, before)}"
    said = "；".join(differences(section, before, after))
    return f"{part_named(section, after)}：{said}" if said else ""


def differences(section: str, before: Sheet, after: Sheet) -> Iterator[str]:
    """`封顶 10 → 15`, field by field."""
    for spec in specs_of(section, str(after.get("do", ""))):
        old, new = said(spec, before.get(spec.key)), said(spec, after.get(spec.key))
        if old != new:
            yield f"{spec.label} {old} → {new}"


def said(spec: Spec, value: Any) -> str:  # noqa: ANN401 - a text, or rows
    """What a field holds, in a few words."""
    if not value:
        return "无"
    if isinstance(value, list):
        text = "、".join(" ".join(str(cell) for cell in row.values()) for row in value)
    elif spec.options:
        text = dict(spec.options).get(str(value), str(value))
    else:
        text = "是" if spec.kind == "flag" else str(value)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
