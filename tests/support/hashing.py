"""Passwords in tests are hashed cheaply; tests of the hashing itself take the service's own parameters."""

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher

from jiceng.accounts.signing_in import passwords

FULL = passwords._hasher
"""What the service hashes with: about 50 ms of a core for each password."""
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def _use(hasher: PasswordHasher) -> None:
    passwords._hasher = hasher
    passwords._DUMMY = hasher.hash("no account has this password")  # so an unknown login takes as long


def quick_hashing() -> None:
    """Hash with the least that argon2id allows, from now on in this process."""
    _use(_QUICK)


@contextmanager
def full_hashing() -> Iterator[None]:
    """Hash as the service does, within the block."""
    _use(FULL)
    try:
        yield
    finally:
        _use(_QUICK)
