"""A small news site on loopback: it serves what a test puts there, answers conditional requests, and keeps a log."""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_STORY = """<!doctype html><html lang="en"><head><title>{title}</title>
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}", "datePublished": "{date}",
"author": {{"@type": "Person", "name": "{author}"}}}}</script></head>
<body><article><h1>{title}</h1><p>{first}</p><p>{second}</p></article></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: when it came and when its answer began, for what, with which headers (lower case), how answered."""

    came: float
    at: float
    path: str
    headers: dict[str, str]
    status: int


@dataclass(slots=True, kw_only=True)
class Served:
    """What stands at a path."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    etag: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0


class Newsroom(ThreadingHTTPServer):
    """A site; a context manager. What is not there is answered with 404.

    Attributes:
        door: While it is shut (`door.clear()`), nothing but robots.txt is answered: so a test has others catch up.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.host = f"127.0.0.1:{self.server_port}"
        self.pages: dict[str, Served] = {}
        self.log: list[Asked] = []
        self.door = threading.Event()
        self.door.set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.door.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **more: object) -> str:
        """Serve a body at a path; returns its URL."""
        self.pages[path] = Served(body=body.encode() if isinstance(body, str) else body, kind=kind)
        for name, value in more.items():
            setattr(self.pages[path], name, value)
        return self.base + path

    def story(self, slug: str, first: str, second: str, **known: str) -> str:
        """Serve an article of two paragraphs; returns its URL."""
        facts = {"title": slug.replace("-", " ").capitalize(), "date": "2026-03-14T08:00:00+01:00", "author": "Ann Lee"}
        return self.put(f"/{slug}", _STORY.format(**(facts | known), first=first, second=second))

    def feed(self, path: str, urls: list[str]) -> str:
        """Serve an RSS feed of these addresses; returns its URL."""
        items = "".join(f"<item><title>T{i}</title><link>{url}</link></item>" for i, url in enumerate(urls))
        text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
        return self.put(path, text, "application/rss+xml")

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path so far, in order."""
        return [one for one in self.log if one.path == path]


class _Handler(BaseHTTPRequestHandler):
    server: Newsroom
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer from what was put there."""
        came = time.monotonic()
        if self.path != "/robots.txt":
            self.server.door.wait()
        found = self.server.pages.get(self.path) or Served(body=b"not here", kind="text/plain", status=404, etag=False)
        time.sleep(found.wait_s)
        etag = f'"{hashlib.sha256(found.body).hexdigest()[:16]}"' if found.etag and found.status == 200 else None
        same = etag is not None and self.headers.get("If-None-Match") == etag
        status, body = (304, b"") if same else (found.status, found.body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(came=came, at=time.monotonic(), path=self.path, headers=headers, status=status)
        self.server.log.append(asked)
        self.send_response(status)
        self.send_header("Content-Type", found.kind)
        if etag is not None:
            self.send_header("ETag", etag)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # who asked has gone
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""
