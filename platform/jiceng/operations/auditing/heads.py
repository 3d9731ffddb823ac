"""Heads of audit chains as lines of text, to be printed, mailed or kept elsewhere, and read back."""

from pathlib import Path

import msgspec

from jiceng.kernel.audit import Head
from jiceng.kernel.audit.signing import PublicKey, heads_in, holds, keys_in
from jiceng.kernel.errors import Refusal


class _First(msgspec.Struct):
    head: Head


def read_keys(file: Path) -> dict[str, PublicKey]:
    """The public keys in a file of lines printed by `jiceng audit key`.

    Raises:
        Refusal: the file cannot be read or holds none.
    """
    try:
        found = keys_in(file.read_text("utf-8", errors="replace"))
    except OSError as error:
        raise Refusal("读不出公钥", str(file), "请给出 jiceng audit key 打印的公钥") from error
    if not found:
        raise Refusal("文件里没有公钥", str(file), "请给出 jiceng audit key 打印的公钥")
    return found


def read_heads(file: Path, keys: dict[str, PublicKey] | None = None) -> dict[int, list[Head]]:
    """Every head in a file of such lines, or the one of an export, by tenant.

    With `keys` every line must be signed by one of them; the head inside an export is not.

    Raises:
        Refusal: the file cannot be read or holds none, or a signature does not hold.
    """
    try:
        with file.open("rb") as opened:
            start = opened.readline()
            if start.startswith(b"{"):
                head = msgspec.json.decode(start, type=_First).head
                if keys is not None:
                    raise Refusal("导出文件里的链头没有签名", str(file), "请给出校验时打印的、带签名的链头")
                return {head.tenant: [head]}
            text = (start + opened.read()).decode(errors="replace")
    except (OSError, ValueError) as error:
        raise Refusal("读不出链头", str(file), "请给出校验时打印的链头，或导出的日志文件") from error
    found: dict[int, list[Head]] = {}
    for each in heads_in(text):
        if keys is not None and not holds(each, keys):
            raise Refusal(
                f"第 {each.head.seq} 条处的链头没有有效的签名",
                str(file),
                "链头或公钥被换过，请从另一处保存的副本核对",
                what_en=f"the head at entry {each.head.seq} is not signed by a known key",
            )
        found.setdefault(each.head.tenant, []).append(each.head)
    if not found:
        raise Refusal("文件里没有链头", str(file), "请给出校验时打印的链头，或导出的日志文件")
    return found
