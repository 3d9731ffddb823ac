"""What the forms of accounts send; a field left out is empty and refused by the service, never by a crash."""

import msgspec

from jiceng.accounts.access import SEPARATED_ROLES
from jiceng.accounts.managing.separation import Appointed


class SignInForm(msgspec.Struct, frozen=True):
    """The sign-in page; `next` is where the person wanted to go."""

    login: str = ""
    password: str = ""
    next: str = ""


class PasswordForm(msgspec.Struct, frozen=True):
    """The invitation page and the change of the own password (`old` only there)."""

    password: str = ""
    again: str = ""
    old: str = ""


class InviteForm(msgspec.Struct, frozen=True):
    """Inviting somebody."""

    login: str = ""
    name: str = ""
    role: str = ""
    person: str = ""


class CodeForm(msgspec.Struct, frozen=True):
    """A code of the generator, or a recovery code; `next` on the second page of signing in."""

    code: str = ""
    next: str = ""


class EnrolForm(msgspec.Struct, frozen=True):
    """The first code of a generator, and the own password."""

    code: str = ""
    password: str = ""


class PolicyForm(msgspec.Struct, frozen=True):
    """The security settings."""

    policy: str = ""
    admins_prove: str = ""
    lockout: str = ""
    """Minutes; empty: as it is."""


_ASKED = ("login", "name", "person")


class SeparationForm(msgspec.Struct, frozen=True):
    """Login, name and person's number of each of the three administrators."""

    system_admin_login: str = ""
    system_admin_name: str = ""
    system_admin_person: str = ""
    security_admin_login: str = ""
    security_admin_name: str = ""
    security_admin_person: str = ""
    audit_admin_login: str = ""
    audit_admin_name: str = ""
    audit_admin_person: str = ""

    def appointed(self) -> dict[str, Appointed]:
        """The three by role."""
        return {
            role: Appointed(*(getattr(self, f"{role}_{what}").strip() for what in _ASKED))
            for role in SEPARATED_ROLES
        }


class GrantForm(msgspec.Struct, frozen=True):
    """A role and a data scope; `organization` is an organization's number."""

    role: str = ""
    scope: str = "all"
    organization: str = ""
    person: str = ""


class ActsForm(msgspec.Struct, frozen=True):
    """Which acts need a second person; none, one, or several boxes."""

    acts: list[str] | str = ""

    def wanted(self) -> list[str]:
        """The acts that were ticked."""
        return self.acts.split() if isinstance(self.acts, str) else self.acts
