"""The meaning of decisions, outputs and area values, in the order written."""

from msgspec import structs

from jiceng_sdk.expressions import ranges
from jiceng_sdk.expressions.printing import show
from jiceng_sdk.expressions.symbols import Scope, Symbol
from jiceng_sdk.expressions.tree import Compare, Name, Number
from jiceng_sdk.rulebook.bounds import most
from jiceng_sdk.rulebook.history import statuses
from jiceng_sdk.rulebook.parts import Area, Bands, Output, Override, Quota, Rulebook, Step
from jiceng_sdk.rulebook.understanding import Understanding


def decisions(known: Understanding) -> None:
    """Type the decisions in order; grade and status become readable, the total follows overrides."""
    book = known.book
    if book.grades:
        known.names["grade"] = Symbol(name="grade", kind="grade", origin="grade", options=book.grades)
        known.closed.pop("grade", None)
    else:
        known.closed["grade"] = ("不能用：没有写 grades", "needs `grades`")
    known.names["status"] = Symbol(name="status", kind="text", origin="status", options=statuses(book))
    for n, rule in enumerate(book.decide):
        _decision(known, f"decide[{n}]", rule)


def _decision(known: Understanding, path: str, rule: Bands | Override | Quota | Step) -> None:
    scope = known.scope()
    known.type(f"{path}.for", scope, "flag")
    match rule:
        case Bands(rows=rows, below=below):
            for n in range(len(rows)):
                known.type(f"{path}.rows[{n}].when", scope, "flag")
            if below is not None:
                _below(known, path, rule, scope)
        case Override():
            known.type(f"{path}.when", scope, "flag")
            _scored(known, path, scope)
        case Quota(rank=rank):
            known.type(f"{path}.base", scope, "flag")
            for n in range(len(rank)):
                known.type(f"{path}.rank[{n}]", scope, "number")
        case Step():
            known.type(f"{path}.skip", scope, "flag")


def _scored(known: Understanding, path: str, scope: Scope) -> None:
    found, score = known.type(f"{path}.score", scope, "number"), known.names.get(known.book.score)
    if found is not None and score is not None:
        known.names[score.name] = structs.replace(
            score,
            places=most([score.places, found.places]),
            range=ranges.either([score.range, found.range]),
        )


def _below(known: Understanding, path: str, rule: Bands, scope: Scope) -> None:
    """`below`: under every threshold of the rows, all of which must compare the same name."""
    cuts, read = [], set()
    for n in range(len(rule.rows)):
        tree = known.formula(f"{path}.rows[{n}].when")
        parts = tree.args if isinstance(tree, Compare) else ()
        read |= {part.name for part in parts if isinstance(part, Name)}
        cuts += [part.value for part in parts if isinstance(part, Number)]
    if len(read) != 1 or not cuts:
        zh = "below 只能用在各行都拿同一个名称与数字相比的等次表"
        known.fault(f"{path}.below", zh, "`below` needs rows that all compare one name with numbers")
        return
    text = f"{read.pop()} < {show(Number(value=min(cuts)))}"
    known.type_text(f"{path}.below", text, scope, "flag")


def outputs(known: Understanding) -> None:
    """Type the outputs; each may read those before it."""
    later = ("写在后面，只能读写在前面的产出", "is written later; only earlier outputs can be read")
    known.closed |= dict.fromkeys(known.book.outputs, later)
    for name, output in known.book.outputs.items():
        found = known.type(f"outputs.{name}.value", known.scope())
        if found is None:
            known.closed[name] = ("有错误，暂不能读", "is faulty itself")
            continue
        known.closed.pop(name, None)
        places = _places(known, name, output, found.places, found.kind)
        known.places[name], known.ranges[name] = places, found.range
        known.names[name] = Symbol(
            name=name,
            kind=found.kind,
            origin="output",
            places=places,
            options=found.options,
            range=found.range,
        )


def _places(known: Understanding, name: str, output: Output, places: int | None, kind: str) -> int | None:
    if output.round is None:
        return places
    if kind != "number":
        known.fault(f"outputs.{name}.round", "只有数才能写 round", "only a number can be rounded", "type")
    return output.round.places


def areas(known: Understanding) -> None:
    """Type the area values; each may read those before it that have the same cohorts or none."""
    found: dict[str, Symbol] = {}
    for name, area in known.book.area.items():
        path = f"area.{name}"
        open_ = {key: symbol for key, symbol in found.items() if symbol.by in ((), area.by)}
        inner = known.scope(names={**known.names, **open_})
        known.type(f"{path}.of", known.scope(), "flag")
        other = ("按别的范围分组，这里不能读", "has other cohorts and cannot be read here")
        known.closed |= dict.fromkeys(found.keys() - open_.keys(), other)
        value = known.type(f"{path}.value", _outer(known, known.book, open_, inner), "number")
        if value is None:
            continue
        symbol = Symbol(
            name=name, kind="number", origin="area", places=value.places, range=value.range, by=area.by
        )
        found[name] = symbol
        known.places.setdefault(name, value.places)
        _aim(known, path, area, {**open_, "value": structs.replace(symbol, name="value", origin="value")})


def _outer(known: Understanding, book: Rulebook, open_: dict[str, Symbol], inner: Scope) -> Scope:
    reason = (
        "是每个对象的值，要写在 share、mean、sum、count 里",
        "is a value of each subject: use share, mean, sum or count",
    )
    closed = dict.fromkeys(known.names, reason) | known.closed
    return Scope(names=open_, where="area", grades=book.grades, inner=inner, closed=closed, score=book.score)


def _aim(known: Understanding, path: str, area: Area, names: dict[str, Symbol]) -> None:
    if area.aim is not None:
        known.type(f"{path}.aim", Scope(names=names, where="area", grades=known.book.grades), "flag")
