"""Typing of function calls: what exists here, its arguments, kind, decimals and bounds of the result."""

from decimal import Decimal

from msgspec import structs

from jiceng_sdk.expressions import ranges
from jiceng_sdk.expressions.comparing import as_grade, fault
from jiceng_sdk.expressions.functions import AGGREGATES, FUNCTIONS, Signature
from jiceng_sdk.expressions.guards import nonzero
from jiceng_sdk.expressions.parse import SPOKEN
from jiceng_sdk.expressions.printing import show
from jiceng_sdk.expressions.symbols import KIND_WORDS, Kind, Range, Scope, Symbol, splits
from jiceng_sdk.expressions.tree import NTH, Call, Name, Number, Text, Tree, walk
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault, nearest

MOST_SUBJECTS = Range(Decimal(0), Decimal(100_000), assumed=True)
LONGEST_TIME = Decimal(1_000_000)
_FIXED = {
    "days": Range(-LONGEST_TIME, LONGEST_TIME),
    "months": Range(-LONGEST_TIME, LONGEST_TIME),
    "workdays_in": Range(Decimal(0), LONGEST_TIME),
    "workdays_late": Range(Decimal(0), LONGEST_TIME),
    "streak": Range(Decimal(0), LONGEST_TIME),
    "times": Range(Decimal(0), LONGEST_TIME),
    "cohort_rank": Range(Decimal(1), LONGEST_TIME),
    "cohort_dense": Range(Decimal(1), LONGEST_TIME),
    "cohort_count": MOST_SUBJECTS,
    "month_of": Range(Decimal(1), Decimal(12)),
    "year_of": Range(Decimal(1), Decimal(9999)),
}
_RECORDED = ("grade", "status", "output", "previous")
_WHERE_WORDS = {
    "subject": "逐个对象",
    "cell": "按月（季）计算的项目",
    "event": "逐条事实",
    "area": "总体汇总",
}


class Calls:
    """The part of the typer that knows functions."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.faults: list[Fault] = []
        self._safe: frozenset[str] = scope.nonzero

    def visit(self, tree: Tree, wanted: Kind | None = None) -> Typed | None:
        """Filled in by the typer."""
        raise NotImplementedError

    def each(self, parts: list[tuple[Tree, Kind | None]]) -> tuple[Typed, ...] | None:
        """All parts typed, or None when one is faulty; every one is visited, so that all faults are found."""
        found = [self.visit(part, wanted) for part, wanted in parts]
        return tuple(part for part in found if part is not None) if None not in found else None

    def may_be_zero(self, divisor: Typed) -> None:
        """Warn unless the divisor cannot be 0 by its bounds or by a condition around it."""
        if not divisor.range.low <= 0 <= divisor.range.high or show(divisor.tree) in self._safe:
            return
        text = show(divisor.tree)
        self._safe |= {text}  # said once for a formula
        self.faults.append(
            structs.replace(
                fault(
                    divisor.tree.at,
                    f"“{text}”可能为 0，除以 0 没有结果，会转为待裁定；可用 if({text} > 0, …, …) 说明",
                    f"{text!r} may be 0; a division by 0 has no answer and is asked",
                    "division",
                ),
                severity="warning",
            )
        )

    def call(self, tree: Call) -> Typed | None:
        """A function call typed."""
        outermost = self.scope.where == "area"
        signature = (AGGREGATES.get(tree.function) if outermost else None) or FUNCTIONS.get(tree.function)
        if signature is None or self.scope.where not in signature.where:
            self._no_function(tree, known=signature is not None or tree.function in AGGREGATES)
            return None
        if not self._counted(tree, signature) or not self._listed(tree, signature):
            return None
        if outermost and tree.function in AGGREGATES:
            return self._aggregate(tree, signature)
        if tree.function in ("if", NTH):
            return self._if(tree) if tree.function == "if" else self._nth(tree, signature)
        args, over = self._args(tree, signature), self._over(tree.over or ())
        if args is None or over is None or not self._remembered(tree, args):
            return None
        if tree.function == "units":
            self.may_be_zero(args[1])
        return structs.replace(_result(tree, signature, args), over=over)

    def _listed(self, tree: Call, signature: Signature) -> bool:
        if tree.over is not None and not signature.over:
            zh = f"{tree.function} 后面不能写方括号：只有 cohort_ 开头的函数可以说明在哪个范围内比较"
            en = f"{tree.function} takes no list: only cohort_… functions say among whom they compare"
            self.faults.append(fault(tree.at, zh, en))
            return False
        return True

    def _nth(self, tree: Call, signature: Signature) -> Typed | None:
        """`nth(x)` counts where `nth` does: it reads it, so that rows are brought in order."""
        counted, args = self.visit(Name(at=tree.at, name=NTH)), self._args(tree, signature)
        if counted is None or counted.symbol is None or args is None:
            return None
        return Typed(
            tree=tree, kind="number", places=0, range=counted.range, args=args, over=(counted.symbol,)
        )

    def _over(self, words: tuple[Text, ...]) -> tuple[Symbol, ...] | None:
        """What splits the cohorts of a call; None when a part of it cannot."""
        found: list[Symbol] = []
        for word in words:
            symbol = self.scope.names.get(word.value)
            if symbol is not None and splits(symbol) and symbol not in found:
                found.append(symbol)
                continue
            known = [name for name, one in self.scope.names.items() if splits(one)]
            near = nearest(word.value, known) if symbol not in found else ""
            self.faults.append(
                fault(
                    word.at,
                    f"不能按“{word.value}”分范围：每个名称写一次，要是每个对象一个值的选项、是否或类别",
                    f"{word.value!r} cannot split subjects: name a choice, a flag or a class, each once",
                    "reference",
                    near,
                )
            )
        return tuple(found) if len(found) == len(words) else None

    def _no_function(self, tree: Call, *, known: bool) -> None:
        place = _WHERE_WORDS[self.scope.where]
        if known:
            zh = f"函数 {tree.function} 不能用在{place}的算式里"
            en = f"the function {tree.function} is not available in this place ({self.scope.where})"
            if tree.function == "sum":
                zh, en = f"{zh}；几个数相加写 a + b", f"{en}; add numbers with +"
            self.faults.append(fault(tree.at, zh, en, "scope"))
            return
        here = [name for name, one in FUNCTIONS.items() if self.scope.where in one.where]
        there = here + (list(AGGREGATES) if self.scope.where == "area" else [])
        near = SPOKEN.get(tree.function) or nearest(tree.function.lower(), there)
        zh, en = f"没有函数 {tree.function}", f"there is no function {tree.function!r}"
        self.faults.append(fault(tree.at, zh, en, "reference", near))

    def _counted(self, tree: Call, signature: Signature) -> bool:
        count, most = len(tree.args), len(signature.args)
        if count >= signature.least and (signature.more or count <= most):
            return True
        wanted = f"至少 {signature.least}" if signature.more else str(most)
        zh = f"{tree.function} 要 {wanted} 个值，给了 {count} 个"
        wanted_en = f"at least {signature.least}" if signature.more else str(most)
        self.faults.append(fault(tree.at, zh, f"{tree.function} takes {wanted_en} values, {count} given"))
        return False

    def _args(self, tree: Call, signature: Signature) -> tuple[Typed, ...] | None:
        kinds = [signature.args[min(n, len(signature.args) - 1)] for n in range(len(tree.args))]
        found = [
            self._literal(part, signature.largest)
            if kind == "literal"
            else self.visit(part, None if kind == "any" else kind)
            for part, kind in zip(tree.args, kinds, strict=True)
        ]
        return tuple(part for part in found if part is not None) if None not in found else None

    def _literal(self, part: Tree, largest: int) -> Typed | None:
        if isinstance(part, Number) and part.value == int(part.value) and 0 <= part.value <= largest:
            return self.visit(part, "number")
        zh = f"这里要写 0 到 {largest} 的整数"
        en = f"a whole number from 0 to {largest} must be written here"
        self.faults.append(fault(part.at, zh, en))
        return None

    def _remembered(self, tree: Call, args: tuple[Typed, ...]) -> bool:
        if self.scope.where != "subject" or tree.function not in ("streak", "times"):
            return True
        lost = [
            s for s in args[0].symbols().values() if s.origin not in _RECORDED and s.name != self.scope.score
        ]
        for symbol in lost:
            zh = f"往期没有记录“{symbol.name}”，只记录得分、等次、状态和产出"
            en = f"{symbol.name!r} is not recorded for earlier periods, only score, grade, status and outputs"
            self.faults.append(fault(tree.at, zh, en, "scope"))
        among = [
            part for part in walk(tree) if isinstance(part, Call) and part.function.startswith("cohort_")
        ]
        for call in among:
            zh = f"往期没有记录 {call.function}：把它写成一个产出，再读 previous.产出名"
            en = f"{call.function} is not recorded for earlier periods: make it an output, read previous.…"
            self.faults.append(fault(call.at, zh, en, "scope"))
        return not lost and not among

    def _aggregate(self, tree: Call, signature: Signature) -> Typed | None:
        outer = self.scope
        if outer.inner is None:
            return None
        self.scope = outer.inner
        args = self._args(tree, signature)
        self.scope = outer
        return None if args is None else _result(tree, signature, args, many=True)

    def _if(self, tree: Call) -> Typed | None:
        condition, safe = self.visit(tree.args[0], "flag"), self._safe
        self._safe = safe | nonzero(tree.args[0], holds=True)
        yes = self.visit(tree.args[1])
        self._safe = safe | nonzero(tree.args[0], holds=False)
        no = self.visit(tree.args[2])
        self._safe = safe
        if condition is None or yes is None or no is None:
            return None
        branches = self._alike(tree, yes, no)
        if branches is None:
            return None
        yes, no = branches
        return Typed(
            tree=tree,
            kind=yes.kind,
            places=None if yes.places is None or no.places is None else max(yes.places, no.places),
            options=tuple(dict.fromkeys(yes.options + no.options)) if yes.options and no.options else (),
            range=ranges.either([yes.range, no.range]),
            args=(condition, yes, no),
        )

    def _alike(self, tree: Call, yes: Typed, no: Typed) -> tuple[Typed, Typed] | None:
        if {yes.kind, no.kind} == {"grade", "text"}:
            made = [
                as_grade(part, self.scope.grades) if isinstance(part.tree, Text) else part
                for part in (yes, no)
            ]
            self.faults += [part for part in made if isinstance(part, Fault)]
            kept = [part for part in made if isinstance(part, Typed)]
            if len(kept) < len(made):
                return None
            yes, no = kept
        if yes.kind == no.kind:
            return yes, no
        zh = f"if 的两个结果要同类，却是{KIND_WORDS[yes.kind]}和{KIND_WORDS[no.kind]}"
        self.faults.append(fault(tree.at, zh, f"the two results of if differ: {yes.kind} and {no.kind}"))
        return None


def _result(tree: Call, signature: Signature, args: tuple[Typed, ...], *, many: bool = False) -> Typed:
    kind: Kind = args[0].kind if signature.result in ("first", "branch") else signature.result  # type: ignore[assignment]  # the two words are handled here
    return Typed(
        tree=tree,
        kind=kind,
        places=_places(signature, args),
        options=args[0].options if signature.result == "first" else (),
        range=_range(tree.function, args, many=many),
        args=args,
    )


def _places(signature: Signature, args: tuple[Typed, ...]) -> int | None:
    match signature.places:
        case "first":
            return args[0].places
        case "widest":
            places = [arg.places for arg in args]
            return None if None in places else max(p for p in places if p is not None)
        case "second":
            return int(args[1].range.low)
        case "quotient":
            return None
        case "whole":
            return 0


def _range(function: str, args: tuple[Typed, ...], *, many: bool) -> Range:  # noqa: PLR0911 - one line per function
    if many:
        return _aggregated(function, args)
    bounds = [arg.range for arg in args]
    match function:
        case "min":
            return ranges.smallest(bounds)
        case "max":
            return ranges.largest(bounds)
        case "abs":
            return ranges.magnitude(bounds[0])
        case "floor" | "round":
            return ranges.rounded(bounds[0])
        case "units":
            return ranges.rounded(ranges.over(bounds[0], bounds[1], args[1].places))
        case "count":
            return Range(Decimal(0), Decimal(len(args)))
        case "cohort_sum":
            return ranges.times(bounds[0], MOST_SUBJECTS)
        case "cohort_deviation":
            return ranges.deviation(bounds[0])
        case _:
            return _FIXED.get(function, bounds[0])


def _aggregated(function: str, args: tuple[Typed, ...]) -> Range:
    match function:
        case "share":
            return Range(Decimal(0), Decimal(1))
        case "mean":
            return args[0].range
        case "sum":
            return ranges.times(args[0].range, MOST_SUBJECTS)
        case _:
            return MOST_SUBJECTS
