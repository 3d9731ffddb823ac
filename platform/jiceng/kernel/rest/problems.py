"""RFC 9457 Problem Details: what every refused request of the API is answered with."""

import msgspec

MEDIA_TYPE = "application/problem+json"


class ProblemFault(msgspec.Struct, frozen=True):
    """One fault of what was sent, in both languages; `where` is a JSON pointer or a parameter's name."""

    where: str
    zh: str
    en: str


class FaultTold(msgspec.Struct, frozen=True):
    """One fault as it is told; `where` is a JSON pointer into the body, or the name of a parameter."""

    where: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """What is wrong, in the language of Accept-Language; `instance` names the request for the operator."""

    title: str
    status: int
    detail: str
    instance: str
    type: str = "about:blank"
    faults: tuple[FaultTold, ...] = ()
