"""Secrets given out once and kept only as digests: session tokens, invitation links, CSRF tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits in URL-safe letters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is stored of a token: its SHA-256 (the token has full entropy, so no salt is needed)."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token(cookie: str, session: str) -> str:
    """What a form must carry, bound to the browser's CSRF cookie and its session (empty before sign-in)."""
    return hmac.new(cookie.encode(), b"csrf:" + session.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two tokens in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
