"""Every attack at once, in a process of its own: none costs more than its deadline, all together little memory."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.hostile import (
    Answer,
    HostileServer,
    bomb,
    encoded,
    endless,
    raw,
    redirect,
    reply,
    silent_listener,
)
from support.hostile_tls import Http2Server, Misbehave, tls_contexts

if TYPE_CHECKING:
    from h2.connection import H2Connection

pytestmark = pytest.mark.slow

# That of attacks that may end by it, and that of the others, which a busy machine must not bring about.
DEADLINE_S = 1.0
PATIENCE_S = 60.0
PEAK_MB = 150
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
COOKIES = tuple(("Set-Cookie", f"c{number}={'x' * 100}") for number in range(500))

# path: what the server does, and the reasons that a rejection may have.
PROBES: dict[str, tuple[Answer, set[str]]] = {
    "gzip-bomb": (encoded(bomb(300), "gzip"), {"too_big"}),
    "deflate-bomb": (encoded(bomb(300, window_bits=zlib.MAX_WBITS), "deflate"), {"too_big"}),
    "bare-deflate-bomb": (encoded(bomb(300, window_bits=-zlib.MAX_WBITS), "deflate"), {"too_big"}),
    "bomb-in-a-bomb": (encoded(bomb(1), "gzip, gzip"), {"unreadable"}),
    "bomb-behind-a-refusal": (
        reply(bomb(300), status=403, headers=(("Content-Encoding", "gzip"),)),
        {"blocked"},
    ),
    "bomb-behind-a-redirect": (
        reply(bomb(300), status=302, headers=(("Content-Encoding", "gzip"), ("Location", "/nowhere"))),
        {"not_found"},
    ),
    "drip": (endless(OK + b"Content-Length: 9999\r\n\r\n", b"x", every_s=0.25), {"timeout"}),
    "drip-of-headers": (endless(OK, b"X: y\r\n", every_s=0.25), {"timeout"}),
    "drip-behind-a-refusal": (endless(b"HTTP/1.1 403 No\r\n\r\n", b"x", every_s=0.25), {"blocked", "timeout"}),
    "endless-headers": (endless(OK, b"X-Name: value\r\n" * 100), {"connect"}),
    "huge-header": (endless(OK + b"X: ", b"y" * 65_536), {"connect"}),
    "huge-status": (endless(b"HTTP/1.1 200 ", b"y" * 65_536), {"connect"}),
    "many-cookies": (reply(headers=COOKIES * 4), {"connect"}),
    "endless-body": (endless(OK + b"\r\n", b"x" * 65_536), {"too_big"}),
    "endless-chunks": (endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"), {"too_big"}),
    "endless-chunk-extensions": (endless(CHUNKED + b"5;", b"x" * 65_536), {"connect"}),
    "endless-trailers": (endless(CHUNKED + b"0\r\n", b"X-Name: value\r\n" * 100), {"connect"}),
    "one-byte-chunks": (endless(CHUNKED, b"1\r\nx\r\n" * 4_000), {"too_big", "timeout"}),
    "short-length": (raw(OK + b"Content-Length: 99\r\n\r\nhalf"), {"connect"}),
    "huge-length": (raw(OK + b"Content-Length: 99999999999999999999\r\n\r\nhalf"), {"connect", "too_big"}),
    "two-lengths": (raw(OK + b"Content-Length: 4\r\nContent-Length: 9\r\n\r\nhalf"), {"connect"}),
    "negative-length": (raw(OK + b"Content-Length: -1\r\n\r\nhalf"), {"connect"}),
    "broken-chunks": (raw(CHUNKED + b"ZZ\r\nhalf\r\n"), {"connect"}),
    "huge-chunk": (raw(CHUNKED + b"f" * 40 + b"\r\nhalf"), {"connect"}),
    "cut-chunk": (raw(CHUNKED + b"10\r\nhalf"), {"connect"}),
    "flood-of-hints": (endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50), {"timeout", "connect"}),
    "flood-of-continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), {"timeout", "connect"}),
    "upgrade": (
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n" + b"x" * 9_000),
        {"connect", "http_error"},
    ),
    "loop": (redirect("/loop"), {"redirects"}),
    "endless-redirects": (redirect("/hop0"), {"redirects"}),
    "script-in-location": (redirect("javascript:alert(1)"), {"redirects"}),
    "long-location": (redirect("/" + "a" * 60_000), {"redirects"}),
    "loopback": (redirect("http://127.0.0.1:1/"), {"private_address"}),
    "metadata": (redirect("http://169.254.169.254/latest/meta-data/"), {"private_address"}),
    "ipv6": (redirect("http://[::1]/"), {"private_address"}),
    "mapped": (redirect("http://[::ffff:127.0.0.1]/"), {"private_address"}),
    "decimal": (redirect("http://2130706433/"), {"private_address"}),
    "hexadecimal": (redirect("http://0x7f.1/"), {"private_address"}),
    "octal": (redirect("http://0177.0.0.1/"), {"private_address", "redirects"}),
}

_CLIENT = """
import json, re, resource, ssl, sys
from pathlib import Path
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Seed

def peak_mb():
    # Linux hands ru_maxrss on from the parent process, so VmHWM is read where there is one.
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)

order = json.load(sys.stdin)
results = {}
for deadline_s, urls in order["urls"]:
    policy = FetchPolicy(allow_private=frozenset(order["allowed"]), delay_s=0.0, backoff_s=0.01, attempts=1,
                         deadline_s=deadline_s, connect_timeout_s=deadline_s, respect_robots=False)
    with HttpFetcher(policy, ssl_context=ssl.create_default_context(cafile=order["authority"])) as fetcher:
        for name, url in urls.items():
            got = fetcher.fetch(Seed(url=url))
            results[name] = (getattr(got, "reason", "page"), peak_mb())
print(json.dumps(results))
"""


def _reset_at_once(h2: H2Connection, stream: int, send: Callable[[bytes], None]) -> None:
    h2.reset_stream(stream)
    send(h2.data_to_send())


def _ping_for_ever(h2: H2Connection, stream: int, send: Callable[[bytes], None]) -> None:
    while True:
        h2.ping(b"12345678")
        send(h2.data_to_send() * 50)


def _settle_for_ever(h2: H2Connection, stream: int, send: Callable[[bytes], None]) -> None:
    while True:
        send(b"\0\0\0\x04\0\0\0\0\0" * 50)


def _continue_headers_for_ever(h2: H2Connection, stream: int, send: Callable[[bytes], None]) -> None:
    number = stream.to_bytes(4, "big")
    send(b"\0\0\x01\x01\0" + number + b"\x88")
    while True:
        send((b"\0\x40\0\x09\0" + number + b"\0\x01x\x7f\x80\x7f" + b"y" * 0x3FFA) * 4)


def _send_empty_data_for_ever(h2: H2Connection, stream: int, send: Callable[[bytes], None]) -> None:
    h2.send_headers(stream, [(":status", "200"), ("content-type", "text/html")])
    send(h2.data_to_send())
    while True:
        send((b"\0\0\0\0\0" + stream.to_bytes(4, "big")) * 50)


H2_PROBES: dict[str, tuple[Misbehave, set[str]]] = {
    "rapid-reset": (_reset_at_once, {"connect"}),
    "flood-of-pings": (_ping_for_ever, {"timeout", "connect"}),
    "flood-of-settings": (_settle_for_ever, {"timeout", "connect"}),
    "endless-continuation": (_continue_headers_for_ever, {"timeout", "connect"}),
    "flood-of-empty-data": (_send_empty_data_for_ever, {"timeout", "connect"}),
}


@contextmanager
def dripping_listener() -> Iterator[int]:
    """A port that answers whoever connects with the start of a TLS record, byte by byte."""
    stopping = threading.Event()

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 1_000:
                    connection.sendall(bytes([byte]))
                    if stopping.wait(0.2):
                        return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        stopping.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_no_attack_costs_more_than_its_deadline_and_a_little_memory(tmp_path: Path) -> None:
    """Bombs, drips, floods, lies, loops and inner addresses: each ends, for its own reason, below 150 MB."""
    for_server, _ = tls_contexts(tmp_path, "localhost")
    expected = {name: reasons for probes in (PROBES, H2_PROBES) for name, (_, reasons) in probes.items()}
    with ExitStack() as stack:
        server = stack.enter_context(HostileServer())
        server.answers |= {f"/{name}": answer for name, (answer, _) in PROBES.items()}
        server.answers |= {f"/hop{hop}": reply_and_go_on(hop) for hop in range(200)}
        urls = {name: server.url(f"/{name}") for name in PROBES}
        allowed = [f"127.0.0.1:{server.port}"]
        for name, (misbehave, _) in H2_PROBES.items():
            two = stack.enter_context(Http2Server(for_server, b"", misbehave=misbehave))
            urls[name] = f"https://localhost:{two.port}/"
            allowed.append(f"localhost:{two.port}")
        for name, port in (
            ("silent-tls", stack.enter_context(silent_listener())[0]),
            ("dripping-tls", stack.enter_context(dripping_listener())),
        ):
            urls[name] = f"https://127.0.0.1:{port}/"
            allowed.append(f"127.0.0.1:{port}")
            expected[name] = {"timeout"}
        may_last = {name for name in urls if "timeout" in expected[name]}
        rounds = [
            (deadline_s, {name: url for name, url in urls.items() if (name in may_last) is lasts})
            for lasts, deadline_s in ((True, DEADLINE_S), (False, PATIENCE_S))
        ]
        order = {"urls": rounds, "allowed": allowed, "authority": str(tmp_path / "server.pem")}
        command = [sys.executable, "-c", _CLIENT]
        done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, timeout=240, check=True)
    results = json.loads(done.stdout)
    assert set(results) == set(expected)
    wrong = {name: got for name, got in results.items() if got[0] not in expected[name]}
    assert wrong == {}
    assert max(peak for _, peak in results.values()) < PEAK_MB
    assert len([path for path in server.paths() if path.startswith("/hop")]) == 5


def reply_and_go_on(hop: int) -> Answer:
    """A redirect to the next hop, with as many cookies as a head may hold."""
    return reply(b"", status=302, headers=(*COOKIES, ("Location", f"/hop{hop + 1}")))
