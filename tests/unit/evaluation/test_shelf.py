"""The shelf of trials: bounded in number and bytes, least recently used first, outdated inputs at once."""

from jiceng.evaluation.trial.shelf import Key, Shelf


def shelf(most: int = 3, most_bytes: int = 100) -> Shelf[bytes]:
    return Shelf(most=most, most_bytes=most_bytes, size_of=len)


def key(scheme: str, inputs: str = "1", tenant: int = 1) -> Key:
    return Key(tenant, scheme, inputs)


def test_other_inputs_of_the_same_scheme_drive_the_old_ones_out() -> None:
    kept = shelf()
    kept.put(key("a", "1"), b"x")
    kept.put(key("a", "1", tenant=2), b"y")
    kept.put(key("a", "2"), b"z")
    assert kept.get(key("a", "1")) is None
    assert kept.get(key("a", "2")) == b"z"
    assert kept.get(key("a", "1", tenant=2)) == b"y"


def test_the_least_recently_used_goes_when_there_are_too_many() -> None:
    kept = shelf(most=2)
    kept.put(key("a"), b"a")
    kept.put(key("b"), b"b")
    assert kept.get(key("a")) == b"a"
    kept.put(key("c"), b"c")
    assert [kept.get(key(scheme)) for scheme in "abc"] == [b"a", None, b"c"]


def test_bytes_are_bounded_and_the_newest_stays_even_when_it_alone_is_too_large() -> None:
    kept = shelf(most_bytes=10)
    kept.put(key("a"), b"123456")
    kept.put(key("b"), b"12345")
    assert kept.size == (1, 5)
    kept.put(key("c"), b"x" * 50)
    assert kept.size == (1, 50)
    kept.clear()
    assert kept.size == (0, 0)
