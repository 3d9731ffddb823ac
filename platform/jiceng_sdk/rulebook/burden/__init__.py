"""减负自检: does a rulebook ask of people what the rules forbid? Findings name rule and item.

A rulebook with a `refuse` finding can be evaluated, but not published.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from jiceng_sdk.rulebook.burden.rules import RULES, TWICE, UNUSED, BurdenRule, Severity
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Item

_LETTERS = re.compile(r"[^\w]|[_\d]")


class Finding(Struct, frozen=True, kw_only=True):
    """What was found: which rule of which document, at which part (`path`), because of which words."""

    rule: str
    title: str
    document: str
    path: str
    words: str
    severity: Severity
    zh: str


def burden(found: Analysis) -> tuple[Finding, ...]:
    """All findings, refusals first."""
    findings = [*_scored(found), *_asked(found), *_shown(found), *_twice(found), *_unused(found)]
    return tuple(sorted(findings, key=lambda one: (one.severity != "refuse",)))


def refused(findings: tuple[Finding, ...]) -> bool:
    """Whether publication must be refused."""
    return any(one.severity == "refuse" for one in findings)


def _finding(rule: BurdenRule, path: str, label: str, words: str, severity: Severity) -> Finding:
    verdict = "不能发布" if severity == "refuse" else "请核对"
    zh = f"{label}涉及“{rule.title}”（{words}），{verdict}；依据{rule.document}。{rule.todo}"
    return Finding(
        rule=rule.key,
        title=rule.title,
        document=rule.document,
        path=path,
        words=words,
        severity=severity,
        zh=zh,
    )


def _scored(found: Analysis) -> Iterator[Finding]:
    """Items whose own words, or those of what they read, break a rule."""
    for name, item in found.book.items.items():
        texts, names = _words_of(found, name, item)
        for rule in RULES:
            words = next((w for text in texts if (w := rule.hit(text))), "")
            words = words or next((w for one in names if (w := rule.hit_name(one))), "")
            if words:
                label = f"项目“{item.title or name}”"
                yield _finding(rule, f"items.{name}", label, words, rule.scored)


def _words_of(found: Analysis, name: str, item: Item) -> tuple[list[str], list[str]]:
    facts = found.book.facts
    texts, names = [item.title, name], [name]
    read = {
        symbol
        for path, typed in found.formulas.items()
        if path.startswith(f"items.{name}.")
        for symbol in typed.symbols()
    }
    read |= {item.from_} if item.from_ else set()
    for one in sorted(read & facts.keys()):
        texts += [facts[one].title, one]
        names.append(one)
    source = facts.get(item.from_ or "")
    for field in sorted(read & source.fields.keys()) if source else ():
        texts += [source.fields[field].title, field] if source else []
        names.append(field)
    texts += [row.title for row in (*item.steps, *item.checks)]
    return [text for text in texts if text], names


def _asked(found: Analysis) -> Iterator[Finding]:
    """Facts that are only asked for, not scored by an item: worth a second look."""
    used = {symbol for name in found.book.items for symbol in found.reads.get(name, ())}
    for name, fact in found.book.facts.items():
        if name in used or fact.source == "roster":
            continue
        for rule in RULES:
            words = rule.hit(f"{fact.title} {name}") or rule.hit_name(name)
            if words:
                label = f"填报内容“{fact.title or name}”"
                yield _finding(rule, f"facts.{name}", label, words, "warn")


def _shown(found: Analysis) -> Iterator[Finding]:
    """Outputs and area values: a rank of persons must not be shown."""
    for section, word in (("outputs", "产出"), ("area", "全区指标")):
        for name, part in getattr(found.book, section).items():
            label = f"{word}“{part.title or name}”"
            for rule in RULES:
                if words := rule.hit(part.title) or rule.hit_name(name):
                    yield _finding(rule, f"{section}.{name}", label, words, rule.scored)
            typed = found.formulas.get(f"{section}.{name}.value")
            if typed is not None and "cohort_rank" in part.value.text and found.book.subject == "member":
                ranking = next(rule for rule in RULES if rule.key == "points_ranking")
                yield _finding(ranking, f"{section}.{name}", label, "cohort_rank", "refuse")


def _plain(title: str) -> str:
    return _LETTERS.sub("", title)


def _twice(found: Analysis) -> Iterator[Finding]:
    """Two facts with one title: somebody is asked for what is known already."""
    seen: dict[str, str] = {}
    for name, fact in sorted(found.book.facts.items(), key=lambda pair: pair[1].source != "roster"):
        title = _plain(fact.title)
        if title and title in seen and fact.source != "roster":
            yield _finding(
                TWICE, f"facts.{name}", f"填报内容“{fact.title}”", f"与“{seen[title]}”相同", "warn"
            )
        seen.setdefault(title, name)


def _unused(found: Analysis) -> Iterator[Finding]:
    used = _used(found)
    for name, fact in found.book.facts.items():
        if fact.source != "roster" and name not in used:
            label = f"填报内容“{fact.title or name}”"
            yield _finding(UNUSED, f"facts.{name}", label, "没有一条规则读它", "warn")


def _used(found: Analysis) -> set[str]:
    book = found.book
    used = {symbol for typed in found.formulas.values() for symbol in typed.symbols()}
    used |= {item.from_ for item in book.items.values() if item.from_}
    used |= {rule_from for rule in book.decide if (rule_from := getattr(rule, "from_", None))}
    used |= {*book.cohort} | {name for rule in book.decide for name in getattr(rule, "within", ())}
    return used | {name for area in book.area.values() for name in area.by}
