"""Values that other slices see of accounts: who is signed in, a session in a list, an open invitation."""

from datetime import datetime
from uuid import UUID

import msgspec

from jiceng.accounts.scope import EVERYTHING, Reach


class SignedIn(msgspec.Struct, frozen=True):
    """The person behind a request; `tenant` is the tenant's number, `session` the id of the session used.

    A program with an API token acts for a person: then `session` is the token's id, and `scopes` bound what
    it may do besides the person's role. None for the person in a browser.

    `reach` is the part of the roster that is seen; `separated`: the tenant has three administrators (三员);
    `confined` names the page on which something must be done first, "" for none.
    """

    id: UUID
    login: str
    name: str
    role: str
    tenant: int
    session: UUID
    scopes: frozenset[str] | None = None
    reach: Reach = EVERYTHING
    separated: bool = False
    confined: str = ""


class SessionInfo(msgspec.Struct, frozen=True):
    """One open session in the list 'my sessions'; times are aware UTC."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class AccountInfo(msgspec.Struct, frozen=True):
    """One account in the list of accounts; `state` is invited, active or disabled.

    `unused`: neither person nor program has used it for 90 days; `second_factor`: it has a generator in use.
    """

    id: UUID
    login: str
    name: str
    role: str
    state: str
    last_seen: datetime | None
    scope: str
    organization: UUID | None
    person: str | None
    second_factor: bool
    unused: bool


class NewSession(msgspec.Struct, frozen=True):
    """A session just opened: `token` is shown to the browser once and stored nowhere, only its digest is.

    Not `proved`: it only asks for the second factor.
    """

    token: str
    expires_at: datetime
    name: str
    proved: bool = True


class Invited(msgspec.Struct, frozen=True):
    """An open invitation, as the page that accepts it shows it."""

    login: str
    name: str
    expires_at: datetime
