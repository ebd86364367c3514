"""Where a webhook may lead: to public addresses alone, looked at when the connection is made."""

import ipaddress
import socket

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# All that is routed in the public IPv6 internet; mapped, NAT64 and local addresses lie outside.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# Addresses that stand for another one behind a tunnel: 6to4, its relays, and Teredo.
_TUNNELS = [
    ipaddress.ip_network(text) for text in ("2002::/16", "192.88.99.0/24", "2001::/32")
]  # fmt: skip


class NotPublic(OSError):
    """The name leads to an address that nobody outside could reach, or to none."""


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, and of one machine."""
    is_routed = address.version == 4 or address in _PUBLIC_V6
    return (
        is_routed
        and address.is_global
        and not (address.is_multicast or address.is_reserved)
        and not any(address in network for network in _TUNNELS)
    )


def may_be_reached(address: Address) -> bool:
    """Tell whether we may connect: public, or a test receiver that the settings name."""
    return is_public(address) or str(address) in settings.WEBHOOKS_LOCAL_ADDRESSES


def addresses_of(host: str, port: int) -> list[str]:
    """Look a name up, once. Raises ``NotPublic`` unless every address may be reached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as exc:
        raise socket.gaierror(str(exc)) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(may_be_reached(ipaddress.ip_address(one)) for one in addresses):
        raise NotPublic
    return addresses
