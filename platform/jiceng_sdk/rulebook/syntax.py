"""What a TOML parser complains of, in words that help an author: line, column, usual causes."""

import re

from jiceng_sdk.faults import Fault

_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_WORDS = {
    "Invalid statement": "这一行写得不对",
    "Invalid initial character for a key part": "键写得不对",
    "Invalid value": "等号后面的值写得不对（文字要加引号）",
    "Expected '=' after a key": "键的后面要有等号",
    "Expected ']'": "方括号没有成对",
    "Unclosed array": "方括号 [ ] 没有成对",
    "Unclosed inline table": "花括号 { } 没有成对",
    "Expected newline or end of document": "一行写了两件事，请换行",
    "Unterminated string": "引号没有成对",
    "Illegal character": "有不允许的字符",
    "Cannot overwrite a value": "同一个键写了两次",
    "Duplicate inline table key": "同一个键写了两次",
    "Cannot declare": "同一个表写了两次",
    "Cannot mutate": "同一个表写了两次",
}
_WIDE = re.compile(r"[^\x00-\x7f]")
_BARE_KEY = re.compile(r"\s*(\[+\s*)?[\w.\- ]*[^\x00-\x7f\"'#][^=\"']*(=|\])")

_LOOKED_AT = 300
"""Characters of a line: a hint is found in these, or takes the square of all of them."""
_DAY = re.compile(r"=\s*\d{4}-\d{1,2}-\d{1,2}")


_AT = {
    r"[%％]": (
        '；百分数写成小数，如 0.4；在算式里要加引号，如 "40%"',
        '; a percentage is a decimal, such as 0.4, or "40%" in an expression',
    ),
    r"[/*+]\s*[\w(]": ('；算式要加引号，如 "2 / 3"', '; an expression is quoted, such as "2 / 3"'),
    r"//": ("；说明文字前面写 #", "; a remark begins with #"),
    r"[０-９－．]": ("；数字和符号请用半角", "; digits and signs are half-width"),
    r"[^\x00-\x7f\"']+\s*=": (
        '；中文的键要加引号，如 "优秀" = 20',
        '; a Chinese key is quoted, such as "优秀" = 20',
    ),
}
"""What stands at the place, and what was meant."""
_KEY = ('；中文的键要加引号，如 "优秀" = 20', '; a Chinese key is quoted, such as "优秀" = 20')
_HALF = ("；标点请用半角", "; signs are half-width")
_DATE = ("；日期写成 2026-01-01，且要真有这一天", "; a day is written 2026-01-01, and there is such a day")
_TWICE = ("；每条决定都写成 [[decide]]，两层方括号", "; every decision is [[decide]], in two brackets")
_LIST = ("；几个值要写在方括号里 [ … ]", "; several values stand in brackets [ … ]")
_COMMA = ("；两项之间要用半角逗号隔开", "; a comma stands between two of them")
_LINE = ("；花括号 { } 里的内容要写在一行", "; what stands in { } is written in one line")


def syntax_fault(message: str, text: str) -> Fault:
    """The fault behind a message of tomllib, such as `Invalid value (at line 2, column 11)`."""
    found = _WHERE.search(message)
    lines = text.splitlines() or [""]
    end = found is None or found.group(1) is None
    line, column = (len(lines), 0) if found is None or end else (int(found.group(1)), int(found.group(2)))
    plain = _WHERE.sub("", message)
    zh = next((words for start, words in _WORDS.items() if plain.startswith(start)), plain)
    hint = _hint(lines[min(line, len(lines)) - 1][:_LOOKED_AT], column, plain)
    return Fault(
        zh=f"不是合格的 TOML：{zh}{hint[0]}",
        en=f"not valid TOML: {plain}{hint[1]}",
        line=line,
        column=column,
        code="syntax",
    )


def _hint(line: str, column: int, plain: str) -> tuple[str, str]:
    """What was probably meant, in both languages; `column`: where the parser stopped, 0 = at the end."""
    rest, before = line[column - 1 :] if column else "", line[: max(column - 1, 0)].rstrip()
    unclosed = plain.startswith("Unclosed inline") and before.endswith(("'", '"', "]", "}"))
    signs = any(sign in line for sign in "＝，“”［］｛｝【】") and _WIDE.search(line)
    found = [
        *(words for pattern, words in _AT.items() if re.match(pattern, rest)),
        *([_TWICE] if plain.startswith("Cannot overwrite") and "[[decide]]" in line else []),
        *([_LIST] if rest[:1] in ("'", '"') and before.endswith(",") else []),
        *([_COMMA] if unclosed and rest.strip() else []),
        *([_LINE] if not rest.strip() and line.count("{") > line.count("}") else []),
        *([_KEY] if _BARE_KEY.match(line) else []),
        *([_HALF] if signs else []),
        *([_DATE] if _DAY.search(line) else []),
        *([("", "; words are quoted")] if plain.startswith("Invalid value") else []),
    ]
    return found[0] if found else ("", "")
