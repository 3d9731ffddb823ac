"""What gets into an entry: identifiers, counts, days; nothing that names a person or breaks a line."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from jiceng.kernel.audit.actor import source_address
from jiceng.kernel.audit.details import canonical_details, canonical_object
from jiceng.kernel.audit.events import FIELDS, WORDS, Event
from jiceng.kernel.audit.tables import LEAST_MONTHS, AuditEntry

SOME = UUID(int=7)


def test_details_are_sorted_and_compact() -> None:
    text = canonical_details(
        {"rows": 3, "account": SOME, "on": True, "day": date(2026, 1, 2), "scheme": "points", "page": None}
    )
    assert text == (
        '{"account":"00000000-0000-0000-0000-000000000007","day":"2026-01-02","on":true,'
        '"rows":3,"scheme":"points"}'
    )


@pytest.mark.parametrize(
    "name",
    ["张伟", "13800138000", "11010119900101001X", "a\nb", "a b", "x\u2028y", "", "k" * 65, "no-1234567"],
)
def test_what_is_no_identifier_is_kept_as_the_mark_of_its_digest(name: str) -> None:
    text = canonical_details({"scheme": name})
    assert name == "" or name not in text
    assert text.startswith('{"scheme":"~')
    assert len(text) == len('{"scheme":"~"}') + 12
    assert canonical_object(("scheme", name))[1] == ("" if name == "" else text[11:24])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "points"),
        ("rows", "3"),
        ("rows", True),
        ("on", 1),
        ("account", "7"),
        ("day", datetime(2026, 1, 2, tzinfo=UTC)),
        ("route", "no path"),
        ("route", "/a\nb"),
        ("digest", "abc"),
        ("scheme", 4),
    ],
)
def test_a_detail_of_another_kind_or_name_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        canonical_details({name: value})  # type: ignore[dict-item]


def test_an_object_is_a_plain_kind_and_an_id() -> None:
    assert canonical_object(None) == ("", "")
    assert canonical_object(("member", SOME)) == ("member", str(SOME))
    assert canonical_object(("fact", 12)) == ("fact", "12")
    assert canonical_object(("member", None)) == canonical_object(("member", "")) == ("member", "")
    with pytest.raises(ValueError, match="no kind"):
        canonical_object(("张伟", SOME))


@pytest.mark.parametrize(
    ("host", "stored"),
    [
        ("10.0.0.8", "10.0.0.8"),
        ("::1", "::1"),
        ("2001:DB8::0001", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("testclient", ""),
        ("1.2.3.4\nforged", ""),
        (None, ""),
    ],
)
def test_a_source_is_a_canonical_address_or_nothing(host: str | None, stored: str) -> None:
    assert source_address(host) == stored


def test_every_event_has_words_in_both_languages() -> None:
    assert set(WORDS) == set(Event)
    assert len({zh for zh, _ in WORDS.values()}) == len(Event)
    assert all(zh and en for zh, en in WORDS.values())
    assert set(FIELDS.values()) <= {"count", "flag", "id", "day", "key", "route", "digest"}


def test_the_trigger_keeps_entries_as_long_as_the_program_says() -> None:
    bodies = [trigger.routine.body for trigger in AuditEntry._triggers]
    assert all(f"interval '{LEAST_MONTHS} months'" in body for body in bodies)
    assert LEAST_MONTHS == 6
