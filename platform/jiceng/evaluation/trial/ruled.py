"""Rulings in a trial: those made under the rules in force count while the draft leaves their part alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.evaluation.runs.numbering import numbered
from jiceng.evaluation.stored.rulings import all_rulings, frame, in_force
from jiceng.kernel.database import current_tenant, fetch_row
from jiceng_sdk.rulebook.difference.decisions import matched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    import polars as pl

    from jiceng.evaluation.stored.rulings import RulingInfo
    from jiceng.schemes.schemas import Version
    from jiceng_sdk.rulebook import Rulebook

Rulings = tuple["RulingInfo", ...]
_WHERE = """
select s.id as scheme, p.id as period from scheme s join period p on p.tenant_id = s.tenant_id
where s.tenant_id = $1 and s.key = $2 and p.kind = $3 and p.first_day = $4
"""
_SAID_ONLY = {"title": "", "clause": ""}


async def made(scheme: str, kind: str, first_day: date, version: Version | None) -> Rulings:
    """The rulings in force for this period under a version, whoever they are about; by number."""
    where = await fetch_row(_WHERE, current_tenant(), scheme, kind, first_day)
    if version is None or where is None:
        return ()
    known = await all_rulings(where["scheme"], where["period"])
    return tuple(in_force(known, version.id, {str(one.subject) for one in known}))


def of_subjects(rulings: Rulings, subjects: Collection[str]) -> Rulings:
    """Those about a whole cohort or one of these subjects."""
    return tuple(one for one in rulings if one.subject is None or str(one.subject) in subjects)


def carried(old: Rulebook, new: Rulebook, rulings: Rulings) -> Rulings:
    """The rulings that mean the same in both rulebooks, at the places of the new one.

    Their item, group or decision must be there unchanged but for what it is called; a grade must be known.
    """
    decisions = {
        f"decide[{before}]": f"decide[{after}]"
        for before, after in matched(old, new)[0]
        if _same(old.decide[before], new.decide[after])
    }
    nodes = {**new.items, **new.groups}
    kept = [name for name, node in {**old.items, **old.groups}.items() if _same(node, nodes.get(name))]
    places = decisions | {name: name for name in kept}
    return tuple(
        msgspec.structs.replace(one, part=places[one.part])
        for one in rulings
        if one.part in places and (one.grade is None or one.grade in new.grades)
    )


def as_frame(rulings: Iterable[RulingInfo], ids: pl.Series) -> pl.DataFrame | None:
    """Rulings as the engine takes them, subjects by their place in `ids`; None when there are none."""
    given = frame(tuple(rulings))
    return None if given is None else numbered(given, ids)


def _same(old: msgspec.Struct, new: msgspec.Struct | None) -> bool:
    """Whether two parts do the same, whatever they are called."""
    if type(old) is not type(new) or new is None:
        return False
    return msgspec.structs.replace(old, **_SAID_ONLY) == msgspec.structs.replace(new, **_SAID_ONLY)
