"""Serve the demo's outlets over loopback HTTP, one server an outlet, good and bad manners included."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from flows.demo.corpus import EDITIONS, Outlet, load_articles, load_outlets
from flows.demo.pages import Place
from flows.demo.routes import Promise, promises, routes
from flows.demo.server import OutletServer
from flows.demo.traps import Reply

_NO_SUCH_PAGE = Reply(status=404, body=b"<h1>404</h1>")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """A request that reached an outlet. `path` has its query; `at` is `time.monotonic()`."""

    outlet: str
    path: str
    at: float


class DemoSite:
    """The outlets, up from construction to `close`; a context manager.

    `outlets` maps an outlet's key to its base URL, and `requests` lists what was asked of them. Outlet i (by key)
    listens on `base_port` + i where that is given and free, else on a port the system picks.
    """

    def __init__(self, *, base_port: int | None = None) -> None:
        self.requests: list[RequestSeen] = []
        self._edition = EDITIONS[0]
        self._failed_once: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        outlets = load_outlets()
        self._servers = [
            OutletServer(outlet.key, partial(self._reply, outlet.key), None if base_port is None else base_port + index)
            for index, outlet in enumerate(outlets)
        ]
        self.outlets: Mapping[str, str] = {
            outlet.key: server.base for outlet, server in zip(outlets, self._servers, strict=True)
        }
        self._urls = _article_urls(outlets, self.outlets)
        self._places = [Place(outlet=o, base=self.outlets[o.key], url_of=self.url_of) for o in outlets]
        self._routes = {
            (place.outlet.key, edition): dict(routes(place, edition)) for place in self._places for edition in EDITIONS
        }
        for server in self._servers:
            server.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop all servers and cut what is still being sent. Closing twice does nothing."""
        for server in self._servers:
            server.stop()

    @property
    def allow_private(self) -> tuple[str, ...]:
        """host:port of each outlet, for the setting that exempts them from the private-address rule."""
        return tuple(base.removeprefix("http://") for base in self.outlets.values())

    @property
    def edition(self) -> int:
        """1, or 2 for a later day: one article has been updated and another is new."""
        return self._edition

    @edition.setter
    def edition(self, value: int) -> None:
        if value not in EDITIONS:
            raise ValueError(f"no edition {value}: choose one of {EDITIONS}")
        self._edition = value

    def url_of(self, article: str) -> str:
        """The address of OUTLET/SLUG."""
        return self._urls[article]

    def promises(self) -> tuple[Promise, ...]:
        """What each line of each feed leads to in the current edition."""
        return tuple(promise for place in self._places for promise in promises(place, self.edition))

    def sources_toml(self) -> str:
        """A sources file with one `[[source]]` an outlet."""
        return "\n".join(_source_table(place) for place in self._places)

    def _reply(self, outlet: str, path: str) -> Reply:
        """What an outlet answers to a path, with or without a query. Called from the servers' threads."""
        bare = path.partition("?")[0]
        with self._lock:
            self.requests.append(RequestSeen(outlet=outlet, path=path, at=time.monotonic()))
            reply = self._routes[outlet, self._edition].get(bare, _NO_SUCH_PAGE)
            if reply.first_status is None or (outlet, bare) in self._failed_once:
                return reply
            self._failed_once.add((outlet, bare))
            return Reply(status=reply.first_status, body=b"<h1>Try again</h1>")


def _article_urls(outlets: tuple[Outlet, ...], bases: Mapping[str, str]) -> Mapping[str, str]:
    paths = {outlet.key: outlet.path for outlet in outlets}
    return {
        a.key: bases[a.outlet] + paths[a.outlet].format(slug=a.slug, date=f"{a.published:%Y/%m/%d}")
        for a in load_articles(EDITIONS[-1])
    }


def _source_table(place: Place) -> str:
    outlet = place.outlet
    feeds = [place.base + path for path in (outlet.feed_path, *outlet.broken_feeds)]
    # JSON's strings and lists of strings are TOML's too.
    return (
        f"[[source]]\nname = {json.dumps(outlet.key)}\nfeeds = {json.dumps(feeds)}\n"
        f"language = {json.dumps(outlet.language)}\ndelay_s = {outlet.delay_s:g}\n"
    )
