"""Random expressions: well typed ones of a wanted kind, and any words of the language in any order."""

from tests.support.random_items import Draw

NUMBERS = ["a", "b", "20%", "0.5", "3", "7", "0", "12.25", "previous.score"]
FLAGS = ["f", "big", "true", "false"]
TEXTS = ["pick", "cls", "'甲'", "'丙'"]
OVER = ["[]", "['cls']", "['town']", "['cls', 'f']", "['big']", "['f', 'town']"]
DATES = ["period.start", "period.end"]
WORDS = [
    *NUMBERS, *FLAGS, *TEXTS, *DATES, "+", "-", "*", "/", "(", ")", ",", "<", "<=", "==", "!=", "≥", "and",
    "or", "not", "in", "[", "]", "if(", "min(", "max(", "round(", "units(", "days(", "streak(", "count(",
    "missing(", "nobody", "'", "1e400", "99999999999999999", "。", "previous.grade", "'优'",
]  # fmt: skip


def a_number(draw: Draw, depth: int) -> str:
    """An expression that is a number."""
    if depth == 0:
        return draw.pick(NUMBERS)
    a, b, c = a_number(draw, depth - 1), a_number(draw, depth - 1), a_flag(draw, depth - 1)
    over = draw.pick(OVER)
    return draw.pick([
        f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"{a} / ({b})", f"-({a})", f"min({a}, {b})",
        f"max({a}, {b}, 1)", f"abs({a})", f"floor({a})", f"round({a}, {draw.whole(0, 3)})",
        f"units({a}, {b})", f"month_of({draw.pick(DATES)})", f"if({c}, {a}, {b})",
        f"count({c}, {a_flag(draw, depth - 1)})",
        f"days({draw.pick(DATES)}, months_before(period.end, {draw.whole(0, 9)}))",
        f"cohort_max({a})", f"cohort_rank({a})", f"cohort_mean({a})",
        f"cohort_min({a})", f"cohort_median({a})", f"cohort_sum({a})", f"cohort_count({a} > {b})",
        f"cohort_deviation({a}, {draw.whole(0, 4)})", f"cohort_rank({a}, {over})",
        f"cohort_mean({a}, {over})", f"cohort_min({a}, {over})",
        f"cohort_max({a}, {over})", f"cohort_sum({a}, {over})", f"cohort_median({a}, {over})",
        f"cohort_deviation({a}, {draw.whole(0, 12)}, {over})", f"cohort_count({c}, {over})",
    ])  # fmt: skip


def a_flag(draw: Draw, depth: int) -> str:
    """An expression that is yes or no."""
    if depth == 0:
        return draw.pick(FLAGS)
    a, b, c = (a_number(draw, depth - 1) for _ in range(3))
    one, two = a_flag(draw, depth - 1), a_flag(draw, depth - 1)
    op = draw.pick(["<", "<=", ">", ">=", "==", "!="])
    return draw.pick([
        f"({a} {op} {b})", f"({a} <= {b} < {c})", f"({one} and {two})", f"({one} or {two})", f"not ({one})",
        f"missing({a})", f"pick {draw.pick(['==', '!='])} '{draw.pick('甲乙丙')}'", "pick in ['甲', '丙']",
        f"previous.grade {op} '良'", f"{draw.pick(DATES)} {op} years_before(period.end, {draw.whole(0, 2)})",
    ])  # fmt: skip


def any_words(draw: Draw) -> str:
    """Words of the language, mostly not an expression."""
    return " ".join(draw.pick(WORDS) for _ in range(draw.whole(1, 12)))
