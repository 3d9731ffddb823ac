"""The expression language, small, typed, total: text → tree → typed tree. Text is never executed."""

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.parse import parse
from jiceng_sdk.expressions.printing import show
from jiceng_sdk.expressions.symbols import Kind, Range, Scope, Symbol
from jiceng_sdk.expressions.tokens import ParseFault
from jiceng_sdk.expressions.tree import Tree, names, walk
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.expressions.typing import checked, typed

__all__ = [
    "Formula",
    "Kind",
    "ParseFault",
    "Range",
    "Scope",
    "Symbol",
    "Tree",
    "Typed",
    "checked",
    "names",
    "parse",
    "show",
    "typed",
    "walk",
]
