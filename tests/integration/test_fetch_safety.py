"""What a hostile web cannot do: reach inner addresses, forge a certificate, eat time or memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any
from unicodedata import normalize

import httpcore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.command import newsmill
from support.fetching import LOOPBACK, policy_for, rejected, resolve_test_names
from support.hostile import (
    HostileServer,
    bomb,
    drip,
    encoded,
    redirect,
    reply,
    silent_listener,
    slow,
    stream,
)
from support.hostile_tls import Http2Server, tls_contexts

from ingest.fetch.addresses import IPAddress
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Outcome, Reason, Rejection


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("http://10.0.0.1/", "10.0.0.1"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("http://[::1]/", "::1"),
        ("http://[fd00:ec2::254]/", "fd00:ec2::254"),
        ("http://[::ffff:192.168.0.1]/", "::ffff:192.168.0.1"),
    ],
)
def test_a_redirect_to_a_private_address_is_not_taken(server: HostileServer, target: str, address: str) -> None:
    """Being allowed to ask the first server allows nothing to the next."""
    server.answers["/a"] = redirect(target)
    got = rejected(server.url("/a"), policy_for(server))
    assert got.reason == Reason.PRIVATE_ADDRESS
    assert str(ip_address(address)) in got.detail
    assert "is not a public address" in got.detail


def _octets(address: IPv4Address) -> list[int]:
    return list(address.packed)


def _spellings(address: IPv4Address) -> list[str]:
    """Ways to write an IPv4 address in a URL that some resolver or other understands."""
    number = int(address)
    a, b, c, d = _octets(address)
    return [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        hex(number).upper().replace("X", "x"),
        f"0{number:o}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:04o}.{b}.0x{c:x}.{d}",
        f"{a}.{b}.{c << 8 | d}",
        f"{a}.{number & 0xFFFFFF}",
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
        f"user@{address}",
        f"example.org:80@{address}",
        "".join(chr(0xFF10 + int(digit)) if digit.isdigit() else "。" for digit in str(address)),
        f"%31{str(address)[1:]}" if str(address).startswith("1") else str(address),
    ]


_PRIVATE = st.one_of(
    st.just(LOOPBACK),
    st.sampled_from(["169.254.169.254", "0.0.0.0", "255.255.255.255"]).map(IPv4Address),
    st.integers(0, 2**24 - 1).map(lambda low: IPv4Address(127 << 24 | low)),
    st.integers(0, 2**24 - 1).map(lambda low: IPv4Address(10 << 24 | low)),
    st.integers(0, 2**20 - 1).map(lambda low: IPv4Address((172 << 24 | 16 << 16) + low)),
    st.integers(0, 2**16 - 1).map(lambda low: IPv4Address(192 << 24 | 168 << 16 | low)),
    st.integers(0, 2**22 - 1).map(lambda low: IPv4Address((100 << 24 | 64 << 16) + low)),
)
_LOCAL_NAMES = ["localhost", "LOCALHOST", "localhost.", "127.1", "0", "0x7f.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]"]
_TARGETS = st.one_of(
    _PRIVATE.flatmap(lambda address: st.sampled_from(_spellings(address))), st.sampled_from(_LOCAL_NAMES)
)


def test_no_redirect_and_no_spelling_reaches_a_private_address(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a redirect names, no connection but that to the allowed server is even tried."""
    dialled: list[tuple[str, int]] = []
    connect = httpcore.AnyIOBackend.connect_tcp

    async def spy(self: httpcore.AnyIOBackend, host: str, port: int, *rest: Any) -> httpcore.AsyncNetworkStream:
        dialled.append((host, port))
        return await connect(self, host, port, *rest)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", spy)
    policy = policy_for(server, respect_robots=False, attempts=1)
    with silent_listener() as (trap, connections), HttpFetcher(policy) as fetcher:

        @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(_TARGETS, st.sampled_from(["http", "https"]), st.sampled_from([trap, server.port]), st.booleans())
        def never_connects(target: str, scheme: str, port: int, directly: bool) -> None:
            url = f"{scheme}://{target}:{port}/secret"
            server.answers["/a"] = redirect(url)
            got = fetcher.fetch(Seed(url=url if directly else server.url("/a")))
            # The one place where the local server may be reached under its own, allowed name, whose digits may be wide.
            if (normalize("NFKC", target).replace("。", "."), port) == ("127.0.0.1", server.port):
                return
            assert isinstance(got, Rejection), url
            assert got.reason in {Reason.PRIVATE_ADDRESS, Reason.DNS, Reason.REDIRECTS, Reason.BAD_URL}, (url, got)

        never_connects()
        assert connections() == 0
    assert set(dialled) == {("127.0.0.1", server.port)}


def test_only_the_pair_as_written_is_allowed(server: HostileServer) -> None:
    """The exemption holds for one spelling of the host and one port."""
    server.answers["/a"] = reply()
    with HttpFetcher(policy_for(server)) as fetcher:
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)
        for host in ("localhost", "2130706433", "127.1", "127.0.0.1."):
            got = fetcher.fetch(Seed(url=server.url("/a", host=host)))
            assert isinstance(got, Rejection), host
            # Not every system resolves an address with a dot behind it.
            assert got.reason == Reason.PRIVATE_ADDRESS or (got.reason, host) == (Reason.DNS, "127.0.0.1.")


def test_a_name_that_changes_its_address_gains_nothing(server: HostileServer) -> None:
    """DNS rebinding: every connection looks the name up once and goes to the address that was judged."""
    answers: list[Sequence[IPAddress]] = [[ip_address("93.184.215.14")], [LOOPBACK]]
    dialled: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[IPAddress]:
        dialled.append(f"{host}:{port}")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    policy = policy_for(None, connect_timeout_s=0.2, respect_robots=False)
    with HttpFetcher(policy, resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url=f"http://rebind.test:{server.port}/a"))
    assert isinstance(got, Rejection)
    assert got.reason == Reason.PRIVATE_ADDRESS
    assert dialled == [f"rebind.test:{server.port}"] * 2
    assert server.hits == []


def test_one_private_address_among_public_ones_is_enough(server: HostileServer) -> None:
    """A name that also points inside is not trusted with its public addresses."""

    async def resolve(host: str, port: int) -> Sequence[IPAddress]:
        return [ip_address("93.184.215.14"), ip_address(f"::ffff:{LOOPBACK}")]

    with HttpFetcher(policy_for(None), resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url=f"http://mixed.test:{server.port}/a"))
    assert isinstance(got, Rejection)
    assert got.reason == Reason.PRIVATE_ADDRESS


def test_a_drip_ends_at_the_deadline(server: HostileServer) -> None:
    """A server that always sends one more byte in time is left after the total deadline, and not asked again."""
    server.answers["/drip"] = drip
    got = rejected(server.url("/drip"), policy_for(server, deadline_s=1.0))
    assert (got.reason, got.detail) == (Reason.TIMEOUT, "no complete answer within 1 s")
    assert server.paths() == ["/drip"]


def test_silence_ends_at_the_deadline(server: HostileServer) -> None:
    """The deadline holds before the first byte too."""
    server.answers["/slow"] = slow(30, reply())
    assert rejected(server.url("/slow"), policy_for(server, deadline_s=1.0)).reason == Reason.TIMEOUT


def test_tls_is_verified_by_the_name_in_the_url(tmp_path: Path) -> None:
    """We connect to an address, but the certificate must be for the name; an unknown issuer is refused."""
    for_server, for_client = tls_contexts(tmp_path, "right.test")
    with HostileServer(tls=for_server) as server:
        server.answers["/a"] = reply(b"secret")
        policy = policy_for(server, "right.test", "wrong.test")
        right, wrong = (Seed(url=server.url("/a", host=host)) for host in ("right.test", "wrong.test"))
        with HttpFetcher(policy, resolve=resolve_test_names, ssl_context=for_client) as fetcher:
            good, bad = fetcher.fetch(right), fetcher.fetch(wrong)
        with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
            unknown = fetcher.fetch(right)
    assert isinstance(good, Page)
    for got in (bad, unknown):
        assert isinstance(got, Rejection)
        assert got.reason == Reason.TLS
        assert got.detail.startswith("certificate not accepted")


def test_https_to_a_plain_server_is_a_tls_failure(server: HostileServer) -> None:
    """An answer that is no TLS has its reason."""
    got = rejected(server.url("/a").replace("http:", "https:"), policy_for(server))
    assert (got.reason, got.outcome) == (Reason.TLS, Outcome.FAILED)


def test_http_2_is_spoken(tmp_path: Path) -> None:
    """Where the server offers it, pages come over HTTP/2 and one connection; a page too big costs that connection."""
    for_server, for_client = tls_contexts(tmp_path, "two.test")
    with Http2Server(for_server, b"x" * 3_000) as server:
        allowed = frozenset({f"two.test:{server.port}"})
        policy = FetchPolicy(allow_private=allowed, delay_s=0.0, respect_robots=False, attempts=1)
        seed = Seed(url=f"https://two.test:{server.port}/a")
        with HttpFetcher(policy, resolve=resolve_test_names, ssl_context=for_client) as fetcher:
            results = list(fetcher.fetch_many([seed, seed, seed]))
            assert (server.streams, server.connections) == (3, 1)
            big = fetcher.fetch(seed, limit_bytes=100)
            after = fetcher.fetch(seed)
        assert [len(result.body) for result in results if isinstance(result, Page)] == [3_000] * 3
        assert isinstance(big, Rejection)
        assert big.reason == Reason.TOO_BIG
        assert isinstance(after, Page), after
        assert server.connections == 2


# Linux hands ru_maxrss on from the parent process, so VmHWM is read where there is one.
_BOMB_PROBE = """
import re, resource, sys
from pathlib import Path
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Seed

def peak_kb():
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)

port = sys.argv[1]
with HttpFetcher(FetchPolicy(allow_private=frozenset({f"127.0.0.1:{port}"}), delay_s=0.0)) as fetcher:
    small = fetcher.fetch(Seed(url=f"http://127.0.0.1:{port}/small"))
    before = peak_kb()
    for path in ("bomb", "flat"):
        big = fetcher.fetch(Seed(url=f"http://127.0.0.1:{port}/{path}"))
        assert big.reason == "too_big", big
    print(peak_kb() - before)
"""


def test_a_bomb_does_not_inflate(server: HostileServer) -> None:
    """300 MB in 300 kB, or bare, cost no more memory than the limit of a page and its copies."""
    server.answers |= {"/small": reply(), "/bomb": encoded(bomb(300), "gzip"), "/flat": stream(300_000_000)}
    done = subprocess.run(
        [sys.executable, "-c", _BOMB_PROBE, str(server.port)], capture_output=True, text=True, check=True, timeout=240
    )
    grown_kb = int(done.stdout)
    assert grown_kb < 30_000


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/feed", "http://2130706433:{}/"]
)
def test_a_new_source_is_looked_for_on_the_web_only(address: str, tmp_path: Path) -> None:
    """`newsmill sources add` asks no private address, and writes nothing."""
    with silent_listener() as (port, connections):
        done = newsmill("sources", "add", address.format(port), home=tmp_path)
        assert connections() == 0
    assert (done.returncode, "private_address" in done.stderr) == (2, True), done.stderr
    assert not list(tmp_path.rglob("sources.toml"))
