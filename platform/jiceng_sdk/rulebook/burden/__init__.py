"""减负自检: does a rulebook ask of people what the rules forbid? Findings name rule and item.

A rulebook with a `refuse` finding can be evaluated, but not published.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from jiceng_sdk.rulebook.burden.rules import ENGLISH, RULES, TWICE, UNUSED, BurdenRule, Severity
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Item
from jiceng_sdk.told import Told, same, told

_ITEM = ("项目“{name}”", "item “{name}”")
_FACT = ("填报内容“{name}”", "fact “{name}”")
_OUTPUT = ("产出“{name}”", "output “{name}”")
_AREA = ("总体指标“{name}”", "area figure “{name}”")
_SAME_AS = ("与“{name}”相同", "the same as “{name}”")
_READ_BY_NONE = Told("没有一条规则读它", "no rule reads it")
_REFUSED, _DOUBTFUL = Told("不能发布", "cannot be published"), Told("请核对", "please check")
_RANKS = ("cohort_rank", "cohort_dense")
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
    en: str


def burden(found: Analysis) -> tuple[Finding, ...]:
    """All findings, refusals first."""
    findings = [*_scored(found), *_asked(found), *_shown(found), *_twice(found), *_unused(found)]
    return tuple(sorted(findings, key=lambda one: (one.severity != "refuse",)))


def refused(findings: tuple[Finding, ...]) -> bool:
    """Whether publication must be refused."""
    return any(one.severity == "refuse" for one in findings)


def _finding(rule: BurdenRule, path: str, label: Told, words: Told | str, severity: Severity) -> Finding:
    verdict = _REFUSED if severity == "refuse" else _DOUBTFUL
    words = same(words) if isinstance(words, str) else words
    zh = f"{label.zh}涉及“{rule.title}”（{words.zh}），{verdict.zh}；依据{rule.document}。{rule.todo}"
    en = (
        f"{label.en} touches “{rule.title_en}” ({words.en}), {verdict.en}; "
        f"see {ENGLISH[rule.document]}. {rule.todo_en}"
    )
    return Finding(
        rule=rule.key,
        title=rule.title,
        document=rule.document,
        path=path,
        words=words.zh,
        severity=severity,
        zh=zh,
        en=en,
    )


def _scored(found: Analysis) -> Iterator[Finding]:
    """Items whose own words, or those of what they read, break a rule."""
    for name, item in found.book.items.items():
        texts, names = _words_of(found, name, item)
        for rule in RULES:
            words = next((w for text in texts if (w := rule.hit(text))), "")
            words = words or next((w for one in names if (w := rule.hit_name(one))), "")
            if words:
                label = told(*_ITEM, name=item.title or name)
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
                label = told(*_FACT, name=fact.title or name)
                yield _finding(rule, f"facts.{name}", label, words, "warn")


def _shown(found: Analysis) -> Iterator[Finding]:
    """Outputs and area values: a rank of persons must not be shown."""
    for section, words_of in (("outputs", _OUTPUT), ("area", _AREA)):
        for name, part in getattr(found.book, section).items():
            label = told(*words_of, name=part.title or name)
            for rule in RULES:
                if words := rule.hit(part.title) or rule.hit_name(name):
                    yield _finding(rule, f"{section}.{name}", label, words, rule.scored)
            typed = found.formulas.get(f"{section}.{name}.value")
            if typed is None or found.book.subject != "member":
                continue
            if words := next((word for word in _RANKS if word in part.value.text), ""):
                ranking = next(rule for rule in RULES if rule.key == "points_ranking")
                yield _finding(ranking, f"{section}.{name}", label, words, "refuse")


def _plain(title: str) -> str:
    return _LETTERS.sub("", title)


def _twice(found: Analysis) -> Iterator[Finding]:
    """Two facts with one title: somebody is asked for what is known already."""
    seen: dict[str, str] = {}
    for name, fact in sorted(found.book.facts.items(), key=lambda pair: pair[1].source != "roster"):
        title = _plain(fact.title)
        if title and title in seen and fact.source != "roster":
            label, twin = told(*_FACT, name=fact.title), told(*_SAME_AS, name=seen[title])
            yield _finding(TWICE, f"facts.{name}", label, twin, "warn")
        seen.setdefault(title, name)


def _unused(found: Analysis) -> Iterator[Finding]:
    used = _used(found)
    for name, fact in found.book.facts.items():
        if fact.source != "roster" and name not in used:
            label = told(*_FACT, name=fact.title or name)
            yield _finding(UNUSED, f"facts.{name}", label, _READ_BY_NONE, "warn")


def _used(found: Analysis) -> set[str]:
    book = found.book
    used = {symbol for typed in found.formulas.values() for symbol in typed.symbols()}
    used |= {item.from_ for item in book.items.values() if item.from_}
    used |= {rule_from for rule in book.decide if (rule_from := getattr(rule, "from_", None))}
    used |= {*book.cohort} | {name for rule in book.decide for name in getattr(rule, "within", ())}
    return used | {name for area in book.area.values() for name in area.by}
