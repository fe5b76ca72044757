"""Which addresses belong to the public internet.

A page or a redirect may name any host, and any name may resolve to the machine next door: only an address that is
public is connected to. The tables are spelt out because the properties of `ipaddress` changed their answers between
patch releases of Python (is_private and is_global in 3.11.10 and 3.12.4).

Sources: IANA's IPv4 and IPv6 special-purpose address registries (RFC 6890 and its updates).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import zip_longest

IPAddress = IPv4Address | IPv6Address

_NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT), RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, with the metadata service of clouds at .169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4, withdrawn
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# All unicast that was ever given out lies in here; loopback, link-local, unique-local and multicast lie outside.
_GIVEN_OUT_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo (carries an IPv4 address), benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
# An IPv4 address in IPv6 clothing is judged by the IPv4 address: (network, bits to the right of it).
_CARRIES_V4 = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (IPv6Network("2002::/16"), 80),  # 6to4
)


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the public internet, whatever clothing it wears."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    for network, shift in _CARRIES_V4:
        if address in network:
            return is_public(IPv4Address((int(address) >> shift) & 0xFFFF_FFFF))
    return address in _GIVEN_OUT_V6 and not any(address in network for network in _NOT_PUBLIC_V6)


def dial_order(addresses: Sequence[IPAddress]) -> list[IPAddress]:
    """The same addresses without repeats, IPv6 and IPv4 in turn, the family of the first one first (RFC 8305, 4).

    So a host whose IPv6 is broken is still reached by the second try.
    """
    distinct = list(dict.fromkeys(addresses))
    if not distinct:
        return []
    first = [address for address in distinct if address.version == distinct[0].version]
    second = [address for address in distinct if address.version != distinct[0].version]
    return [address for pair in zip_longest(first, second) for address in pair if address is not None]
