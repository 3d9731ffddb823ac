"""What is wrong with a value, in English: the sentences of `rows.checking`, by their patterns."""

import re

_SENTENCES = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (r"名册中没有这个编号", "the roster does not know this subject"),
        (r"没有日期", "there is no date"),
        (r"这一天的规则没有这种事实", "the rules of that day have no such facts"),
        (r"日期晚于今天（(.+)）", r"the date is later than today (\1)"),
        (r"缺少「(.+)」", r"the field is missing (\1)"),
        (r"超过 (\d+) 字", r"longer than \1 characters"),
        (r"录入人和核验人是同一人", "entered and accepted by the same person"),
        (r"同一对象填了两次", "given twice for the same subject"),
        (r"「(.+)」没有填", r"the field is empty (\1)"),
        (r"「(.+)」不在选项内", r"not one of the options (\1)"),
        (r"「(.+)」应在 (.+) 到 (.+) 之间", r"must be between \2 and \3 (\1)"),
        (r"「(.+)」最多 (\d+) 位小数", r"at most \2 decimals (\1)"),
        (r"这个期间已经有值", "the period has a value already; correct it instead"),
    )
)


def in_english(what: str) -> str:
    """The sentence in English; unknown ones stay as they are, which a test refuses."""
    for pattern, english in _SENTENCES:
        found = pattern.fullmatch(what)
        if found:
            return found.expand(english)
    return what
