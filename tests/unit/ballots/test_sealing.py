"""Slips and envelopes: what is forged is not recognised, what is sealed says nothing, all are of a length."""

from uuid import UUID

import pytest

from jiceng.facts.ballots.sealing import (
    BrokenSeal,
    keys_of,
    new_seal,
    new_slip,
    opened,
    party_of,
    sealed,
)

BALLOT, PARTY, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
KEYS = keys_of(b"s" * 32)


def test_a_slip_names_its_party_and_each_is_new() -> None:
    slips = {new_slip(KEYS, PARTY) for _ in range(50)}
    assert len(slips) == 50
    assert {party_of(KEYS, slip) for slip in slips} == {PARTY}


@pytest.mark.parametrize(
    "forged",
    ["", "x", "!!!", "选票", "A" * 86, new_slip(KEYS, PARTY)[:-4]],
    ids=["empty", "short", "signs", "words", "alike", "cut"],
)
def test_a_forged_slip_is_nobodys(forged: str) -> None:
    assert party_of(KEYS, forged) is None


def test_a_slip_of_another_ballot_is_forged() -> None:
    slip = new_slip(KEYS, PARTY)
    assert party_of(keys_of(new_seal()), slip) is None


def test_an_envelope_is_opened_with_the_keys_of_its_ballot_alone() -> None:
    envelope = sealed(KEYS, BALLOT, PARTY, (0, 1, 4))
    assert opened(KEYS, BALLOT, envelope) == (PARTY, (0, 1, 4))
    for keys, ballot, found in (
        (keys_of(new_seal()), BALLOT, envelope),
        (KEYS, OTHER, envelope),
        (KEYS, BALLOT, envelope[:-1] + bytes([envelope[-1] ^ 1])),
        (KEYS, BALLOT, b""),
    ):
        with pytest.raises(BrokenSeal):
            opened(keys, ballot, found)


def test_envelopes_are_alike_but_never_the_same() -> None:
    envelopes = [sealed(KEYS, BALLOT, party, (choice, 0)) for party in (PARTY, OTHER) for choice in (0, 4)]
    assert len({len(envelope) for envelope in envelopes}) == 1
    assert len({*envelopes, sealed(KEYS, BALLOT, PARTY, (0, 0))}) == 5


def test_without_the_nonce_there_are_no_keys() -> None:
    with pytest.raises(ValueError, match="no seal"):
        keys_of(b"")


def test_one_slip_written_in_two_ways_is_not_two_slips() -> None:
    slip = next(one for one in iter(lambda: new_slip(KEYS, PARTY), "") if "-" in one or "_" in one)
    same_bits = slip[:-1] + chr(ord(slip[-1]) + 1)
    for other in (f"{slip}==", f"{slip}!!!!", same_bits, slip.replace("-", "+").replace("_", "/")):
        assert other != slip
        assert party_of(KEYS, other) is None
