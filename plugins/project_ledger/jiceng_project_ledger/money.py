"""Money: whole fen 分 in tables and structs, yuan 元 on screens; never a float."""

from __future__ import annotations

import re
from decimal import Decimal

FEN_IN_YUAN = 100
LARGEST = 100_000_000_000_00
"""A hundred thousand million yuan, in fen: beyond it a figure is a slip of the keyboard."""
_YUAN = re.compile(r"\d{1,14}(\.\d{1,2})?")


def yuan(fen: int) -> Decimal:
    """An amount in fen as yuan with two places, for `figure(2)`."""
    return Decimal(fen).scaleb(-2)


def read_yuan(text: str, title: str, faults: list[str]) -> int:
    """An amount in yuan as typed, in fen; an empty field is 0. What cannot be read is added to `faults`."""
    typed = text.strip().replace(",", "").replace("，", "")
    if not typed:
        return 0
    if typed.startswith(("-", "−", "－")):
        faults.append(f"{title}不能是负数")
        return 0
    if not _YUAN.fullmatch(typed) or (fen := int(Decimal(typed).scaleb(2))) > LARGEST:
        faults.append(f"{title}“{typed[:20]}”不是金额（元，最多两位小数）")
        return 0
    return fen
