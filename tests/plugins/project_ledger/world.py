"""What the tests of every route send to the pages of the project ledger; costs and follow-up beside it."""

from __future__ import annotations

FORMS: dict[str, dict[str, str]] = {}
