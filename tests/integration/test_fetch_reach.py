"""No chain of redirects, no spelling and no name server leads to an address that is not public."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import Any

import httpcore
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.fetch.addresses import IPAddress
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Reason, Rejection

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ntext"
# Neither private nor global in the standard library's words.
_SHARED_BY_CARRIERS = IPv4Network("100.64.0.0/10")
REFUSED = {Reason.PRIVATE_ADDRESS, Reason.DNS, Reason.BAD_URL, Reason.REDIRECTS, Reason.CONNECT}

_v4 = st.one_of(
    st.integers(0, 2**32 - 1),
    st.sampled_from(
        ["127.0.0.1", "10.9.8.7", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"]
    ).map(lambda text: int(IPv4Address(text))),
).map(IPv4Address)
_v6 = st.one_of(
    st.integers(0, 2**128 - 1),
    st.integers(0, 2**16).map(lambda low: low),
    st.integers(0, 2**64 - 1).map(lambda low: 0xFE80 << 112 | low),
    st.integers(0, 2**64 - 1).map(lambda low: 0xFD00 << 112 | low),
    st.integers(0, 2**64 - 1).map(lambda low: 0x2A00 << 112 | low),
).map(IPv6Address)


def _clothed(address: IPv4Address) -> list[IPv6Address]:
    """An IPv4 address in each kind of IPv6 clothing."""
    number = int(address)
    return [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x0064_FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(number),
        IPv6Address(0x2001 << 112 | (number ^ 0xFFFF_FFFF)),
    ]


def _spelt_v4(address: IPv4Address) -> list[str]:
    number, (a, b, c, d) = int(address), address.packed
    return [
        str(address), f"{address}.", str(number), hex(number), f"0{number:o}", f"00{number:o}", f"0X{number:08X}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{c << 8 | d}", f"{a:03}.{b:03}.{c:03}.{d:03}", f"0x{a:x}.{b}.0{c:o}.{d}", f"x@{address}",
        *(f"[{clothed}]" for clothed in _clothed(address)), f"[::ffff:{address}]", f"[64:ff9b::{address}]",
        "".join(chr(0xFF10 + int(char)) if char.isdigit() else "。" for char in str(address)),
    ]  # fmt: skip


def _spelt_v6(address: IPv6Address) -> list[str]:
    return [f"[{address}]", f"[{address.exploded}]", f"[{address.exploded.upper()}]", f"[{address}%25eth0]"]


_address = st.one_of(_v4, _v6, _v4.flatmap(lambda v4: st.sampled_from(_clothed(v4))))
_literal = st.one_of(
    _v4.flatmap(lambda v4: st.sampled_from(_spelt_v4(v4))), _v6.flatmap(lambda v6: st.sampled_from(_spelt_v6(v6)))
)
_host = st.one_of(_literal, st.sampled_from(["a.test", "b.test", "A.TEST", "a.test.", "localhost", "ⓐ.test"]))
_url = st.builds(
    "{}://{}{}/{}".format, st.sampled_from(["http", "http", "https"]), _host, st.sampled_from(["", ":81"]), st.just("a")
)
# What a name server says the first time, the second time, and so on; the last answer for ever.
_answers = st.lists(st.lists(_address, min_size=1, max_size=3), min_size=1, max_size=4)


def _is_outside(address: IPv4Address | IPv6Address) -> bool:
    """Whether the standard library, asked in its own words, finds nothing inner in an address or in its core."""
    core: IPv4Address | IPv6Address = address
    if isinstance(address, IPv6Address):
        nat64 = IPv4Address(int(address) & 0xFFFF_FFFF) if int(address) >> 32 == 0x0064_FF9B << 64 else None
        core = address.ipv4_mapped or address.sixtofour or nat64 or address
        if address.teredo is not None or int(address) >> 32 == 0:
            return False
    if core in _SHARED_BY_CARRIERS:
        return False
    return not (core.is_private or core.is_loopback or core.is_link_local or core.is_multicast or core.is_unspecified)


class Network:
    """A network of our own: notes who is connected to, and answers with the next redirect of the chain."""

    def __init__(self) -> None:
        self.dialled: list[str] = []
        self.chain: list[str] = []
        self.answers: list[list[IPAddress]] = []

    def play(self, chain: list[str], answers: list[list[IPAddress]]) -> None:
        """Begin afresh, with the targets of the redirects and what the name server will say."""
        self.dialled, self.chain, self.answers = [], list(chain), list(answers)

    async def connect_tcp(self, host: str, *_: Any) -> httpcore.AsyncNetworkStream:
        """Take the place of httpcore's own."""
        self.dialled.append(host)
        target = self.chain.pop(0) if self.chain else None
        # Latin-1 is what headers are read as; a URL in them is UTF-8.
        head = b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        return httpcore.AsyncMockStream([PAGE if target is None else head % target.encode()])

    async def resolve(self, host: str, port: int) -> Sequence[IPAddress]:
        """Names by the script, digits as the system reads them; nothing is looked up outside."""
        if host.lower().rstrip(".").endswith(".test") and self.answers:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if host == "localhost":
            return [ip_address("127.0.0.1")]
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [ip_address(address[0]) for *_, address in found]


def test_no_chain_of_redirects_leads_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random chains over random hosts in all spellings, with name servers that change their mind."""
    network = Network()
    monkeypatch.setattr(httpcore, "AnyIOBackend", lambda: network)
    policy = FetchPolicy(delay_s=0.0, backoff_s=0.0, attempts=2, respect_robots=False)
    outside, inside = ip_address("93.184.215.14"), ip_address("127.0.0.1")
    with HttpFetcher(policy, resolve=network.resolve) as fetcher:

        @settings(max_examples=400, deadline=None)
        @given(st.lists(_url, min_size=1, max_size=5), _answers)
        @example(["http://a.test/", "http://a.test/b"], [[outside], [inside]])
        @example(["http://2130706433/"], [[inside]])
        @example(["http://a.test/"], [[outside, ip_address("::ffff:10.0.0.1")]])
        @example(["http://93.184.215.14/", "http://[64:ff9b::7f00:1]/"], [[outside]])
        def never_inside(chain: list[str], answers: list[list[IPAddress]]) -> None:
            network.play(chain[1:], answers)
            got = fetcher.fetch(Seed(url=chain[0]))
            assert [address for address in network.dialled if not _is_outside(ip_address(address))] == []
            assert isinstance(got, Page) or (isinstance(got, Rejection) and got.reason in REFUSED)

        never_inside()
        # The network does let those through who are outside: else all of this would prove nothing.
        network.play(["http://[2a00::1]/b"], [])
        assert isinstance(fetcher.fetch(Seed(url="http://93.184.215.14/a")), Page)
        assert network.dialled == ["93.184.215.14", "2a00::1"]
