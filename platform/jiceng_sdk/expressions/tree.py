"""The syntax tree of an expression. `at` is the character (from 0) where the part begins."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

NTH = "nth"
"""The number of a row, and the function that counts rows with the same value."""
Comparison = Literal["<", "<=", ">", ">=", "==", "!="]


class Part(Struct, frozen=True, kw_only=True):
    """What every part of a tree has; positions don't count when trees are compared by `same`."""

    at: int = 0


class Number(Part, frozen=True, tag=True):
    """A literal: `80`, `0.5`, `20%` (stored as 0.20)."""

    value: Decimal


class Text(Part, frozen=True, tag=True):
    """A quoted word: an option, a grade, a status."""

    value: str


class Flag(Part, frozen=True, tag=True):
    """`true` or `false`."""

    value: bool


class Name(Part, frozen=True, tag=True):
    """A named value, dots included: `score`, `previous.grade`, `迟交月数`."""

    name: str


class Unary(Part, frozen=True, tag=True):
    """`-x` or `not x`."""

    op: Literal["-", "not"]
    arg: "Tree"


class Arithmetic(Part, frozen=True, tag=True):
    """Two numbers with `+ - * /` between."""

    op: Literal["+", "-", "*", "/"]
    left: "Tree"
    right: "Tree"


class Logic(Part, frozen=True, tag=True):
    """`a and b and c`, `a or b`: two or more conditions."""

    op: Literal["and", "or"]
    args: tuple["Tree", ...]


class Compare(Part, frozen=True, tag=True):
    """A chain: `60 <= x < 80` has three args and two ops."""

    args: tuple["Tree", ...]
    ops: tuple[Comparison, ...]


class Among(Part, frozen=True, tag=True):
    """`x in ['a', 'b']`; options are literals."""

    item: "Tree"
    options: tuple[Number | Text, ...]


class Call(Part, frozen=True, tag=True):
    """A function and its arguments. `over`: what splits subjects into the cohorts it compares in, where the
    call says so itself: `cohort_rank(score, ['town'])`; empty = everybody, None = as the rulebook says.
    """

    function: str
    args: tuple["Tree", ...]
    over: tuple[Text, ...] | None = None


Tree = Number | Text | Flag | Name | Unary | Arithmetic | Logic | Compare | Among | Call


def children(tree: Tree) -> tuple[Tree, ...]:
    """The parts directly below, in reading order."""
    match tree:
        case Unary():
            return (tree.arg,)
        case Arithmetic():
            return (tree.left, tree.right)
        case Logic() | Compare() | Call():
            return tree.args
        case Among():
            return (tree.item, *tree.options)
        case _:
            return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything below it, without recursion."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(children(part)))


def names(tree: Tree) -> frozenset[str]:
    """Every name the tree reads, what its cohorts are split by too; `previous.grade` counts as one, and
    `nth(x)` reads `nth`.
    """
    found: set[str] = set()
    for part in walk(tree):
        if isinstance(part, Name):
            found.add(part.name)
        elif isinstance(part, Call) and part.over:
            found.update(word.value for word in part.over)
        elif isinstance(part, Call) and part.function == NTH:
            found.add(NTH)
    return frozenset(found)


def depth(tree: Tree) -> int:
    """Levels of nesting; a literal has one."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        part, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(part))
    return deepest
