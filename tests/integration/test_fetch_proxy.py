"""Through a proxy: plain requests, tunnels, credentials, and the same rules about addresses."""

from __future__ import annotations

import base64
import logging
import socket
import socketserver
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pytest
from support.fetching import LOOPBACK, policy_for, rejected, resolve_test_names
from support.hostile import HostileServer, free_port, reply, silent_listener
from support.hostile_tls import tls_contexts

from ingest.errors import ConfigError
from ingest.fetch.addresses import IPAddress
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Reason, Rejection

TEXT = b"<p>text</p>"


class Proxy(socketserver.ThreadingTCPServer):
    """A forward proxy on loopback that sends everything to one port; a context manager.

    Attributes:
        heads: The heads of the requests that it got, CONNECT or absolute.
        refuse: What it answers instead of forwarding, if anything.
    """

    daemon_threads = True

    def __init__(self, target: int) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.target = target
        self.heads: list[bytes] = []
        self.refuse = b""

    def url(self, userinfo: str = "") -> str:
        """How the settings name it."""
        return f"http://{userinfo}127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Forward(socketserver.BaseRequestHandler):
    server: Proxy
    request: socket.socket

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (byte := self.request.recv(1)):
                return
            head += byte
        self.server.heads.append(head)
        if self.server.refuse:
            self.request.sendall(self.server.refuse)
            return
        with socket.create_connection(("127.0.0.1", self.server.target)) as onward:
            if head.startswith(b"CONNECT"):
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                onward.sendall(b"GET /" + head.split(b" ", 2)[1].split(b"/", 3)[3] + b" HTTP/1.0\r\n\r\n")
            back = threading.Thread(target=_pump, args=(onward, self.request))
            back.start()
            _pump(self.request, onward)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def server(server: HostileServer) -> HostileServer:
    """A server with one page."""
    server.answers["/a"] = reply(TEXT)
    return server


async def resolve_abroad(host: str, port: int) -> list[IPAddress]:
    """Names under .test are abroad, anything else is what its digits say."""
    if host.endswith(".test"):
        return [type(LOOPBACK)("93.184.215.14")]
    return [type(LOOPBACK)(host)]


def _fetch(policy: FetchPolicy, url: str, **how: Any) -> Page | Rejection:
    with HttpFetcher(policy, **how) as fetcher:
        got = fetcher.fetch(Seed(url=url))
        assert isinstance(got, Page | Rejection)
        return got


def test_plain_requests_go_to_the_proxy_with_credentials(
    server: HostileServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The proxy gets the whole URL and our word to it; neither the page nor the log gets the password."""
    caplog.set_level(logging.DEBUG)
    with Proxy(server.port) as proxy:
        policy = FetchPolicy(proxy=proxy.url("ann:se%3Acret@"), delay_s=0.0)
        got = _fetch(policy, "http://news.test/a", resolve=resolve_abroad)
    assert isinstance(got, Page)
    assert (got.body, got.final_url, got.address) == (TEXT, "http://news.test/a", None)
    secret = base64.b64encode(b"ann:se:cret")
    assert [head.split(b" ", 2)[1] for head in proxy.heads] == [b"http://news.test/robots.txt", b"http://news.test/a"]
    assert all(b"Proxy-Authorization: Basic " + secret in head for head in proxy.heads)
    assert "proxy-authorization" not in {name.lower() for name, _ in got.request}
    assert secret.decode() not in caplog.text
    assert "cret" not in caplog.text


def test_https_goes_through_a_tunnel(tmp_path: Path) -> None:
    """TLS is with the site itself, verified by its name; the server sees no word meant for the proxy."""
    for_server, for_client = tls_contexts(tmp_path, "right.test")
    with HostileServer(tls=for_server) as server, Proxy(server.port) as proxy:
        server.answers["/a"] = reply(TEXT)
        policy = FetchPolicy(proxy=proxy.url("ann:secret@"), delay_s=0.0)
        good = _fetch(policy, "https://right.test/a", resolve=resolve_abroad, ssl_context=for_client)
        bad = _fetch(policy, "https://wrong.test/a", resolve=resolve_abroad, ssl_context=for_client)
        assert isinstance(good, Page)
        assert isinstance(bad, Rejection)
        assert bad.reason == Reason.TLS
        assert [head.split(b"\r\n")[0] for head in proxy.heads] == [
            b"CONNECT right.test:443 HTTP/1.1",
            b"CONNECT wrong.test:443 HTTP/1.1",
        ]
        assert all("proxy-authorization" not in hit.headers for hit in server.hits)


@pytest.mark.parametrize("url", ["http://127.0.0.1/a", "http://10.0.0.7/a", "https://169.254.169.254/a"])
def test_a_proxy_is_not_asked_for_private_addresses(server: HostileServer, url: str) -> None:
    """What a name leads to is judged before the proxy hears of it, and the proxy's own address is no exemption."""
    with Proxy(server.port) as proxy:
        policy = FetchPolicy(proxy=proxy.url(), delay_s=0.0)
        results = [
            _fetch(policy, url, resolve=resolve_abroad),
            _fetch(policy, proxy.url() + "/a", resolve=resolve_abroad),
        ]
        assert [result.reason for result in results if isinstance(result, Rejection)] == [Reason.PRIVATE_ADDRESS] * 2
        assert proxy.heads == []


def test_an_unknown_name_is_not_passed_on(server: HostileServer) -> None:
    """A name that cannot be judged is not asked for."""
    with Proxy(server.port) as proxy:
        got = _fetch(policy_for(None, proxy=proxy.url()), "http://nowhere.invalid/", resolve=resolve_test_names)
        assert isinstance(got, Rejection)
        assert got.reason == Reason.DNS
        assert proxy.heads == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_us_is_a_connect_failure(server: HostileServer, scheme: str) -> None:
    """Wrong credentials are no fault of the page, and no answer about robots.txt."""
    with Proxy(server.port) as proxy:
        proxy.refuse = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        policy = policy_for(None, proxy=proxy.url("ann:wrong@"))
        got = _fetch(policy, f"{scheme}://news.test/a", resolve=resolve_abroad)
    assert isinstance(got, Rejection)
    assert got.reason == Reason.CONNECT
    assert "proxy" in got.detail
    assert "wrong" not in got.detail


def test_a_dead_proxy_is_a_connect_failure() -> None:
    """The detail says that it is the proxy that is not there."""
    policy = policy_for(None, proxy=f"http://127.0.0.1:{free_port()}", attempts=1)
    got = _fetch(policy, "http://news.test/a", resolve=resolve_abroad)
    assert isinstance(got, Rejection)
    assert got.reason == Reason.CONNECT
    assert got.detail.startswith("no connection through the proxy")


def test_proxies_of_the_environment_are_not_used(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the setting counts."""
    with silent_listener() as (port, connections):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert isinstance(_fetch(policy_for(server), server.url("/a")), Page)
        rejected(server.url("/missing"), policy_for(server))
        assert connections() == 0


def test_a_wrong_proxy_is_a_wrong_setting() -> None:
    """It is told when the fetcher is opened, not by each page."""
    with pytest.raises(ConfigError, match="the proxy must be like"), HttpFetcher(FetchPolicy(proxy="socks5://p.test")):
        pass
