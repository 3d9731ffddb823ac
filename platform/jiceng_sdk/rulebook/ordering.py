"""Items and groups in an order in which each comes after all it reads; cycles are named with their path."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from jiceng_sdk.expressions.tree import Tree, names
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.formulas import inside
from jiceng_sdk.rulebook.parts import Group, Item, Rulebook


def reads(book: Rulebook, trees: Mapping[str, Tree]) -> dict[str, frozenset[str]]:
    """For every item and group the names it reads: facts, classes (and what they read), items, groups."""
    classes = _classes(book, trees)
    found: dict[str, frozenset[str]] = {}
    for section, nodes in (("items", book.items), ("groups", book.groups)):
        for name, node in nodes.items():
            read = _read(node, f"{section}.{name}", trees)
            found[name] = read.union(*(classes[one] for one in read & classes.keys()))
    return found


def _read(node: Item | Group, path: str, trees: Mapping[str, Tree]) -> frozenset[str]:
    read: frozenset[str] = frozenset()
    for where, _ in inside(node, path):
        if where in trees:
            read |= names(trees[where])
    if isinstance(node, Group):
        return read | frozenset(node.of)
    return read | ({node.from_} if node.from_ else set())


def _classes(book: Rulebook, trees: Mapping[str, Tree]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name in book.classes:
        tree = trees.get(f"classes.{name}")
        read = frozenset() if tree is None else names(tree)
        found[name] = read.union(*(found[one] for one in read & found.keys()))
    return found


def ordered(
    book: Rulebook, reading: Mapping[str, frozenset[str]]
) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Items and groups in order of evaluation; with a cycle as written, and the fault that names it."""
    nodes = {**book.items, **book.groups}
    graph = {name: sorted(reading[name] & nodes.keys()) for name in nodes}
    try:
        return tuple(TopologicalSorter(graph).static_order()), ()
    except CycleError as error:
        # graphlib names a cycle from what is read to what reads it
        circle = list(reversed(error.args[1]))
        section = "items" if circle[0] in book.items else "groups"
        path = " → ".join(circle)
        fault = Fault(
            zh=f"互相引用成了圈：{path}",
            en=f"these read each other in a circle: {path}",
            path=f"{section}.{circle[0]}",
            code="cycle",
        )
        return tuple(nodes), (fault,)
