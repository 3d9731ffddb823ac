"""Looking into a tenant's files before anything is written: roster, facts, rulebooks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from jiceng.api.hooks import Numbers, Sheet
from jiceng.facts.service import examine_workbook
from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets import CellFault
from jiceng.operations.schemas import State, TenantFile, TenantSource
from jiceng.roster import service as roster
from jiceng.roster.queries import subject_frame, subject_numbers
from jiceng.roster.schemas import Changed, Preview
from jiceng.schemes import service as schemes
from jiceng.schemes.editing.roster_words import choices, strangers_in
from jiceng.tenancy.queries import by_slug
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook.reading import text_of

_TABLES = {"member": "member", "organization": "organization", "enterprise": "unit"}


def contents(source: TenantSource) -> tuple[Path, TenantFile]:
    """The folder and the file of a source; a list entry has no folder to look into."""
    if source.folder is None or source.file is None:
        raise ValueError(f"{source.place} has no folder")
    return source.folder, source.file


def rulebook_text(source: TenantSource, key: str) -> str | None:
    """The tenant's own rulebook of the scheme, None when it takes the plugin's.

    Raises Invalid when the file is no UTF-8, as an editor may have saved it.
    """
    path = f"rulebooks/{key}.toml"
    if path not in source.digests:
        return None
    try:
        return text_of(contents(source)[0] / path)
    except Faults as found:
        raise Invalid(found.faults, "规则文件读不了，请另存为 UTF-8", where=path) from found


def wanted_digest(source: TenantSource, key: str) -> str:
    """The digest of the rulebook the folder asks for; raises `Refusal` when it cannot be had."""
    _, file = contents(source)
    return schemes.wanted_digest(key, file.schemes[key].preset, rulebook_text(source, key))


async def roster_preview(source: TenantSource, state: State, path: str) -> Preview:
    """What a roster of the folder would do to the tenant, or to an empty one when there is none yet."""
    folder, file = contents(source)
    data = (folder / path).read_bytes()
    name = f"{source.slug}/{path}"
    tenant = await by_slug(source.slug) if state.exists else None
    if tenant is None:
        return roster.preview_for_new(data, name, source.slug, file.name)
    with tenant_scope(tenant.id):
        return await roster.preview_roster(data, name)


async def facts_faults(source: TenantSource, key: str, previews: Sequence[Preview]) -> list[CellFault]:
    """What is wrong with the facts of a scheme, given the members and organizations the roster will have."""
    folder, file = contents(source)
    book = schemes.wanted_book(key, file.schemes[key].preset, rulebook_text(source, key))
    path = folder / "facts" / f"{key}.xlsx"
    numbers = {kind: await _numbers(source.slug, kind, previews) for kind in {book.subject, "member"}}
    return examine_workbook(
        book,
        path.read_bytes(),
        f"facts/{path.name}",
        subjects=numbers[book.subject],
        people=numbers["member"],
    )


async def strange_words(
    source: TenantSource, schemes_asked: Iterable[str], previews: Sequence[Preview]
) -> list[str]:
    """Words the roster will have that the rules of these schemes do not offer: every run would be refused."""
    return [words for key in schemes_asked for words in await _strange_words(source, key, previews)]


async def _strange_words(source: TenantSource, key: str, previews: Sequence[Preview]) -> list[str]:
    _, file = contents(source)
    book = schemes.wanted_book(key, file.schemes[key].preset, rulebook_text(source, key))
    names = list(choices(book))
    if not names:
        return []
    coming = _coming(_TABLES.get(book.subject, ""), names, previews)
    stored = pl.DataFrame()
    if tenant := await by_slug(source.slug):
        with tenant_scope(tenant.id):
            stored = await subject_frame(book.subject, today())
        stored = stored.filter(~pl.col("subject").is_in(list(coming)))
    columns = {name: [row.get(name) for row in coming.values()] for name in names}
    brought = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    kept = [name for name in names if name in stored.columns]
    both = pl.concat([brought, stored.select(kept)], how="diagonal")
    return [f"方案 {key}：{words}；不改的话评定不了" for words in strangers_in(book, both)]


def _coming(table: str, names: Sequence[str], previews: Sequence[Preview]) -> dict[str, dict[str, str]]:
    """The attributes of everybody the previews bring or change: by id, of the new by number."""
    found: dict[str, dict[str, str]] = {}
    for preview in previews:
        changed = preview.changed.get(table, Changed())
        new = {owner: number for owner, number, _ in changed.added}
        rows = [(owner, fields) for owner, _, fields in changed.added]
        rows += [*changed.corrected, *((state.owner, state.fields) for state in changed.states)]
        for owner, fields in rows:
            told = {name: str(fields[name]) for name in names if fields.get(name) is not None}
            found.setdefault(new.get(owner, str(owner)), {}).update(told)
    return found


async def sheet_faults(
    source: TenantSource, path: str, sheet: Sheet, previews: Sequence[Preview]
) -> Sequence[CellFault]:
    """What is wrong with a plugin's workbook, given who the roster will have."""
    data = (contents(source)[0] / path).read_bytes()
    numbers = [await _numbers(source.slug, kind, previews) for kind in _TABLES]
    return sheet.examine(data, path, Numbers(*numbers))


async def _numbers(slug: str, kind: str, previews: Sequence[Preview]) -> dict[str, str]:
    """The id of every number, stored or about to be."""
    found: dict[str, str] = {}
    tenant = await by_slug(slug)
    if tenant is not None:
        with tenant_scope(tenant.id):
            found = await subject_numbers(kind, dt.date.max)  # type: ignore[arg-type]  # a rulebook's subject
    for preview in previews:
        if _TABLES.get(kind) in preview.changed:
            found |= {number: str(owner) for owner, number, _ in preview.changed[_TABLES[kind]].added}
    return found
