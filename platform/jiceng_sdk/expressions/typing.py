"""From tree to typed tree: every kind error, unknown name, wrong option, possible division by zero."""

from jiceng_sdk.expressions import ranges
from jiceng_sdk.expressions.calling import Calls
from jiceng_sdk.expressions.comparing import as_grade, fault, paired
from jiceng_sdk.expressions.symbols import KIND_WORDS, Kind, Scope
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault, Faults, errors, nearest

UNNAMED = {
    "today": "period.end", "now": "period.end", "今天": "period.end", "null": "missing(x)",
    "none": "missing(x)", "nil": "missing(x)", "空": "missing(x)", "else": "not (…)", "otherwise": "not (…)",
}  # fmt: skip
"""What people write as a name for something the language says otherwise."""
MOST_PLACES = 24
"""Sums and products are exact up to here; beyond, a value is a quotient."""


def typed(tree: Tree, scope: Scope, wanted: Kind | None = None) -> Typed:
    """The typed tree. Raises Faults with every kind error (columns count from 1)."""
    found, faults = checked(tree, scope, wanted)
    if found is None:
        raise Faults(errors(faults))
    return found


def checked(tree: Tree, scope: Scope, wanted: Kind | None = None) -> tuple[Typed | None, tuple[Fault, ...]]:
    """The typed tree, or None when it has errors, and all faults, warnings included."""
    typer = Typer(scope)
    found = typer.visit(tree, wanted)
    return (None if errors(typer.faults) else found), tuple(typer.faults)


class Typer(Calls):
    """Visits one expression in one scope; `faults` grows. None stands for a part already found faulty."""

    def visit(self, tree: Tree, wanted: Kind | None = None) -> Typed | None:
        """The typed part; when `wanted` is given, anything else is a fault."""
        found = self._visit(tree)
        if found is None or wanted is None or found.kind == wanted:
            return found
        if wanted == "grade" and isinstance(tree, Text):
            return self._kept(as_grade(found, self.scope.grades))
        zh = f"这里要{KIND_WORDS[wanted]}，写的是{KIND_WORDS[found.kind]}"
        if wanted == "date" and isinstance(tree, Text):
            zh += "；写死的日期只能用来比较，如 date >= '2024-07-01'"
        en = f"a {wanted} is needed here, this is a {found.kind}"
        if wanted == "number" and found.kind == "date":
            zh += "；日期加减天数写 days_before(d, 30)（往后写负数），相隔几天写 days(a, b)"
            en += "; move a day with days_before(d, 30), count days with days(a, b)"
        self.faults.append(fault(tree.at, zh, en))
        return None

    def _kept(self, found: Typed | Fault) -> Typed | None:
        if isinstance(found, Fault):
            self.faults.append(found)
            return None
        return found

    def _visit(self, tree: Tree) -> Typed | None:  # noqa: PLR0911 - one case per part
        match tree:
            case Number(value=value):
                places = max(0, -int(value.as_tuple().exponent))
                return Typed(tree=tree, kind="number", places=places, range=ranges.exactly(value))
            case Text(value=value):
                return Typed(tree=tree, kind="text", options=(value,))
            case Flag():
                return Typed(tree=tree, kind="flag")
            case Name():
                return self._name(tree)
            case Call():
                return self.call(tree)
            case Arithmetic():
                return self._arithmetic(tree)
            case Unary() | Logic():
                return self._signed(tree)
            case Compare():
                return self._compare(tree)
            case Among():
                return self._among(tree)

    def _name(self, tree: Name) -> Typed | None:
        symbol = self.scope.names.get(tree.name)
        if symbol is not None:
            return Typed(
                tree=tree,
                kind=symbol.kind,
                places=symbol.places,
                options=symbol.options,
                range=symbol.range,
                symbol=symbol,
            )
        if tree.name in self.scope.closed:
            zh, en = self.scope.closed[tree.name]
            self.faults.append(fault(tree.at, f"“{tree.name}”{zh}", f"{tree.name!r} {en}", "scope"))
            return None
        near = UNNAMED.get(tree.name.lower()) or nearest(tree.name, self.scope.names)
        zh, en = f"没有叫“{tree.name}”的名称", f"nothing is called {tree.name!r}"
        self.faults.append(fault(tree.at, zh, en, "reference", near))
        return None

    def _signed(self, tree: Unary | Logic) -> Typed | None:
        if isinstance(tree, Unary) and tree.op == "-":
            arg = self.visit(tree.arg, "number")
            if arg is None:
                return None
            return Typed(
                tree=tree, kind="number", places=arg.places, range=ranges.negated(arg.range), args=(arg,)
            )
        parts = (tree.arg,) if isinstance(tree, Unary) else tree.args
        args = self.each([(part, "flag") for part in parts])
        return None if args is None else Typed(tree=tree, kind="flag", args=args)

    def _arithmetic(self, tree: Arithmetic) -> Typed | None:
        args = self.each([(tree.left, "number"), (tree.right, "number")])
        if args is None:
            return None
        left, right = args
        match tree.op:
            case "*":
                places = None if left.places is None or right.places is None else left.places + right.places
                found = ranges.times(left.range, right.range)
            case "/":
                places = None
                self.may_be_zero(right)
                found = ranges.over(left.range, right.range, right.places)
            case "+":
                places, found = widest(args), ranges.plus(left.range, right.range)
            case "-":
                places, found = widest(args), ranges.minus(left.range, right.range)
        if places is not None and places > MOST_PLACES:
            places = None
        return Typed(tree=tree, kind="number", places=places, range=found, args=args)

    def _compare(self, tree: Compare) -> Typed | None:
        args = self.each([(part, None) for part in tree.args])
        if args is None:
            return None
        sides = list(args)
        for n, op in enumerate(tree.ops):
            made = paired(sides[n], op, sides[n + 1], self.scope.grades)
            if isinstance(made, Fault):
                self.faults.append(made)
                return None
            sides[n], sides[n + 1] = made
        return Typed(tree=tree, kind="flag", args=tuple(sides))

    def _among(self, tree: Among) -> Typed | None:
        args = self.each([(tree.item, None), *((option, None) for option in tree.options)])
        if args is None:
            return None
        made = [args[0]]
        for option in args[1:]:
            pair = paired(args[0], "==", option, self.scope.grades)
            if isinstance(pair, Fault):
                self.faults.append(pair)
            else:
                made.append(pair[1])
        return Typed(tree=tree, kind="flag", args=tuple(made)) if len(made) == len(args) else None


def widest(args: tuple[Typed, ...]) -> int | None:
    """The most decimals of several numbers; None when one of them is a quotient."""
    places = [arg.places for arg in args]
    return None if None in places else max(p for p in places if p is not None)
