"""Formulas that have no answer where something may be left blank: a date not filled in, a first period."""

from collections.abc import Iterator

from jiceng_sdk.expressions.tree import Call, Compare, Tree, children, names
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.formulas import inside
from jiceng_sdk.rulebook.meaning import Analysis


def blanks(found: Analysis) -> Iterator[Fault]:
    """A warning per formula that asks for a ruling whenever a blank is nothing unusual."""
    yield from _dates(found)
    for path, typed in found.formulas.items():
        for name in sorted(_bare(typed.tree)):
            flag = typed.symbols()[name].kind == "flag"
            said = f"没有就算“否”写 {name} == true" if flag else f"可用 if(missing({name}), …, …) 说明"
            zh = f"第一期没有 {name}，这里就没有答案，会转为待裁定；{said}"
            en = f"without an earlier period {name!r} is missing and this has no answer: say what then"
            yield Fault(zh=zh, en=en, path=path, code="blank", severity="warning")


def _dates(found: Analysis) -> Iterator[Fault]:
    """Dates that rows need not have, read without `missing`: most rows have none yet."""
    for name, item in found.book.items.items():
        fact = found.book.facts.get(item.from_ or "")
        if fact is None:
            continue
        optional = {key for key, one in fact.fields.items() if one.kind == "date" and not one.required}
        for path, _ in inside(item, f"items.{name}"):
            tree = found.formulas[path].tree if path in found.formulas else None
            for key in sorted(optional & _unsaid(tree)) if tree is not None else ():
                zh = (
                    f"“{key}”可以不填，没填的那一条在这里没有答案，整项会转为待裁定；"
                    f"没填不算就写 not missing({key}) and …，必须填就在字段里写 required = true"
                )
                en = f"{key!r} may be blank and then this has no answer: say missing({key}), or require it"
                yield Fault(zh=zh, en=en, path=path, code="blank", severity="warning")


def _unsaid(tree: Tree) -> frozenset[str]:
    """Names read by a formula that nowhere says what holds when they are missing."""
    return names(tree) - _asked(tree)


def _asked(tree: Tree) -> frozenset[str]:
    here = names(tree) if isinstance(tree, Call) and tree.function == "missing" else frozenset()
    return here.union(*(_asked(part) for part in children(tree)))


def _bare(tree: Tree) -> frozenset[str]:
    """`previous.…` read outside comparisons (where none compares as no) and outside an `if` about it."""
    if isinstance(tree, Compare) or (
        isinstance(tree, Call) and tree.function in ("missing", "streak", "times")
    ):
        return frozenset()
    if isinstance(tree, Call) and tree.function == "if":
        about = names(tree.args[0]) - _bare(tree.args[0])
        return frozenset().union(*(_bare(part) for part in tree.args)) - about
    if not children(tree):
        return frozenset(name for name in names(tree) if name.startswith("previous."))
    return frozenset().union(*(_bare(part) for part in children(tree)))
