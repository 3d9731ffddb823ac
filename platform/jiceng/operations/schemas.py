"""What an onboarding folder says, what would be done about it, and what was done."""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

TenantKind = Literal["province", "city", "district", "town", "enterprise"]
KIND_WORDS: dict[TenantKind, str] = {
    "province": "省",
    "city": "市",
    "district": "区县",
    "town": "乡镇街道",
    "enterprise": "企业",
}
Action = Literal["create", "change", "none", "refuse"]
ACTION_WORDS: dict[Action, str] = {"create": "新建", "change": "更改", "none": "无变化", "refuse": "拒绝"}


class Admin(msgspec.Struct, frozen=True):
    """The first tenant administrator; he gets a one-time link, never a password."""

    login: str
    name: str


class SchemeChoice(msgspec.Struct, frozen=True, rename={"since": "from"}):
    """A scheme in force `from` a day: the plugin's own with a preset, or rulebooks/<scheme>.toml."""

    since: str
    preset: str = ""


class SettingChoice(msgspec.Struct, frozen=True, rename={"since": "from"}):
    """A setting's value from a day on."""

    since: str
    value: str | int | bool


class TenantFile(msgspec.Struct, frozen=True):
    """The contents of tenant.toml."""

    name: str
    kind: TenantKind
    parent: str = ""
    plugins: tuple[str, ...] = ()
    admin: Admin | None = None
    schemes: dict[str, SchemeChoice] = {}
    settings: dict[str, SettingChoice] = {}


class TenantSource(msgspec.Struct, frozen=True):
    """One tenant as found: its folder (None from a list), tenant.toml read, and the sha256 of every file."""

    slug: str
    place: str
    file: TenantFile | None
    folder: Path | None = None
    digests: dict[str, str] = {}
    faults: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True):
    """What the database has of a tenant as far as onboarding goes; equal states have equal digests."""

    registry: tuple[str, str, str, str] = ("", "", "", "")
    plugins: tuple[str, ...] = ()
    settings: dict[str, str] = {}
    schemes: dict[str, str] = {}
    roster: int = 0
    rows: tuple[int, ...] = ()
    facts: dict[str, int] = {}
    admin: bool = False
    onboarded: dict[str, tuple[str, int]] = {}

    @property
    def exists(self) -> bool:
        """Whether the tenant is in the registry."""
        return self.registry[0] != ""

    @property
    def untouched(self) -> bool:
        """Whether nothing but the registry's row is there."""
        kept = (self.plugins, self.settings, self.schemes, self.roster, self.admin, self.onboarded)
        return not any(kept) and not any(self.rows) and not any(self.facts.values())

    @property
    def digest(self) -> str:
        """Its sha256."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


class Step(msgspec.Struct, frozen=True):
    """One thing to do for a tenant, in words; `name` is the plugin, setting, scheme or file it is about."""

    what: Literal["tenant", "plugin", "setting", "scheme", "roster", "facts", "sheet", "admin", "record"]
    name: str
    words: str


class TenantPlan(msgspec.Struct, frozen=True):
    """What will be done for one tenant, or why nothing can be; holds for these files and this state only.

    `warnings`: what can be done, and will not work afterwards.
    """

    slug: str
    name: str
    action: Action
    steps: tuple[Step, ...] = ()
    reasons: tuple[str, ...] = ()
    digests: dict[str, str] = {}
    state: str = ""
    warnings: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """A whole plan, superiors before subordinates."""

    source: str
    made_at: str
    tenants: tuple[TenantPlan, ...]
    format: int = 1

    @property
    def digest(self) -> str:
        """Its sha256: what a resumed apply knows it by."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()

    @property
    def exit_code(self) -> int:
        """0 nothing to do, 1 something is refused, 2 changes."""
        actions = {tenant.action for tenant in self.tenants}
        return 1 if "refuse" in actions else 2 if actions & {"create", "change"} else 0


class Applied(msgspec.Struct, frozen=True):
    """How one tenant fared: `fault` is empty when all of it was done; `invitation` is a path, shown once."""

    slug: str
    name: str
    done: tuple[str, ...] = ()
    fault: str = ""
    invitation: str = ""
    seconds: float = 0.0
