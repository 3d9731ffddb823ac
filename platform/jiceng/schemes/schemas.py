"""What other slices and pages see of schemes: a scheme, a version, a rulebook with its version, a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from jiceng_sdk.rulebook import Rulebook


class SchemeInfo(msgspec.Struct, frozen=True):
    """A scheme of the tenant; `available` is False while its plugin is switched off or missing."""

    id: UUID
    key: str
    plugin: str
    preset: str
    title: str
    subject: str
    available: bool


class Version(msgspec.Struct, frozen=True):
    """One version of a rulebook, without its content; `digest` is the sha256 of the content in hex."""

    id: UUID
    scheme: str
    number: int
    digest: str
    state: str
    in_force_from: date
    reason: str
    created_at: datetime


class InForce(msgspec.Struct, frozen=True):
    """The rulebook that is in force, with its version."""

    version: Version
    book: Rulebook


class PeriodInfo(msgspec.Struct, frozen=True):
    """A period of appraisal: its kind (month, quarter, half, year), first and last day, name on screens."""

    id: UUID
    kind: str
    first_day: date
    last_day: date
    title: str
    state: str
