"""Which tables an SQL statement reads or writes: lets the engine refuse a tenant's table without a tenant."""

import re
from functools import lru_cache

_LITERAL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$", re.DOTALL)
_NAME = r'(?:"?public"?\s*\.\s*)?"?([a-z_][a-z0-9_]*)"?'
_AFTER_KEYWORD = re.compile(
    rf"\b(?:from|join|into|update|table|using|copy)\s+(?:only\s+|lateral\s+)?{_NAME}", re.IGNORECASE
)
_FROM_LIST = re.compile(
    r"\bfrom\s+(.*?)(?=\bwhere\b|\bgroup\b|\border\b|\blimit\b|\bon\b|\breturning\b|\)|;|$)",
    re.IGNORECASE | re.DOTALL,
)
_LISTED = re.compile(rf"(?:^|,)\s*(?:only\s+)?{_NAME}", re.IGNORECASE)


@lru_cache(maxsize=4096)
def tables_touched(sql: str) -> frozenset[str]:
    """Return the names that stand where a table stands; a few extra ones (aliases, CTEs) do no harm."""
    bare = _LITERAL.sub("''", sql)
    names = {match.group(1).lower() for match in _AFTER_KEYWORD.finditer(bare)}
    for listed in _FROM_LIST.finditer(bare):
        names.update(match.group(1).lower() for match in _LISTED.finditer(listed.group(1)))
    return frozenset(names)
