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


def syntax_fault(message: str, text: str) -> Fault:
    """The fault behind a message of tomllib, such as `Invalid value (at line 2, column 11)`."""
    found = _WHERE.search(message)
    lines = text.splitlines() or [""]
    end = found is None or found.group(1) is None
    line, column = (len(lines), 0) if found is None or end else (int(found.group(1)), int(found.group(2)))
    plain = _WHERE.sub("", message)
    zh = next((words for start, words in _WORDS.items() if plain.startswith(start)), plain)
    zh += _hint(lines[min(line, len(lines)) - 1][:_LOOKED_AT])
    return Fault(
        zh=f"不是合格的 TOML：{zh}",
        en=f"not valid TOML: {plain}",
        line=line,
        column=column,
        code="syntax",
    )


def _hint(line: str) -> str:
    if _BARE_KEY.match(line):
        return '；中文的键要加引号，如 "优秀" = 20'
    if any(sign in line for sign in "＝，“”［］｛｝【】") and _WIDE.search(line):
        return "；标点请用半角"
    if _DAY.search(line):
        return "；日期写成 2026-01-01，且要真有这一天"
    return ""
