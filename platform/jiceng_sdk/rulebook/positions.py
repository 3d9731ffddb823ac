"""Where in a TOML file each key stands: from a path such as `items.dues.checks[0].when` to its line."""

import re
from collections.abc import Mapping

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

_TOML = Language(tree_sitter_toml.language())
_KEYS = ("bare_key", "quoted_key", "dotted_key")
_VALUES = ("inline_table", "array")


def positions(text: str) -> Mapping[str, int]:
    """The line (from 1) of every key, table, array element. Never raises; a faulty text gives less."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    waiting: list[tuple[Node, str]] = []
    for part in Parser(_TOML).parse(text.encode()).root_node.named_children:
        path = ""
        if part.type in ("table", "table_array_element"):
            path = _header(part, counts)
            found.setdefault(path, part.start_point[0] + 1)
        pairs = [part] if part.type == "pair" else part.named_children
        waiting += [(pair, path) for pair in pairs if pair.type == "pair"]
    while waiting:
        node, path = waiting.pop()
        found.setdefault(path, node.start_point[0] + 1)
        waiting += _below(node, path, found)
    return found


def line_of(path: str, lines: Mapping[str, int]) -> int:
    """The line of a path, or of the nearest part around it; 0 when nothing is known."""
    while path:
        if path in lines:
            return lines[path]
        shorter = re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", path)
        path = shorter if shorter != path else path[:-1]  # a key may end with a bracket or a point
    return 0


def _header(table: Node, counts: dict[str, int]) -> str:
    words = _words(table.named_children[0]) if table.named_children else []
    path = ""
    for n, word in enumerate(words):
        path = f"{path}.{word}" if path else word
        last = n == len(words) - 1
        if last and table.type == "table_array_element":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


def _words(key: Node) -> list[str]:
    if key.type == "dotted_key":
        return [word for part in key.named_children for word in _words(part)]
    text = (key.text or b"").decode()
    return [text[1:-1] if key.type == "quoted_key" else text]


def _below(node: Node, path: str, found: dict[str, int]) -> list[tuple[Node, str]]:
    if node.type == "pair":
        children = node.named_children
        keys = [child for child in children if child.type in _KEYS]
        where = ".".join([path, *_words(keys[0])] if path else _words(keys[0])) if keys else path
        found.setdefault(where, node.start_point[0] + 1)
        return [(child, where) for child in children if child.type in _VALUES]
    if node.type == "inline_table":
        return [(child, path) for child in node.named_children if child.type == "pair"]
    values = [child for child in node.named_children if child.type != "comment"]
    for n, child in enumerate(values):
        found.setdefault(f"{path}[{n}]", child.start_point[0] + 1)
    return [(child, f"{path}[{n}]") for n, child in enumerate(values) if child.type in _VALUES]
