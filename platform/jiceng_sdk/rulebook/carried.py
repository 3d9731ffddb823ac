"""A scheme as bytes and back: how the answer of a plugin travels from the process it computed in."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from jiceng_sdk.faults import Faults, errors
from jiceng_sdk.rulebook.reading import examine_raw
from jiceng_sdk.rulebook.schemes import Card, Preset, Scheme, overlaid
from jiceng_sdk.rulebook.writing import to_raw

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class _Carried(Struct, frozen=True):
    """What travels of a scheme: data only; rulebook and meaning are read again from `raw` on arrival."""

    card: Card
    raw: Mapping[str, Any]
    presets: Mapping[str, Preset]


_DECODER = msgspec.json.Decoder(tuple[_Carried, ...], float_hook=Decimal)


def pack_schemes(schemes: Iterable[Scheme]) -> bytes:
    """Schemes as JSON, numbers exact. Raises TypeError when one of them is no Scheme."""
    found = tuple(schemes)
    for scheme in found:
        if not isinstance(scheme, Scheme):
            raise TypeError(f"a scheme was expected, not {type(scheme).__name__}")
    return _ENCODER.encode(
        [_Carried(scheme.card, scheme.raw or to_raw(scheme.book), scheme.presets) for scheme in found]
    )


def unpack_schemes(data: bytes) -> tuple[Scheme, ...]:
    """The schemes in what `pack_schemes` wrote, examined anew.

    Raises:
        Faults: with all faults of a rulebook or a preset. msgspec.DecodeError: no schemes at all.
    """
    return tuple(_arrived(each) for each in _DECODER.decode(data))


def _arrived(carried: _Carried) -> Scheme:
    raw = dict(carried.raw)
    read = examine_raw(raw, {}, carried.card.id)
    faults = list(read.faults)
    for preset in carried.presets.values():
        faults += examine_raw(overlaid(raw, preset.overlay), {}, f"{carried.card.id} {preset.name}").faults
    if read.book is None or read.analysis is None or errors(faults):
        raise Faults(tuple(faults))
    return Scheme(card=carried.card, book=read.book, presets=carried.presets, raw=raw, analysis=read.analysis)
