"""Which addresses are public, against the standard library's own classes and by hand."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.fetch.addresses import dial_order, is_public

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.7",
    "198.51.100.7",
    "203.0.113.7",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "100::1",
    "5f00::1",
    "4000::1",
    "64:ff9b:1::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "::10.0.0.1",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2002:a00:1::",
    "2002:c0a8:101::1",
    "2001:0:a00:1::1",
    "2001:0:808:808::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "2001:200::1",
    "2620:4f:8000::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_inner_addresses_are_not_public(text: str) -> None:
    """What names this machine, this network, no machine or many of them is not public, in IPv6 clothing neither."""
    assert is_public(ip_address(text)) is False


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_internet_are_public(text: str) -> None:
    """The neighbours of every private range, and addresses in IPv6 clothing that are public inside, are public."""
    assert is_public(ip_address(text)) is True


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
@example(IPv4Address("100.64.0.0"))
def test_ipv4_agrees_with_octet_arithmetic(address: IPv4Address) -> None:
    """Comparing octets by hand, without any network objects, comes to the same answer."""
    a, b, c, _ = address.packed
    inner = (
        a in (0, 10, 127)
        or a >= 224
        or (a == 100 and b // 64 == 1)
        or (a == 169 and b == 254)
        or (a == 172 and b // 16 == 1)
        or (a == 192 and (b == 168 or (b, c) in {(0, 0), (0, 2), (88, 99)}))
        or (a == 198 and (b in (18, 19) or (b, c) == (51, 100)))
        or (a, b, c) == (203, 0, 113)
    )
    assert is_public(address) is not inner


# Three in four of the draws hit a corner where something special lies.
_CORNERS = ["::", "::ffff:0:0", "64:ff9b::", "2001::", "2002::", "fc00::", "fe80::", "ff00::", "2001:db8::", "3ffe::"]
_v6 = st.one_of(
    st.integers(0, 2**128 - 1),
    *(
        st.builds(lambda base, low: int(base) | low, st.sampled_from([IPv6Address(c) for c in _CORNERS]), low)
        for low in (st.integers(0, 2**32 - 1), st.integers(0, 2**112 - 1), st.integers(0, 2**96 - 1))
    ),
).map(IPv6Address)


@given(_v6)
def test_public_ipv6_is_nothing_that_the_standard_library_warns_of(address: IPv6Address) -> None:
    """What we call public, `ipaddress` calls neither private nor loopback nor link-local, and its IPv4 core neither."""
    if not is_public(address):
        return
    core: IPv4Address | IPv6Address = address.ipv4_mapped or address.sixtofour or address
    assert not core.is_private
    assert not core.is_loopback
    assert not core.is_link_local
    assert not core.is_multicast
    assert not core.is_reserved or int(address) >> 32 == 0x0064_FF9B << 64  # NAT64 lies in reserved space
    assert not core.is_unspecified
    assert address.teredo is None


@given(st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**80 - 1))
def test_ipv6_clothing_changes_nothing(inner: IPv4Address, low: int) -> None:
    """An IPv4 address is judged alike bare, mapped, behind NAT64 and in 6to4; Teredo is never public."""
    number = int(inner)
    clothed = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x0064_FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80 | low),
    ]
    assert [is_public(inner)] * 3 == [is_public(address) for address in clothed]
    assert is_public(IPv6Address(0x2001_0000 << 96 | low)) is False


@given(st.lists(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)), max_size=8))
def test_dial_order_keeps_every_address_once(addresses: list[IPv4Address | IPv6Address]) -> None:
    """No address is lost or dialled twice, and the one that the system prefers stays first."""
    order = dial_order(addresses)
    assert set(addresses) == set(order)
    assert len(set(order)) == len(order)
    assert addresses[:1] == order[:1]


def test_dial_order_takes_families_in_turn() -> None:
    """The second try is of the other family, so a broken IPv6 does not use up all tries."""
    found = [ip_address(text) for text in ("2a00::1", "2a00::2", "2a00::3", "192.0.2.1")]
    assert [str(address) for address in dial_order(found)] == ["2a00::1", "192.0.2.1", "2a00::2", "2a00::3"]
