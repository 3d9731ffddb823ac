"""Worked cases: a rulebook's examples as data a reader of the regulation can check, and their runner.

Beside `11-wuxing-110.toml` lies `11-wuxing-110.cases.toml` (or a workbook, see `workbook`):

    period = "2024"                          # or "2024-H1", "2024-Q3", "2024-05", { start = …, end = … }

    [[cases]]
    name     = "缺席两次仍封顶"                             # a sentence
    example  = "S1"                                         # number of a published example
    preset   = "three_required"                             # a variant of the scheme
    subject  = { category = "在职", deducted = 75 }         # attributes and single facts
    facts    = { meeting = [{ date = 2024-03-01, form = "党课" }], monthly = { 1 = 10, 3 = 20 } }
    previous = { grade = "三星", score = 82 }               # or a list, newest first
    rulings  = [{ where = "按比例定星", grade = "五星" }]   # or points = 5, or order = 1
    others   = 9                                            # so many more like the subject, or
                                            # [{ count = 3, score = 50 }, { score = [95, 90, 80] }]
    expect   = { status = "rated", score = "634/7", grade = "优秀", reason = "gap",
                 outputs = { pay = 12000 }, nodes = { lead = 5 }, over = ["五星"] }

`facts.meeting = 20` are 20 rows on the first day; in a row `times = 3` repeats it, `until = 2024-01-20`
repeats it every day; `facts.vote = { "优秀" = 10 }` are tallies. "none" expects no value; a fraction is
compared after the 12 places results are kept to, or after the rounding the rulebook declares.

A group ranked together: `subjects = { V1 = { year_end = 95 }, V2 = { … } }`, `same = { town = "甲乡" }` for
what all have, and `expect = { subjects = { V1 = { grade = "一类" } }, grades = { "一类" = ["V1"] },
asked = ["V2"], places = { "五星" = 2 }, area = { share = { value = 0.65, met = true } } }`.

Values that must be refused at the door, one check each:

    [[refused]]
    name          = "学习班为 1–366 整天"
    "course.days" = [0, 367, 1.5]

and values that must be taken in, written alike under `[[accepted]]`.
"""

from jiceng_sdk.cases.command import main
from jiceng_sdk.cases.reporting import report_lines
from jiceng_sdk.cases.running import Report, run_cases
from jiceng_sdk.cases.shape import Case, CaseFile, Failure, Person, Wanted

__all__ = ["Case", "CaseFile", "Failure", "Person", "Report", "Wanted", "main", "report_lines", "run_cases"]
