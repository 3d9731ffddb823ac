"""Encrypted columns for plugins: texts about persons, contacts. See `jiceng.kernel.ciphers.columns`."""

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.crypto.keyring import Keyring, keyring

__all__ = ["Column", "Keyring", "keyring"]
