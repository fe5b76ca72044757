"""The server of the pages: its port, its beginning, its end (uvicorn only here)."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

import uvicorn

from flows.browse.app import make_app
from flows.browse.site import Site
from flows.serve.server import address_of
from flows.settings import Settings
from ingest.errors import ConfigError, StorageError
from storage.browse.listing import changed_since
from storage.search import update_index
from storage.search.index import indexed
from storage.store import Store

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# Requests under way when Ctrl-C comes; a page takes a fraction of it.
_LAST_REQUESTS_S = 3


def serve(settings: Settings, host: str, port: int, say: Callable[[str], None]) -> None:
    """Show a database until Ctrl-C.

    Args:
        settings: which database, the language of translations, the time zone.
        host: where to listen: a name or an address of this machine.
        port: and on which port; 0 lets the system choose.
        say: takes a line for the operator.

    Raises:
        ConfigError: the port is taken, or the host is not this machine.
        InputError: there is no such database.
        StorageError: it cannot be opened.
    """
    listener = _listen(host, port)
    with listener, Store(settings.storage.url, must_exist=True) as store:
        notice = _bring_up_to_date(store, say)
        if notice:
            say(notice)
        site = Site(
            store=store,
            target=settings.translate.target,
            zone=ZoneInfo(settings.serve.timezone),
            indexed=_indexed(store),
            notice=notice,
        )
        local = is_loopback(host)
        app = make_app(site, _LOOPBACK_NAMES | {host.lower()} if local else None)
        say(f"Serving {address_of(host, listener.getsockname()[1])}/ (Ctrl-C ends it)")
        if not local:
            say("There is no login: whoever reaches this address can read all records. Nobody can change them.")
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="error",
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=_LAST_REQUESTS_S,
            )
        )
        # What uvicorn raises again once the last request is answered.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(found[4][:2], family=found[0])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(f"port {port} is taken: choose another with --port") from error
        raise ConfigError(f"cannot listen on {host}, port {port}: {error.strerror}; see --host and --port") from error
    # Its connections inherit it. Else each answer waits 40 ms for the browser to confirm the headers before the body.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _bring_up_to_date(store: Store, say: Callable[[str], None]) -> str | None:
    """Index what is new, as `newsmill search` does; what the reader should know where that is not possible."""
    with store.reading() as tx:
        behind = changed_since(tx, indexed(tx) or 0)
    if behind:
        say("Indexing what is new for the search: some milliseconds a record")
    try:
        update_index(store)
    except StorageError as error:
        return f"The search index is as it was: {error}"
    return None


def _indexed(store: Store) -> int | None:
    with store.reading() as tx:
        return indexed(tx)
