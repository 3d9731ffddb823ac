"""A small clean rulebook as text, to which a test adds one thing."""

from jiceng_sdk.rulebook import examine

FACTS = """
mark = { kind = "number", min = 0, max = 100 }
target = { kind = "number", min = 0, max = 100 }
late = { kind = "flag" }
town = { kind = "choice", options = ["东镇", "西镇"], source = "roster" }
meeting.kind = "event"
meeting.fields = { form = ["党课", "大会"], hours = { kind = "number", min = 0, max = 24 } }
monthly = { kind = "number", each = "month", default = 0, min = 0, max = 10 }
"""
BANDS = """
[[decide]]
do = "bands"
rows = [{ when = "score >= 60", grade = "优秀" }, { when = "score < 60", grade = "合格" }]
"""


def book(
    *,
    head: str = "",
    classes: str = "",
    facts: str = "",
    items: str = "",
    of: str = "",
    group: str = "",
    groups: str = "",
    decide: str = BANDS,
    rest: str = "",
) -> str:
    """The text; each argument is added to its section, `decide` replaces the bands."""
    top = head if "grades" in head else GRADES + head
    return (
        f'title = "示例"\nsubject = "member"\n{top}\n[classes]\n{classes}\n'
        f'[facts]{FACTS}{facts}\n[items]\nbase = {{ points = "mark" }}\n{items}\n'
        f'[groups]\nscore = {{ of = ["base"{of}]{group} }}\n{groups}\n{decide}\n{rest}\n'
    )


GRADES = 'grades = ["优秀", "合格"]\n'


def bands(*rows: tuple[str, str], more: str = "") -> str:
    """Bands of (condition, grade); `more`: further keys."""
    lines = ", ".join(f'{{ when = "{when}", grade = "{grade}" }}' for when, grade in rows)
    return f'[[decide]]\ndo = "bands"\n{more}\nrows = [{lines}]\n'


def found(text: str) -> list[tuple[str, str, str]]:
    """What reading the text finds: severity with line and path (and column), Chinese, English."""
    return [
        (
            f"{one.severity} {one.line} {one.path}" + (f" 第 {one.column} 字" if one.column else ""),
            one.zh,
            one.en,
        )
        for one in examine(text, "f.toml").faults
    ]
