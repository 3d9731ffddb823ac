"""An expression as the author wrote it; the text is what TOML, JSON and forms keep."""

from jiceng_sdk.expressions.parse import parse
from jiceng_sdk.expressions.tree import Tree


class Formula:
    """Immutable text of an expression. Equal when the text is equal. Not parsed until `tree` is asked for."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def text(self) -> str:
        """The expression as written; a number in TOML is its digits."""
        return self._text

    @property
    def tree(self) -> Tree:
        """The syntax tree (cached). Raises ParseFault when the text cannot be read."""
        return parse(self._text)

    def __repr__(self) -> str:
        return f"Formula({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
