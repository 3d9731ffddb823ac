"""What cannot be zero once a condition holds: `if(target > 0, done / target, 0)` needs no warning, nor does
`if(high > low, x / (high - low), 0)`.
"""

from jiceng_sdk.expressions.printing import show
from jiceng_sdk.expressions.tree import Arithmetic, Compare, Logic, Number, Tree, Unary

_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def nonzero(condition: Tree, *, holds: bool) -> frozenset[str]:
    """Printed expressions known not to be 0 when `condition` is true (or false: `holds=False`)."""
    match condition:
        case Unary(op="not", arg=arg):
            return nonzero(arg, holds=not holds)
        case Logic(op=joint, args=args):
            known = [nonzero(arg, holds=holds) for arg in args]
            sure = (joint == "and") == holds
            return frozenset().union(*known) if sure else frozenset.intersection(*known)
        case Compare(args=args, ops=ops) if holds or len(ops) == 1:
            found: set[str] = set()
            for left, op, right in zip(args, ops, args[1:], strict=False):
                found |= _from_pair(left, op if holds else _TURNED[op], right)
            return frozenset(found)
        case _:
            return frozenset()


def _from_pair(left: Tree, op: str, right: Tree) -> set[str]:
    if not isinstance(left, Number) and not isinstance(right, Number) and op in ("<", ">", "!="):
        return {
            show(Arithmetic(op="-", left=left, right=right)),
            show(Arithmetic(op="-", left=right, right=left)),
        }
    if isinstance(left, Number) == isinstance(right, Number):
        return set()
    if isinstance(left, Number):
        return _from_pair(right, _MIRRORED[op], left)
    if not isinstance(right, Number):
        return set()
    bound = right.value
    sure = {
        "<": bound <= 0,
        "<=": bound < 0,
        ">": bound >= 0,
        ">=": bound > 0,
        "==": bound != 0,
        "!=": bound == 0,
    }[op]
    return {show(left)} if sure else set()
