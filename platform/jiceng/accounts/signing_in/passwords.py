"""Hashing passwords with argon2id in threads, a bounded number at once (security control 43, threat T35)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from jiceng.kernel.errors import Refusal

AT_ONCE = 2
WAITING = 16

# RFC 9106's second choice in memory, one lane: about 50 ms of one core.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="password")
_DUMMY = _hasher.hash("no account has this password")


class TooManySignIns(Refusal):
    """More sign-ins wait for a hash than the process serves; nobody's session or answer is affected."""

    status = 429

    def __init__(self) -> None:
        super().__init__("现在登录的人太多", "", "请等几秒再试", what_en="too many sign-ins at once")


class _Queue:
    """How many hashes wait or run in this process; touched by the event loop only."""

    def __init__(self) -> None:
        self.length = 0


_queue = _Queue()


def refuse_when_full() -> None:
    """Refuse at once (429) while too many hashes wait, before anything is counted or read."""
    if _queue.length >= AT_ONCE + WAITING:
        raise TooManySignIns


async def hash_password(password: str) -> str:
    """The argon2id hash of a password, computed in a thread. 429 when too many wait."""
    async with _Turn():
        return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify_password(password: str, hashed: str | None) -> bool:
    """Whether the password fits; without a hash a dummy is verified, so an unknown login takes as long."""
    async with _Turn():
        fits = await asyncio.get_running_loop().run_in_executor(_threads, _fits, hashed or _DUMMY, password)
    return fits and bool(hashed)


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


class _Turn:
    """A place in the queue of hashes."""

    async def __aenter__(self) -> None:
        refuse_when_full()
        _queue.length += 1

    async def __aexit__(self, *_: object) -> None:
        _queue.length -= 1
