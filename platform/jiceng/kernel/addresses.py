"""Who really asks: the address behind reverse proxies that are trusted, and nobody else's word for it."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_OF_ONE_LINE = 64


def networks(listed: Iterable[str]) -> tuple[Network, ...]:
    """The networks of a setting that was checked when it was read."""
    return tuple(ip_network(text) for text in listed)


def within(address: str, allowed: Iterable[Network]) -> bool:
    """Whether the address lies in one of the networks; what is no address (a socket, a name) never does."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None) or known
    return any(mapped in network for network in allowed)


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    return within(address, _LOOPBACK)


def household(address: str) -> str:
    """Whose share a request uses up: the address; of IPv6 the /64, all of which one line is given."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, _OF_ONE_LINE), strict=False))


def client_of(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address of the client: the nearest one, going outwards, that is not a trusted proxy.

    `forwarded` are the values of X-Forwarded-For in order; each proxy appends the peer it saw, so whatever a
    client wrote itself stands left of the first untrusted address and is never reached.
    """
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    client = peer
    while hops and within(client, trusted):
        claimed = hops.pop()
        try:
            client = str(ip_address(claimed))
        except ValueError:
            break
    return client


_LOOPBACK = networks(("127.0.0.0/8", "::1/128"))
