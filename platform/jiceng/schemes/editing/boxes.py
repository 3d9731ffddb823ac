"""A part of a draft as its form shows it: boxes with value, help, faults, and what others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from jiceng.schemes.editing.fields import specs_of
from jiceng.schemes.editing.leaves import listed
from jiceng.schemes.editing.saying import said
from jiceng.schemes.editing.sheet import shown, titles_of, words_of
from jiceng.schemes.editing.wording import FIXED, GRADES, OUTS, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng.schemes.editing.checking import Wrong
    from jiceng.schemes.editing.sheet import Draft, Sheet
    from jiceng.schemes.editing.spec import Options, Spec


class Box(Struct, frozen=True, kw_only=True):
    """One field of a form. `was`: what somebody else has made of it meanwhile; `offers`: id of its list."""

    key: str
    name: str
    label: str
    kind: str
    value: str = ""
    help: str = ""
    unit: str = ""
    options: Options = ()
    offers: str = ""
    required: bool = False
    redraws: bool = False
    more: bool = False
    wrongs: tuple[Wrong, ...] = ()
    was: str = ""
    columns: tuple[Spec, ...] = ()
    rows: tuple[tuple[Box, ...], ...] = ()

    @property
    def filled(self) -> bool:
        """Whether there is something in it to look at; a name made of the title is not."""
        seen = self.value if self.key != "name" else ""
        return bool(seen or self.rows or self.wrongs or self.was)

    @property
    def wide(self) -> bool:
        """Whether it needs the whole width of the form."""
        return self.kind in {"rows", "long"} or self.key in {"title", "when", "value"}


def boxes(
    section: str,
    sheet: Sheet,
    wrongs: Iterable[Wrong] = (),
    *,
    extra: str = "",
    theirs: Sheet | None = None,
    schemes: Options = (),
) -> list[Box]:
    """The boxes of a part; `extra` is a table that gets one more empty row, `schemes` may be referred to."""
    specs = specs_of(section, str(sheet.get("do", "")))
    by_field: dict[str, list[Wrong]] = {}
    for wrong in wrongs:
        by_field.setdefault(wrong.spot.field, []).append(wrong)
    drivers = {spec.shown[0] for spec in specs if spec.shown} | {s.key for s in specs if s.kind == "chooser"}
    return [
        _box(_offering(spec, sheet, schemes), sheet, by_field, drivers, extra, theirs)
        for spec in specs
        if shown(spec, sheet) and _chosen(spec, specs, sheet)
    ]


def kept(section: str, sheet: Sheet) -> dict[str, str]:
    """What was typed into fields that the form does not show now, by name: it comes back with them."""
    specs = specs_of(section, str(sheet.get("do", "")))
    found: dict[str, str] = {}
    for spec in specs:
        if shown(spec, sheet) and _chosen(spec, specs, sheet):
            continue
        value = sheet.get(spec.key, "")
        if spec.kind != "rows":
            found |= {spec.key: str(value)} if value else {}
            continue
        for n, row in enumerate(value or []):
            found |= {f"{spec.key}-{n}-{column}": str(text) for column, text in row.items()}
    return found


def in_use(section: str, sheet: Sheet) -> Sheet:
    """The sheet without what the form does not show: what is saved is what was seen."""
    specs = specs_of(section, str(sheet.get("do", "")))
    unseen = {spec.key for spec in specs if not (shown(spec, sheet) and _chosen(spec, specs, sheet))}
    return {key: value for key, value in sheet.items() if key not in unseen}


def offers(draft: Draft, section: str, sheet: Sheet) -> dict[str, list[str]]:
    """What the drop-downs offer while typing, by the kind of name."""
    words = words_of(draft, section, sheet)

    def called(sheets: Iterable[Sheet]) -> list[str]:
        return [words.word(str(one["name"])) for one in sheets if one.get("name")]

    facts = draft.get("facts", [])
    rows = [one for one in facts if one.get("kind") in {"event", "ballot", "result", "choice"}]
    nodes = [*draft.get("items", []), *draft.get("groups", [])]
    names = [words.word(name) for name in words.names]
    fields = [words.word(name) for name in words.names - titles_of(draft).keys()]
    return {
        "formula": sorted(names) + [word for word in FIXED if FIXED[word] not in {"and", "or", "not"}],
        "facts": called(facts),
        "rows": called(rows),
        "nodes": called(nodes),
        "single": called(one for one in facts if one.get("kind") in {"choice", "flag"}),
        "grades": listed(str(draft["header"][0].get("grades", ""))) + list(GRADES),
        "windows": [word for word in WINDOWS if word.startswith("每")] + fields,
        "outs": list(OUTS),
    }


def _offering(spec: Spec, sheet: Sheet, schemes: Options) -> Spec:
    """A field that names a scheme, with those there are; one that is gone stays until it is changed."""
    if spec.kind != "scheme":
        return spec
    value = str(sheet.get(spec.key, ""))
    gone = ((value, value),) if value and value not in dict(schemes) else ()
    return replace(spec, options=(("", "请选择"), *schemes, *gone))


def _chosen(spec: Spec, specs: Iterable[Spec], sheet: Sheet) -> bool:
    chooser = next((one for one in specs if one.kind == "chooser"), None)
    if chooser is None or spec.key not in dict(chooser.options):
        return True
    return spec.key == sheet.get(chooser.key)


def _box(
    spec: Spec,
    sheet: Sheet,
    wrongs: dict[str, list[Wrong]],
    drivers: set[str],
    extra: str,
    theirs: Sheet | None,
) -> Box:
    value = sheet.get(spec.key, "")
    rows: tuple[tuple[Box, ...], ...] = ()
    if spec.kind == "rows":
        filled = list(value or [])
        if extra == spec.key or not filled:
            filled.append({})
        rows = tuple(_row(spec, row, n, wrongs) for n, row in enumerate(filled))
    changed = theirs is not None and said(spec, theirs.get(spec.key)) != said(spec, sheet.get(spec.key))
    return Box(
        key=spec.key,
        name=spec.key,
        label=spec.label,
        kind=spec.kind,
        value="" if spec.kind == "rows" else str(value),
        help=spec.help,
        unit=spec.unit,
        options=spec.options,
        offers="formula" if spec.kind == "formula" else spec.names,
        required=spec.required,
        redraws=spec.key in drivers,
        more=spec.more,
        wrongs=tuple(wrongs.get(spec.key, ())),
        was=said(spec, theirs.get(spec.key)) if theirs is not None and changed else "",
        columns=spec.columns,
        rows=rows if value or not spec.more or extra == spec.key else (),
    )


def _row(spec: Spec, row: Sheet, n: int, wrongs: dict[str, list[Wrong]]) -> tuple[Box, ...]:
    return tuple(
        Box(
            key=column.key,
            name=(name := f"{spec.key}-{n}-{column.key}"),
            label=f"{spec.label} 第 {n + 1} 行 {column.label}",
            kind=column.kind,
            value=str(row.get(column.key, "")),
            options=column.options,
            offers="formula" if column.kind == "formula" else column.names,
            wrongs=tuple(wrongs.get(name, ())),
        )
        for column in spec.columns
    )
