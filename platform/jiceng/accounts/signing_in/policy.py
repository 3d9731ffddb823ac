"""Which passwords are accepted: policy `asvs` (long, any composition) or `mlps3` (等保三级: classes).

Sources: OWASP ASVS 5.0 V6.2.1-6.2.12; GB/T 22239-2019 8.1.4.1 a). Pure: no clock, no database.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from jiceng.kernel.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

PolicyName = Literal["asvs", "mlps3"]

ASVS_LENGTH = 12
MLPS3_LENGTH = 8
MLPS3_CLASSES = 3
LONGEST = 256
CONTEXT_LENGTH = 4

_COMMON = frozenset(
    """
    password passw0rd pass qwerty qwertyuiop asdfghjkl zxcvbnm abc abcd abcdef abcdefgh admin administrator
    root welcome letmein iloveyou woaini woaiwojia mima monkey dragon master login user test guest default
    changeme secret sunshine princess football baseball superman trustno zaq qaz qazwsx wsx edc qwe asd zxc
    aini nihao hello china zhongguo beijing dangyuan dangjian zhibu jiceng dangwei zuzhibu wodemima
    """.split()  # noqa: SIM905 - words are easier to read and to add to than sixty quoted strings
)
_RUNS = (
    "01234567890",
    "9876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)
_SHORTEST_UNIT = 4
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


def faults_of(
    password: str, policy: PolicyName, context: Iterable[str] = (), breached: Container[str] = ()
) -> tuple[str, ...]:
    """Everything wrong with the password, in plain Chinese; empty when it is accepted.

    `context` holds words an attacker would try first (login, name, tenant): none may be in the password.
    `breached` are passwords known from breaches (V6.2.12), refused under both policies.
    """
    shortest = ASVS_LENGTH if policy == "asvs" else MLPS3_LENGTH
    faults = []
    if len(password) < shortest:
        faults.append(f"密码至少 {shortest} 位，现在是 {len(password)} 位")
    if len(password) > LONGEST:
        faults.append(f"密码最多 {LONGEST} 位")
    if policy == "mlps3" and sum(bool(re.search(kind, password)) for kind in _CLASSES) < MLPS3_CLASSES:
        faults.append("大写字母、小写字母、数字、符号中至少要有三种")
    if password in breached:
        faults.append("这个密码在已经泄露的密码名单里")
    if is_common(password):
        faults.append("这个密码太常见，容易被猜到")
    used = [word for word in context if is_built_on(password, word)]
    if used:
        faults.append(f"密码里不要用账号、姓名或单位（{'、'.join(dict.fromkeys(used))}）")
    return tuple(faults)


def check_password(
    password: str, policy: PolicyName, context: Iterable[str] = (), breached: Container[str] = ()
) -> None:
    """Refuse a password with everything wrong about it (`Invalid`)."""
    faults = faults_of(password, policy, context, breached)
    if faults:
        raise Invalid(faults, "这个密码不能用", "密码")


def is_common(password: str) -> bool:
    """Whether it is a listed word with digits around it, one unit repeated, or a run on the keyboard."""
    plain = _plain(password)
    if not plain:
        return True
    letters = re.sub(r"[^a-z]", "", plain)
    return letters in _COMMON or _is_repeated(plain) or any(plain in run + run for run in _RUNS)


def is_built_on(password: str, word: str) -> bool:
    """Whether `word` (four letters or more, or two Chinese characters) is contained in the password."""
    plain, part = _plain(password), _plain(word)
    shortest = CONTEXT_LENGTH if part.isascii() else 2
    return len(part) >= shortest and part in plain


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _is_repeated(text: str) -> bool:
    """Whether the text is one short unit over and over: 'aaaaaaaaaaaa', '123412341234'."""
    return any(
        text == text[:size] * (len(text) // size)
        for size in range(1, min(_SHORTEST_UNIT, len(text) // 2) + 1)
        if len(text) % size == 0
    )
