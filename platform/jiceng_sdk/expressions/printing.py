"""From tree back to text, with only the parentheses needed: `parse(show(tree))` is the same tree."""

from decimal import Decimal

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

_STRENGTH = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6}
_ATOM = 9


def show(tree: Tree) -> str:
    """The expression as text, in half-width signs."""
    return _show(tree)[0]


def _show(tree: Tree) -> tuple[str, int]:
    match tree:
        case Number(value=value):
            return _digits(value), _ATOM
        case Text(value=value):
            return _quoted(value), _ATOM
        case Flag(value=value):
            return ("true" if value else "false"), _ATOM
        case Name(name=name):
            return name, _ATOM
        case Call(function=function, args=args, over=over):
            parts = [*map(show, args), *([] if over is None else [f"[{', '.join(map(show, over))}]"])]
            return f"{function}({', '.join(parts)})", _ATOM
        case _:
            return _operation(tree)


def _operation(tree: Unary | Arithmetic | Logic | Compare | Among) -> tuple[str, int]:
    match tree:
        case Unary(op="not", arg=arg):
            return f"not {_inside(arg, 3)}", 3
        case Unary(arg=arg):
            return f"-{_inside(arg, 7)}", 7
        case Arithmetic(op=op, left=left, right=right):
            own = _STRENGTH[op]
            return f"{_inside(left, own)} {op} {_inside(right, own + 1)}", own
        case Logic(op=joint, args=args):
            own = _STRENGTH[joint]
            return f" {joint} ".join(_inside(arg, own + 1) for arg in args), own
        case Compare(args=args, ops=ops):
            words = [_inside(args[0], 5)]
            for sign, arg in zip(ops, args[1:], strict=True):
                words += [sign, _inside(arg, 5)]
            return " ".join(words), 4
        case Among(item=item, options=options):
            return f"{_inside(item, 5)} in [{', '.join(map(show, options))}]", 4


def _inside(tree: Tree, weakest: int) -> str:
    text, strength = _show(tree)
    return text if strength >= weakest else f"({text})"


def _digits(value: Decimal) -> str:
    return f"{value:f}"


def _quoted(value: str) -> str:
    return f'"{value}"' if "'" in value else f"'{value}'"
