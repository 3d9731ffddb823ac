"""Encrypted columns for plugins: texts about persons, contacts. See `jiceng.kernel.crypto.columns`."""

from jiceng.kernel.crypto.columns import Column
from jiceng.kernel.crypto.keyring import Keyring, keyring

__all__ = ["Column", "Keyring", "keyring"]
