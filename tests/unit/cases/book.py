"""A small rulebook for trying the case runner on."""

from pathlib import Path

BOOK = """title = "小办法"
subject = "member"
grades = ["好", "差"]

[facts]
mark = { kind = "number", title = "得分", min = 0, max = 100, places = 0 }
meeting = { kind = "event", title = "会议", fields = { form = ["党课", "大会"] } }
monthly = { kind = "number", title = "月报", each = "month", min = 0, max = 9, default = 0 }

[items.marks]
title = "成绩"
points = "mark / 7"

[items.meetings]
title = "参会"
from = "meeting"
points = 1

[items.reports]
title = "月报分"
each = "month"
points = "monthly"
across = "sum"

[groups.score]
of = ["marks", "meetings", "reports"]

[[decide]]
do = "bands"
title = "等次"
rows = [
  { when = "score >= 10", grade = "好" },
  { when = "score < 10", grade = "差" },
]

[outputs]
pay = { title = "绩效", value = "if(grade == '好', 100, 0)" }
"""

RANKED = """title = "排名"
subject = "organization"
grades = ["一", "二"]

[facts]
mark = { kind = "number", min = 0, max = 100, places = 0 }

[items.marks]
points = "mark"

[groups.score]
of = ["marks"]

[[decide]]
do = "quota"
title = "前一半"
ratio = { "一" = 1, "二" = 1 }

[area]
best = { value = "share(grade == '一')", aim = "value >= 50%" }
"""


def written(folder: Path, cases: str, book: str = BOOK) -> Path:
    """A rulebook and its cases in a folder; the path of the case file."""
    (folder / "small.toml").write_text(book, encoding="utf-8")
    path = folder / "small.cases.toml"
    path.write_text(f'period = "2024"\n{cases}', encoding="utf-8")
    return path
