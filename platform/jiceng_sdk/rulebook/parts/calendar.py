"""Which days are working days: what a year's notice of the holidays says."""

from msgspec import Struct


class Year(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Days off and made up for in one year, as "10-01" or "10-01..10-07" (both ends included).

    Every other Monday to Friday is a working day. Weekends need not be named.
    """

    off: tuple[str, ...]
    work: tuple[str, ...] = ()
