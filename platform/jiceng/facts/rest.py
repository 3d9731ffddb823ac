"""Facts for programs: reading them in their order, handing them in, correcting one. A door only."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from jiceng.accounts.access import Permission, needs
from jiceng.facts.programs import handing_in
from jiceng.facts.programs.reading import FactOut, facts_after
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.rest import Key, PageSize, once, operations, read, write

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
ENTERING = [needs(Permission.ENTER_FACTS)]
Words = Annotated[str, QueryParameter(max_length=60)]
After = Annotated[int, QueryParameter(ge=0, le=2**53, description="Number of the last fact already read.")]
Text = Annotated[str, msgspec.Meta(max_length=2000)]
Field = str | int | bool | None


class FactPage(msgspec.Struct, frozen=True, kw_only=True):
    """Facts by number; ask again with `after` = `next` until it is null."""

    items: list[FactOut]
    next: int | None


class FactIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact about the subject named by `subject` (id) or `number`, one of the two.

    `values` by field name: decimals as text ("12.50"), dates as text (2026-11-22), flags as true and false; a
    kind with a single value has the field `value`.
    """

    subject: UUID | None = None
    number: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    date: dt.date
    values: dict[str, Field]
    evidence: Text = ""


class FactsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts of one kind: all of them are kept, or none."""

    facts: Annotated[list[FactIn], msgspec.Meta(min_length=1, max_length=1000)]


class FactsKept(msgspec.Struct, frozen=True):
    """How many facts are new; those recorded already, one for one, are not kept twice."""

    new: int
    same: int


class CorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the fact should have said (every field), or null when it does not count at all; and why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    values: dict[str, Field] | None
    date: dt.date | None = None


class Corrected(msgspec.Struct, frozen=True):
    """The number of the correcting fact, and of the one it replaces."""

    seq: int
    corrects: int


@read("/facts", VIEWING)
async def list_facts(
    scheme: Words = "",
    kind: Words = "",
    subject: FromQuery[UUID | None] = None,
    after: After = 0,
    size: PageSize = 50,
) -> FactPage:
    """Facts in the order they were recorded, corrections included."""
    found = await facts_after(after, size, scheme=scheme, kind=kind, subject=subject)
    await record_now(Event.FACTS_READ, ("subject", subject), count=len(found))
    return FactPage(items=found, next=found[-1].seq if len(found) == size else None)


@write("/schemes/{key:str}/facts/{kind:str}", ENTERING, 201)
async def hand_in_facts(
    request: AnyRequest, key: FromPath[str], kind: FromPath[str], data: JSONBody[FactsIn], key_: Key
) -> Response[FactsKept]:
    """Hand in facts of one kind: all of them, or none and every fault."""

    async def work() -> tuple[int, FactsKept]:
        kept = await handing_in.hand_in(key, kind, data.facts, by=request.user.id)
        return 201, FactsKept(kept.new, kept.same)

    return await once(request, key_, work)


@write("/facts/{seq:int}/corrections", ENTERING, 201)
async def correct(
    request: AnyRequest, seq: FromPath[int], data: JSONBody[CorrectionIn], key: Key
) -> Response[Corrected]:
    """Correct a fact, or withdraw it; the fact itself stays as it is and names what replaces it."""

    async def work() -> tuple[int, Corrected]:
        new = await handing_in.correct(seq, data.values, data.date, reason=data.reason, by=request.user.id)
        return 201, Corrected(new, seq)

    return await once(request, key, work)


rest_router = operations([list_facts, hand_in_facts, correct], "facts")
