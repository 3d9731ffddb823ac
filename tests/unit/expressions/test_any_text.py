"""Any text gives a tree or a fault, any tree a typed tree or a fault, and printing is faithful."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from jiceng_sdk.expressions import ParseFault, Scope, Symbol, checked, parse, show
from jiceng_sdk.expressions.functions import AGGREGATES, FUNCTIONS
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
    children,
)
from jiceng_sdk.faults import Fault

NAMES = ("得分", "x", "late", "town", "joined", "previous.grade", "unknown")
SIGNS = [
    "+",
    "-",
    "*",
    "/",
    "<",
    "<=",
    "==",
    "≥",
    "(",
    ")",
    ",",
    "[",
    "]",
    "in",
    "and",
    "or",
    "not",
    "'好'",
    "3",
    "20%",
]
WORDS = st.lists(st.sampled_from([*SIGNS, *NAMES, *FUNCTIONS, "=", "“"]), max_size=30).map(" ".join)
SYMBOLS = {
    "得分": Symbol(name="得分", kind="number", origin="node", places=2),
    "x": Symbol(name="x", kind="number", origin="fact", places=None),
    "late": Symbol(name="late", kind="flag", origin="fact"),
    "town": Symbol(name="town", kind="text", origin="fact", options=("好", "差")),
    "joined": Symbol(name="joined", kind="date", origin="fact"),
    "previous.grade": Symbol(name="previous.grade", kind="grade", origin="previous", options=("好", "差")),
}
INNER = Scope(names=SYMBOLS, grades=("好", "差"))
SCOPES = [
    INNER,
    structs.replace(INNER, where="cell"),
    structs.replace(INNER, where="event"),
    structs.replace(INNER, where="area", inner=INNER),
]

numbers = st.decimals(0, 1000, places=2).map(lambda value: Number(value=value))
texts = st.sampled_from(["好", "差", "it's"]).map(lambda word: Text(value=word))
leaves = st.one_of(
    numbers,
    texts,
    st.sampled_from(NAMES).map(lambda name: Name(name=name)),
    st.booleans().map(lambda v: Flag(value=v)),
)


def _above(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda op, arg: Unary(op=op, arg=arg), st.sampled_from(["-", "not"]), parts),
        st.builds(
            lambda op, a, b: Arithmetic(op=op, left=a, right=b),
            st.sampled_from(["+", "-", "*", "/"]),
            parts,
            parts,
        ),
        st.builds(lambda op, args: Logic(op=op, args=args), st.sampled_from(["and", "or"]), several),
        st.builds(
            lambda args, op: Compare(args=args, ops=(op,) * (len(args) - 1)),
            several,
            st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        ),
        st.builds(
            lambda item, options: Among(item=item, options=tuple(options)),
            parts,
            st.lists(st.one_of(numbers, texts), min_size=1, max_size=2),
        ),
        st.builds(
            lambda name, args: Call(function=name, args=args),
            st.sampled_from([*FUNCTIONS, *AGGREGATES]),
            st.one_of(st.just(()), several),
        ),
    )


trees = st.recursive(leaves, _above, max_leaves=12)


def _bare(tree: Tree) -> object:
    """The tree without positions; `a and (b and c)` and the like keep their shape."""
    own = {
        name: getattr(tree, name) for name in tree.__struct_fields__ if name in ("op", "ops", "value", "name")
    }
    own |= {"function": tree.function} if isinstance(tree, Call) else {}
    return type(tree).__name__, own, [_bare(part) for part in children(tree)]


def _tried(text: str) -> tuple[Tree | None, Fault | None]:
    try:
        return parse(text), None
    except ParseFault as error:
        return None, error.fault


@given(st.one_of(st.text(max_size=60), WORDS))
@settings(max_examples=120, deadline=None)
def test_any_text_is_a_tree_or_a_fault(text: str) -> None:
    tree, fault = _tried(text)
    if fault is not None:
        assert 1 <= fault.column <= len(text) + 1
        assert fault.zh
    if tree is not None:
        assert _bare(parse(show(tree))) == _bare(tree)
    assert (tree is None) != (fault is None)


@given(trees, st.sampled_from(SCOPES), st.sampled_from([None, "number", "flag", "text", "date", "grade"]))
@settings(max_examples=120, deadline=None)
def test_any_tree_is_typed_or_faulty(tree: Tree, scope: Scope, wanted: str | None) -> None:
    found, faults = checked(tree, scope, wanted)  # type: ignore[arg-type]  # one of the kinds
    if found is None:
        assert any(fault.severity == "error" for fault in faults)
    else:
        assert found.kind == (wanted or found.kind)
        assert found.range.low <= found.range.high
        assert len(found.args) == len(children(tree))


@given(trees)
@settings(max_examples=100, deadline=None)
def test_printing_and_parsing_gives_the_same_tree(tree: Tree) -> None:
    assert _bare(parse(show(tree))) == _bare(tree)


def test_numbers_keep_their_digits() -> None:
    assert show(parse("20%")) == "0.20"
    assert parse("0.20") == Number(at=0, value=Decimal("0.20"))
