"""What the page of an enterprise's tier sends."""

import msgspec


class VerdictForm(msgspec.Struct, frozen=True):
    """The tier somebody saw and confirms."""

    year: str = ""
    tier: str = ""
    reason: str = ""
