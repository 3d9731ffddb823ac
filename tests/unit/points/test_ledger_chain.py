"""A transfer is sealed with everything it says; whatever is changed, dropped or cut off shows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from jiceng_points.ledger.chain import Sealed, Walk, seal

ONE = Sealed(
    tenant=1,
    seq=1,
    id=UUID(int=1),
    at=datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC),
    because="service",
    key="claim/1",
    about=UUID(int=9),
    reverses=None,
    by=UUID(int=7),
    entries=((UUID(int=3), -500), (UUID(int=4), 500)),
)


def chain(length: int = 4) -> list[tuple[Sealed, bytes]]:
    """Transfers with their digests."""
    made: list[tuple[Sealed, bytes]] = []
    for number in range(1, length + 1):
        transfer = replace(ONE, seq=number, id=UUID(int=number), key=f"claim/{number}")
        made.append((transfer, seal(made[-1][1] if made else b"", transfer)))
    return made


def broken(walked: list[tuple[Sealed, bytes]], seq: int, digest: bytes) -> list[int]:
    """The numbers at which a walk along these finds a break."""
    walk = Walk()
    for transfer, stored in walked:
        walk.see(transfer, stored)
    return [each.seq for each in walk.end(seq, digest)]


def test_the_digest_is_the_same_whatever_the_order_of_entries() -> None:
    turned = replace(ONE, entries=tuple(reversed(ONE.entries)))
    assert seal(b"", turned) == seal(b"", ONE)
    assert seal(b"", ONE).hex() == "262e6bff4ff4c790970a8e0b68c72cc7d1f0a501512f113dd57c31dd17574b93"


@pytest.mark.parametrize(
    "change",
    [
        {"tenant": 2},
        {"seq": 2},
        {"id": UUID(int=2)},
        {"at": ONE.at + timedelta(microseconds=1)},
        {"because": "reward"},
        {"key": "claim/2"},
        {"about": None},
        {"reverses": UUID(int=8)},
        {"by": None},
        {"entries": ((UUID(int=3), -501), (UUID(int=4), 501))},
        {"entries": ((UUID(int=5), -500), (UUID(int=4), 500))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_is_sealed(change: dict[str, Any]) -> None:
    assert seal(b"", replace(ONE, **change)) != seal(b"", ONE)
    assert seal(b"before", ONE) != seal(b"", ONE)


def test_an_untouched_chain_has_no_break() -> None:
    whole = chain()
    assert broken(whole, 4, whole[-1][1]) == []
    assert broken([], 0, b"") == []


def test_what_was_done_to_a_chain_is_named() -> None:
    whole = chain()
    end = whole[-1][1]
    changed = [whole[0], (replace(whole[1][0], because="reward"), whole[1][1]), *whole[2:]]
    assert broken(changed, 4, end) == [2]
    assert broken([whole[0], *whole[2:]], 4, end) == [3]
    assert broken(whole[:3], 4, end) == [4]
    assert broken([whole[1], whole[0], *whole[2:]], 4, end) == [2, 1, 3]
    other = [(replace(whole[0][0], algorithm="md5"), whole[0][1]), *whole[1:]]
    assert broken(other, 4, end) == [1]
