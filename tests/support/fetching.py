"""What the fetcher's tests share: a policy for loopback, names of our own, and short ways to ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any

from support.hostile import HostileServer

from ingest.fetch.addresses import IPAddress
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Rejection, Unmodified

LOOPBACK = IPv4Address("127.0.0.1")


async def resolve_test_names(host: str, port: int) -> list[IPAddress]:
    """A name server of our own: everything under .test is this machine."""
    if not host.endswith(".test"):
        raise OSError(f"no such name {host} (port {port})")
    return [LOOPBACK]


def policy_for(server: HostileServer | None, *hosts: str, **changes: Any) -> FetchPolicy:
    """A policy that lets a local server be reached, by more names if given, and wastes no time unless told to."""
    allowed = {f"{host}:{server.port}" for host in ("127.0.0.1", *hosts)} if server else set()
    quick: dict[str, Any] = {"allow_private": frozenset(allowed), "delay_s": 0.0, "backoff_s": 0.01, "deadline_s": 10.0}
    return FetchPolicy(**(quick | changes))


def fetch(url: str, policy: FetchPolicy, *, limit_bytes: int | None = None) -> Page | Rejection:
    """Fetch one URL with a fetcher of its own."""
    with HttpFetcher(policy) as fetcher:
        got = fetcher.fetch(Seed(url=url, source="test"), limit_bytes=limit_bytes)
    assert not isinstance(got, Unmodified), "a seed without validators"
    return got


def rejected(url: str, policy: FetchPolicy, *, limit_bytes: int | None = None) -> Rejection:
    """The rejection that a URL must end in."""
    result = fetch(url, policy, limit_bytes=limit_bytes)
    assert isinstance(result, Rejection), result
    return result


def page(url: str, policy: FetchPolicy, *, limit_bytes: int | None = None) -> Page:
    """The page that a URL must end in."""
    result = fetch(url, policy, limit_bytes=limit_bytes)
    assert isinstance(result, Page), result
    return result


def wait_until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for another thread; a test that waits in vain fails at what it asserts next."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
