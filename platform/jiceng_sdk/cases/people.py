"""The subjects of a case: `subject`, or `subjects` by name; `same` for all; `others` who fill the cohort."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jiceng_sdk.cases.shape import Person, Written

PERSON_KEYS = ("facts", "previous", "rulings")
Complain = Callable[[str, str], None]


def read_people(block: Mapping[str, Any], complain: Complain) -> tuple[Person, ...]:
    """All subjects of one `[[cases]]` block, the named ones first; faults go to `complain(zh, en)`.

    The single subject of a case is named "" (a group's subjects carry the names the author gave).
    """
    same = _table(block, "same", complain)
    people: list[Person] = []
    if "subject" in block:
        own = {key: block[key] for key in PERSON_KEYS if key in block}
        people.append(_person("", _over(same, _table(block, "subject", complain)), own, complain))
    for name, values in _table(block, "subjects", complain).items():
        people.append(_person(name, _over(same, values), {}, complain))
    people.extend(_others(block.get("others", []), same, people, complain))
    return tuple(people)


def _table(block: Mapping[str, Any], key: str, complain: Complain) -> Mapping[str, Any]:
    found = block.get(key, {})
    if isinstance(found, dict):
        return found
    complain(f"{key} 应是一张表", f"{key} must be a table")
    return {}


def _over(same: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What all have under what one has: a kind of facts that one has replaces that kind only."""
    rows = {**same, **own}
    if isinstance(same.get("facts"), dict) and isinstance(own.get("facts"), dict):
        rows["facts"] = {**same["facts"], **own["facts"]}
    return rows


def _person(name: str, raw: Mapping[str, Any], own: Mapping[str, Any], complain: Complain) -> Person:
    rows = _over(raw, own)
    previous = rows.get("previous", [])
    if isinstance(previous, dict):
        previous = [previous]
    rulings = rows.get("rulings", [])
    for key, value in (("previous", previous), ("rulings", rulings)):
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            complain(f"{key} 应是一张表或一列表", f"{key} must be a table or a list of tables")
            return Person(name=name)
    return Person(
        name=name,
        values={key: value for key, value in raw.items() if key not in PERSON_KEYS},
        facts=dict(rows.get("facts", {})),
        previous=tuple(previous),
        rulings=tuple(rulings),
    )


def _others(
    raw: Written, same: Mapping[str, Any], people: list[Person], complain: Complain
) -> Iterator[Person]:
    """`others = 9` repeats the first subject; tables say what they have, with `count` or lists of values."""
    if isinstance(raw, int):
        first = people[0] if people else Person(name="")
        for number in range(raw):
            yield Person(name=f"其他{number + 1}", values=first.values, facts=first.facts)
        return
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        complain("others 应是人数，或若干张表", "others must be a number or tables")
        return
    number = 0
    for row in raw:
        for values in _spread(row):
            number += 1
            yield _person(f"其他{number}", _over(same, values), {}, complain)


def _spread(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each place of its lists (`x = [1, 2, 3]`), or `count` equal rows."""
    lists = {key: value for key, value in row.items() if isinstance(value, list) and key not in PERSON_KEYS}
    plain = {key: value for key, value in row.items() if key not in lists and key != "count"}
    size = len(next(iter(lists.values()))) if lists else int(row.get("count", 1))
    for number in range(size):
        yield {**plain, **{key: value[number] for key, value in lists.items() if number < len(value)}}
