"""What the forms of accounts send; a field left out is empty and refused by the service, never by a crash."""

import msgspec


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
