"""Which values may be compared with which, and a quoted grade taken as a grade."""

from datetime import date

from msgspec import structs

from jiceng_sdk.expressions.symbols import KIND_WORDS
from jiceng_sdk.expressions.tree import Text
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault, meant, nearest

_UNORDERED = ("flag", "text")


def fault(at: int, zh: str, en: str, code: str = "type", near: str = "") -> Fault:
    """A fault at a character (from 0) of an expression, with its «did you mean»."""
    also_zh, also_en = meant(near)
    return Fault(zh=zh + also_zh, en=en + also_en, column=at + 1, code=code, nearest=near)


def as_grade(part: Typed, grades: tuple[str, ...]) -> Typed | Fault:
    """A quoted word as a grade, or the fault that there is no such grade."""
    if not isinstance(part.tree, Text):
        return fault(
            part.tree.at,
            f"等次不能与{KIND_WORDS[part.kind]}相比",
            f"a grade cannot be compared with a {part.kind}",
        )
    word = part.tree.value
    if word not in grades:
        near = nearest(word, grades)
        return fault(part.tree.at, f"没有等次“{word}”", f"there is no grade {word!r}", "reference", near)
    return structs.replace(part, kind="grade", options=(word,))


def as_day(part: Typed) -> Typed | Fault:
    """A quoted day such as '2024-07-01', or the fault that it is none."""
    if not isinstance(part.tree, Text):
        return fault(part.tree.at, "日期不能与文字相比", "a date cannot be compared with a text")
    try:
        day = date.fromisoformat(part.tree.value)
    except ValueError:
        zh = f"“{part.tree.value}”不是日期，请写成 '2024-07-01' 这样"
        return fault(part.tree.at, zh, f"{part.tree.value!r} is no date: write it like '2024-07-01'")
    if day.isoformat() != part.tree.value:
        zh = f"请写成 '{day.isoformat()}'"
        return fault(part.tree.at, zh, f"write it as '{day.isoformat()}'", near=day.isoformat())
    return structs.replace(part, kind="date", options=())


def paired(left: Typed, op: str, right: Typed, grades: tuple[str, ...]) -> tuple[Typed, Typed] | Fault:
    """Both sides made comparable, or why they are not. `op` is a comparison sign."""
    if left.kind == "grade" and right.kind == "text":
        made = as_grade(right, grades)
        return made if isinstance(made, Fault) else (left, made)
    if right.kind == "grade" and left.kind == "text":
        made = as_grade(left, grades)
        return made if isinstance(made, Fault) else (made, right)
    if {left.kind, right.kind} == {"date", "text"}:
        made = as_day(right if right.kind == "text" else left)
        return made if isinstance(made, Fault) else (left, made) if right.kind == "text" else (made, right)
    if left.kind != right.kind:
        zh = f"{KIND_WORDS[left.kind]}不能与{KIND_WORDS[right.kind]}相比"
        en = f"cannot compare a {left.kind} with a {right.kind}"
        if {left.kind, right.kind} == {"date", "number"}:
            zh, en = f"{zh}；写死的日期要加引号，如 '2024-07-01'", f"{en}; a day is quoted: '2024-07-01'"
        return fault(right.tree.at, zh, en)
    if left.kind in _UNORDERED and op not in ("==", "!="):
        zh = f"{KIND_WORDS[left.kind]}没有大小，只能用 == 或 !="
        return fault(right.tree.at, zh, f"a {left.kind} has no order, use == or !=")
    return _option(left, right) or _option(right, left) or (left, right)


def _option(word: Typed, other: Typed) -> Fault | None:
    if not isinstance(word.tree, Text) or not other.options or isinstance(other.tree, Text):
        return None
    if word.kind != "text" or word.tree.value in other.options:
        return None
    near = nearest(word.tree.value, other.options)
    choices = "、".join(other.options)
    zh = f"“{word.tree.value}”不是选项（{choices}）"
    return fault(word.tree.at, zh, f"{word.tree.value!r} is not an option", "option", near)
