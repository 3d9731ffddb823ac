"""What a form knows of one field: key, label, help, unit, what it accepts, when it is shown."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal[
    "text",
    "long",
    "number",
    "percent",
    "formula",
    "flag",
    "choice",
    "words",
    "rows",
    "chooser",
    "default",
    "scheme",
]
Names = Literal["", "facts", "rows", "nodes", "grades", "single", "windows", "outs"]
Rows = Literal["list", "plain", "table", "weights", "limits", "pairs", "fields"]
Options = tuple[tuple[str, str], ...]


class Spec(Struct, frozen=True, kw_only=True):
    """One field of a form.

    - `kind`: text, long (several lines), number (exact), percent (typed as 10 for 0.1), formula, flag (a
      box), choice (one of `options`), scheme (one of the tenant's other schemes), words (a list, written
      with 、 or one a line), rows (a small table of `columns`), chooser (says which of the keys in `options`
      is used; not stored in the rulebook), default (a number, or 是 or 否).
    - `rows`: how a small table is written in the rulebook: list of tables, or of plain values (`plain`);
      `table` and `weights` key → value;
      `limits` window → bounds; `pairs` two numbers; `fields` name → table.
    - `names`: what the drop-down offers while typing. `shown`: (key, values) of another field of the same
      form; a field not shown is not part of the rulebook. `more`: folded away until it has a value.
    """

    key: str
    label: str
    kind: Kind = "text"
    help: str = ""
    unit: str = ""
    options: Options = ()
    columns: tuple[Spec, ...] = ()
    rows: Rows = "list"
    names: Names = ""
    shown: tuple[str, tuple[str, ...]] | None = None
    required: bool = False
    more: bool = False


class Section(Struct, frozen=True, kw_only=True):
    """A section of a rulebook: its name, what one part is called, help, the fields of a part."""

    name: str
    title: str
    part: str
    help: str
    specs: tuple[Spec, ...]


TITLE = Spec(key="title", label="名称", required=True)
NAME = Spec(
    key="name",
    label="代号",
    help="算式里用的名字；不填就用名称。保存以后不要改",
    more=True,
)
CLAUSE = Spec(key="clause", label="条款", help="文号和条款，例如 第五条（一）")
BASIS = Spec(key="basis", label="依据的原文", kind="long", more=True)
ROUND_MODES: Options = (
    ("", "四舍五入"),
    ("half_even", "四舍六入五成双"),
    ("down", "舍去"),
    ("up", "进位"),
)
ROUNDING = (
    Spec(key="round.places", label="保留小数", kind="number", unit="位", help="不填就不取整", more=True),
    Spec(key="round.mode", label="取整方式", kind="choice", options=ROUND_MODES, more=True),
)
FOR = Spec(
    key="for",
    label="适用范围",
    kind="formula",
    help="只对符合这个条件的对象有效；不填就对全部有效",
    more=True,
)
