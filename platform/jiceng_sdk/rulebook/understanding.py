"""The workbench of the analysis: the names known so far, the typed formulas, the faults found."""

from collections import ChainMap
from collections.abc import Mapping

from msgspec import structs

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.symbols import Kind, Range, Scope, Symbol
from jiceng_sdk.expressions.tokens import ParseFault
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.expressions.typing import checked
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook import history, sources
from jiceng_sdk.rulebook.formulas import formulas
from jiceng_sdk.rulebook.parts import Rulebook

_AFTER = ("评定以后才有", "exists only after the decisions")
_UNRECORDED = (
    "没有记录：上期只记录得分、等次、状态和产出，请把要读的值写成一个产出",
    "is not recorded: earlier periods keep score, grade, status and outputs only; make it an output",
)
_ROWS = ("是逐条的事实，要由项目用 from 读", "comes as rows: let an item read it by `from`")


class Understanding:
    """Grows while a rulebook is read from facts to area values."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.faults: list[Fault] = []
        self.formulas: dict[str, Typed] = {}
        self.scale: dict[str, Typed] = {}
        self.places: dict[str, int | None] = {}
        self.ranges: dict[str, Range] = {}
        self.each: dict[str, str | None] = {}
        self.unit: dict[str, str | None] = {}
        self.trees = self._parsed()
        self.names: dict[str, Symbol] = {}
        self.cells: dict[str, dict[str, Symbol]] = {}
        self.closed = self._closed()
        self._facts()

    def fault(self, path: str, zh: str, en: str, code: str = "shape", **more: str) -> None:
        """A fault of the part at `path`."""
        self.faults.append(Fault(zh=zh, en=en, path=path, code=code, **more))  # type: ignore[arg-type]  # severity is one of its two words

    def _parsed(self) -> dict[str, Tree]:
        found = {}
        for path, formula in formulas(self.book):
            try:
                found[path] = formula.tree
            except ParseFault as error:
                self.faults.append(error.fault.at(path=path))
        return found

    def _closed(self) -> dict[str, tuple[str, str]]:
        book = self.book
        found = {
            field: (
                f"是“{name}”的字段，项目写 from = '{name}' 才能读",
                f"is a field: read it with from = {name!r}",
            )
            for name, fact in book.facts.items()
            for field in fact.fields
        }
        found |= dict.fromkeys([*book.outputs, "grade", "status"], _AFTER)
        found["grade"] = ("评定以后才有；上期的写 previous.grade", "exists only later; see previous.grade")
        if not book.grades:
            found["previous.grade"] = ("不能用：没有写 grades", "needs `grades`")
        unrecorded = {*book.facts, *book.items, *book.groups} - book.outputs.keys() - {"score"}
        found |= dict.fromkeys((f"previous.{name}" for name in unrecorded), _UNRECORDED)
        found |= {name: _ROWS for name, fact in book.facts.items() if fact.rows}
        return self._titles() | found

    def _titles(self) -> dict[str, tuple[str, str]]:
        """Titles, for those who write them in place of names."""
        book, found = self.book, dict[str, tuple[str, str]]()
        for section in (book.facts, book.items, book.groups, book.outputs):
            for name, part in section.items():
                if part.title and part.title != name:
                    found.setdefault(
                        part.title,
                        (f"是 {name} 的标题，算式里写名称 {name}", f"is the title of {name}: write {name}"),
                    )
        return found

    def _facts(self) -> None:
        book = self.book
        for edge in ("start", "end"):
            self.names[f"period.{edge}"] = Symbol(name=f"period.{edge}", kind="date", origin="period")
        self.names |= history.previous(book, self.trees)
        for name, fact in book.facts.items():
            if fact.rows:
                continue
            symbol = sources.single(name, fact)
            self.places[name], self.ranges[name] = symbol.places, symbol.range
            self.each[name] = self.unit[name] = fact.each
            if fact.each is None:
                self.names[name] = symbol
            else:
                self.cells.setdefault(fact.each, {})[name] = symbol
                self.close(name, fact.each)
        for name in book.classes:
            self.type(f"classes.{name}", self.scope(), "flag")
            self.names[name] = Symbol(name=name, kind="flag", origin="class")
        for name in book.facts:
            self.type(f"facts.{name}.for", self.scope(), "flag")
            self.type(f"facts.{name}.voters", self.scope(), "number")

    def assume_nodes(self) -> None:
        """Make every item and group readable as some number, so that a circle is reported once."""
        for name in (*self.book.items, *self.book.groups):
            self.names[name] = Symbol(name=name, kind="number", origin="node", places=None)

    def close(self, name: str, unit: str) -> None:
        """Say why a value of months or quarters cannot be read as a value of the period."""
        word = {"month": "月", "quarter": "季", "half": "半年"}[unit]
        self.closed[name] = (
            f"按{word}计算，要在 each = '{unit}' 的项目里读，或先用 across 汇总",
            f"has one value per {unit}: read it in an item with each = '{unit}', or bring it up by `across`",
        )

    def scope(self, unit: str | None = None, **more: object) -> Scope:
        """What a subject offers, or (`unit`) a subject in one sub-period."""
        names = self.names if unit is None else ChainMap(self.cells.get(unit, {}), self.names)
        scope = Scope(
            names=names,
            where="subject" if unit is None else "cell",
            grades=self.book.grades,
            closed=self.closed,
            score=self.book.score,
        )
        return structs.replace(scope, **more) if more else scope

    def rows(self, own: Mapping[str, Symbol], **more: object) -> Scope:
        """What one row of a fact offers: its own fields, then everything of its subject."""
        return structs.replace(self.scope(), names=ChainMap(dict(own), self.names), where="event", **more)

    def formula(self, path: str) -> Tree | None:
        """The tree of the expression at `path`, if there is a readable one."""
        return self.trees.get(path)

    def type(self, path: str, scope: Scope, wanted: Kind | None = None) -> Typed | None:
        """Type the expression at `path`; keeps it, or its faults. None when there is none or it is faulty."""
        tree = self.trees.get(path)
        if tree is None:
            return None
        found, faults = checked(tree, scope, wanted)
        self.faults += [fault.at(path=path) for fault in faults]
        if found is not None:
            self.formulas[path] = found
        return found

    def type_text(self, path: str, text: str, scope: Scope, wanted: Kind) -> Typed | None:
        """Type an expression that the analysis itself has made."""
        self.trees[path] = Formula(text).tree
        return self.type(path, scope, wanted)
