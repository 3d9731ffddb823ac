"""The Chinese sentences that modules tell when something is wrong: texts of refusals and of faults."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFUSING = {"Refusal", "Invalid", "Conflict", "NotFound", "Forbidden", "Unavailable"}
ADDING = {"append", "fault", "CellFault", "ValueFault", "DateError", "UnreadableError", "refuse", "single"}
SAID = {"what", "told", "todo"}
"""Names that a sentence has before it is told."""
TOLD = {"todo_zh", "what_zh"}
LONGEST_WORD = 8
"""What a function returns is a sentence when it is longer."""
PUT_IN = "7"
"""What stands for a value that is put into a sentence."""
_NO_SENTENCE = re.compile(r"\n|\.xlsx$")
"""Statements of SQL and names of files."""
_CJK = re.compile(r"[\u4e00-\u9fff]")


def texts(node: ast.expr) -> Iterator[str]:
    """Every text an expression may be, with `PUT_IN` for each value put in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr():
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else PUT_IN for p in node.values)
        case ast.BinOp(op=ast.Add()):
            yield from (left + right for left in texts(node.left) for right in texts(node.right))
        case ast.IfExp():
            yield from texts(node.body)
            yield from texts(node.orelse)
        case ast.List() | ast.Tuple():
            for one in node.elts:
                yield from texts(one)
        case ast.ListComp() | ast.GeneratorExp():
            yield from texts(node.elt)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    """What is assigned to the names of a sentence, one by one or several at once."""
    if isinstance(target, ast.Name) and target.id in SAID:
        yield from texts(value)
    elif isinstance(target, ast.Name) and target.id.isupper() and isinstance(value, ast.Constant):
        yield from (text for text in texts(value) if len(text) > LONGEST_WORD)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from _assigned(one, part)


def sentences(module: Path) -> set[str]:
    """The Chinese texts of a module's refusals and of the faults it adds; not their places."""
    found = {text for node in ast.walk(ast.parse(module.read_text("utf-8"))) for text in _told(node)}
    return {text for text in found if _CJK.search(text) and not _NO_SENTENCE.search(text)}


def places(module: Path) -> set[str]:
    """The Chinese places (`where`) that a module's refusals name."""
    found = {text for node in ast.walk(ast.parse(module.read_text("utf-8"))) for text in _placed(node)}
    return {text for text in found if _CJK.search(text)}


def _placed(node: ast.AST) -> Iterator[str]:
    name = _name(node) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or name not in REFUSING | {"refuse"}:
        return
    at = 2 if name == "Invalid" else 1
    placed = [word.value for word in node.keywords if word.arg == "where"]
    for one in [*placed, *node.args[at : at + 1]]:
        yield from texts(one)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _told(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.AugAssign() if "fault" in getattr(node.target, "id", ""):
            yield from texts(node.value)
        case ast.Assign():
            for target in node.targets:
                yield from _assigned(target, node.value)
        case ast.Return(value=ast.expr() as value):
            yield from (text for text in texts(value) if len(text) > LONGEST_WORD)
        case ast.FunctionDef():
            yield from (text for one in node.args.defaults for text in texts(one))
        case ast.Call():
            yield from (text for one in _arguments(node) for text in texts(one))


def _arguments(call: ast.Call) -> list[ast.expr]:
    """What a call tells in Chinese only: of a refusal with its own English, what has none."""
    name = _name(call)
    if name in ADDING:
        return call.args
    if name not in REFUSING:
        return [word.value for word in call.keywords if word.arg in SAID]
    own = {word.arg for word in call.keywords}
    if "what_en" in own:
        return [one.value for one in call.keywords if one.arg == "todo_zh" and "todo_en" not in own]
    told = [one for at, one in enumerate(call.args) if at != 1 or name == "Invalid"]
    return told + [word.value for word in call.keywords if word.arg in TOLD]
