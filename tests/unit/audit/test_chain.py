"""Whatever is done to a chain afterwards shows: changed, deleted, swapped, inserted, cut off, rewritten."""

import hashlib
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from jiceng.kernel.audit.chain import Entry, Head, check, finding, purge_details, sealed

START = datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC)
LENGTH = 20


def chain(length: int = LENGTH, tenant: int = 7) -> list[Entry]:
    """A chain as `record` makes it."""
    made: list[Entry] = []
    for seq in range(1, length + 1):
        entry = Entry(
            tenant=tenant,
            seq=seq,
            id=UUID(int=seq),
            at=START + timedelta(seconds=seq),
            door="web",
            person=UUID(int=900 + seq % 3) if seq % 4 else None,
            address="10.0.0.8",
            request=UUID(int=500 + seq),
            event="member_read",
            object_kind="member",
            object_id=str(UUID(int=seq * 11)),
            success=bool(seq % 5),
            details='{"count":12}',
            algorithm="sha256",
            hash="",
        )
        hashed = sealed(made[-1].hash if made else "", entry)
        made.append(msgspec.structs.replace(entry, hash=hashed))
    return made


def end_of(made: list[Entry]) -> Head:
    return Head(tenant=7, seq=made[-1].seq, hash=made[-1].hash)


def test_an_untouched_chain_has_no_finding() -> None:
    made = chain()
    assert check(made, end_of(made)) == []
    assert check([], Head(tenant=7, seq=0, hash="")) == []


def test_the_hash_is_what_it_always_was() -> None:
    first, second = chain(2)
    text = (
        '[7,2,"00000000-0000-0000-0000-000000000002","2026-11-22T01:02:05.000004+00:00","web",'
        '"00000000-0000-0000-0000-000000000386","10.0.0.8","00000000-0000-0000-0000-0000000001f6",'
        '"member_read","member","00000000-0000-0000-0000-000000000016",true,"{\\"count\\":12}","sha256"]'
    )
    assert second.hash == hashlib.sha256((first.hash + text).encode()).hexdigest()


def flipped(value: object, at: random.Random) -> object:
    """`value` with one bit or one character of it changed."""
    match value:
        case bool():
            return not value
        case int():
            return value ^ (1 << at.randrange(8))
        case datetime():
            return value + timedelta(microseconds=at.choice((-1, 1)))
        case UUID():
            return UUID(int=value.int ^ (1 << at.randrange(128)))
        case str() if value:
            place = at.randrange(len(value))
            return value[:place] + chr(ord(value[place]) ^ (1 << at.randrange(4))) + value[place + 1 :]
        case _:
            return "x" if value == "" else UUID(int=1)


def test_every_one_of_10_000_single_changes_is_found() -> None:
    at, made = random.Random(20261122), chain()  # noqa: S311 - mutations, not secrets
    head, fields = end_of(made), list(Entry.__struct_fields__)
    for _ in range(10_000):
        place, name = at.randrange(LENGTH), at.choice(fields)
        touched = msgspec.structs.replace(made[place], **{name: flipped(getattr(made[place], name), at)})
        found = check([*made[:place], touched, *made[place + 1 :]], head)
        assert found, f"{name} of entry {place + 1} was changed unnoticed"


def test_every_deletion_swap_repetition_and_insertion_is_found() -> None:
    made = chain()
    head = end_of(made)
    for first in range(LENGTH):
        for last in range(first + 1, LENGTH + 1):
            assert check([*made[:first], *made[last:]], head), f"{first + 1}–{last} were deleted unnoticed"
        for other in range(first):
            swapped = list(made)
            swapped[first], swapped[other] = swapped[other], swapped[first]
            assert check(swapped, head), f"{first + 1} and {other + 1} were swapped unnoticed"
        assert check([*made[: first + 1], made[first], *made[first + 1 :]], head)
        strange = msgspec.structs.replace(made[first], person=UUID(int=5))
        assert check([*made[:first], strange, *made[first:]], head)


def test_a_finding_names_the_place_that_was_touched() -> None:
    made = chain()
    made[11] = msgspec.structs.replace(made[11], object_id="")
    assert check(made, end_of(made)) == [finding("changed", 12)]
    assert check(chain()[:5] + chain()[8:], end_of(chain())) == [finding("missing", 9)]
    assert check(chain()[:15], end_of(chain())) == [finding("end", 15)]
    assert str(finding("changed", 12)) == (
        "第 12 条：内容与哈希不符，被改动过（changed: the entry does not fit its hash）"
    )


def test_a_chain_rewritten_with_its_own_head_differs_from_a_head_handed_out_before() -> None:
    handed_out = end_of(chain(15))
    forged = [*chain(9)]
    for entry in chain()[9:]:
        other = msgspec.structs.replace(entry, success=True, details="{}")
        forged.append(msgspec.structs.replace(other, hash=sealed(forged[-1].hash, other)))
    assert check(forged, end_of(forged)) == [], "alone it is consistent: that is why heads are handed out"
    assert check(forged, end_of(forged), [handed_out]) == [finding("head", 15)]


def test_every_truncation_is_found_against_a_head_handed_out_before() -> None:
    made = chain()
    for length in range(1, LENGTH):
        shorter = made[:length]
        assert check(shorter, end_of(shorter)) == []
        assert check(shorter, end_of(shorter), [end_of(made)]) == [finding("head", LENGTH)]


def test_a_purged_chain_verifies_from_its_checkpoint_and_a_false_checkpoint_is_found() -> None:
    made = chain(20)
    told = msgspec.structs.replace(
        made[-1], seq=21, event="audit_purged", details=purge_details(15, made[14].hash)
    )
    told = msgspec.structs.replace(told, hash=sealed(made[-1].hash, told))
    rest = [*made[15:], told]
    head = Head(tenant=7, seq=21, hash=told.hash, purged_seq=15, purged_hash=made[14].hash)
    assert check(rest, head, [end_of(made), end_of(made[:3]), end_of(made[:15])]) == []
    deeper = msgspec.structs.replace(head, purged_seq=17, purged_hash=made[16].hash)
    assert check(rest[2:], deeper) == [finding("purge", 17)], "two more were deleted than the purge recorded"
    false = msgspec.structs.replace(end_of(made[:15]), hash="00")
    assert check(rest, head, [false]) == [finding("head", 15)]


def test_an_unknown_algorithm_is_a_finding_and_not_a_crash() -> None:
    made = chain(3)
    made[1] = msgspec.structs.replace(made[1], algorithm="md5")
    assert check(made, end_of(made)) == [finding("algorithm", 2)]
