"""Who acts and who takes part."""

from uuid import UUID

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """Who acts: an account, and the member this account or a one-time link stands for, where known."""

    account: UUID | None
    member: UUID | None = None

    @property
    def ids(self) -> frozenset[UUID]:
        """Everything this person may be recorded as."""
        return frozenset(one for one in (self.account, self.member) if one is not None)


class Claimer(msgspec.Struct, frozen=True):
    """Who takes part: a member of an organization, or (without `member`) the organization itself."""

    organization: UUID
    member: UUID | None = None
    category: str = ""
    mobile: bool = False
