"""Prefect's server behind a gate, which only programs of this machine and Prefect's own pages pass.

Prefect's server has no login and reads JSON whatever it is called, so any page in the operator's browser could start
runs: a form or a `fetch` without a preflight is enough. A browser cannot keep quiet about where a request comes from
(`Origin`, `Sec-Fetch-Site`), and what is no browser sends neither.

`python -m flows.serve.gate HOST PORT` is the server.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.asgi import HEADERS, hostname, with_headers

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# No frame around the UI, in which a click would be another page's.
_HEADERS = HEADERS | {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names under which the server may be asked for.

    `hosts` are names and addresses without a port. With `any_address` every address that is written in numbers is one,
    too: a page of another site has a name, and cannot pass as them. `public` is the UI's address behind a proxy, as
    (host, port) of the origin of its pages.
    """

    hosts: frozenset[str]
    any_address: bool = False
    public: str | None = None

    def has(self, host: str | None) -> bool:
        """Whether a host of a request is one of us."""
        return host is not None and (host in self.hosts or (self.any_address and _is_address(host)))


def names_of(host: str, ui_url: str | None) -> Names:
    """The names of a server that listens on `host`, and whose UI its operator has given another address, or none."""
    public = urlsplit(ui_url).hostname if ui_url else None
    own = {host.lower(), *([public] if public else [])}
    everywhere = host not in _LOOPBACK
    known = own | _LOOPBACK | ({socket.gethostname().lower()} if everywhere else set())
    return Names(hosts=frozenset(known), any_address=everywhere, public=_origin(ui_url) if ui_url else None)


def refusal(
    kind: Literal["http", "websocket"], method: str, headers: Mapping[str, str], names: Names
) -> tuple[HTTPStatus, str] | None:
    """Why a request is not let through, or ``None``.

    Args:
        kind: what is asked for.
        method: of the request; nothing for a websocket.
        headers: of the request, by lower-case names.
        names: whose requests are ours.
    """
    host = headers.get("host", "")
    if not names.has(hostname(host)):
        return HTTPStatus.MISDIRECTED_REQUEST, "this server goes by another name; behind a proxy, set PREFECT_UI_URL"
    if "origin" in headers and _origin(headers["origin"]) not in {host.lower(), names.public} - {None}:
        return HTTPStatus.FORBIDDEN, "pages of other sites may ask for nothing here"
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not _is_visit(kind, method, headers):
        return HTTPStatus.FORBIDDEN, "pages of other sites may ask for nothing here"
    if kind == "http" and method not in _READING and _has_body(headers) and not _is_json(headers):
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON, with the header Content-Type: application/json"
    return None


class _Gate:
    """Lets only our own requests through, and puts headers for the browser on whatever is answered."""

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        sending = with_headers(send, _HEADERS)
        refused = refusal(scope["type"], scope.get("method", ""), Headers(scope=scope), self._names)
        if refused is None:
            await self._app(scope, receive, sending)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            await PlainTextResponse(f"{refused[1]}\n", refused[0])(scope, receive, sending)


def _is_visit(kind: str, method: str, headers: Mapping[str, str]) -> bool:
    """Whether someone follows a link to the UI, from a message or another page: that page gets nothing of it."""
    return kind == "http" and method == "GET" and _mode(headers) == ("navigate", "document")


def _mode(headers: Mapping[str, str]) -> tuple[str, str]:
    return headers.get("sec-fetch-mode", ""), headers.get("sec-fetch-dest", "")


def _has_body(headers: Mapping[str, str]) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _is_json(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _origin(text: str) -> str | None:
    """The host and port of an origin, as the header Host has them; ``None`` for `null` and what is none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in ("http", "https") and parts.netloc else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def main(host: str, port: int) -> None:
    """Run Prefect's server behind the gate, with the settings of the environment, until told to end."""
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_SERVER_API_KEEPALIVE_TIMEOUT, PREFECT_SERVER_LOGGING_LEVEL

    names = names_of(host, os.environ.get("PREFECT_UI_URL"))
    uvicorn.run(
        _Gate(create_app(final=True), names),
        host=host,
        port=port,
        timeout_keep_alive=PREFECT_SERVER_API_KEEPALIVE_TIMEOUT.value(),
        log_level=PREFECT_SERVER_LOGGING_LEVEL.value().lower(),
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
