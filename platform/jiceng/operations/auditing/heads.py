"""Heads of audit chains as lines of text, to be printed, mailed or kept elsewhere, and read back."""

import re
from pathlib import Path

import msgspec

from jiceng.kernel.audit import Head
from jiceng.kernel.errors import Refusal

_LINE = re.compile(r"^\S+ tenant=(\d+) seq=(\d+) hash=([0-9a-f]{64}|-)$", re.MULTILINE)


class _First(msgspec.Struct):
    head: Head


def as_line(name: str, head: Head) -> str:
    """One line that says where a chain ended: `linjiang tenant=3 seq=120 hash=…`."""
    return f"{name} tenant={head.tenant} seq={head.seq} hash={head.hash or '-'}"


def read_heads(file: Path) -> dict[int, list[Head]]:
    """Every head in a file of such lines, or the one of an export, by tenant.

    Raises:
        Refusal: the file cannot be read or holds none.
    """
    try:
        with file.open("rb") as opened:
            start = opened.readline()
            if start.startswith(b"{"):
                head = msgspec.json.decode(start, type=_First).head
                return {head.tenant: [head]}
            text = (start + opened.read()).decode(errors="replace")
    except (OSError, ValueError) as error:
        raise Refusal("读不出链头", str(file), "请给出校验时打印的链头，或导出的日志文件") from error
    found: dict[int, list[Head]] = {}
    for tenant, seq, digest in _LINE.findall(text):
        held = Head(tenant=int(tenant), seq=int(seq), hash="" if digest == "-" else digest)
        found.setdefault(held.tenant, []).append(held)
    if not found:
        raise Refusal("文件里没有链头", str(file), "请给出校验时打印的链头，或导出的日志文件")
    return found
