"""What the two servers have in common in front of their pages: whom a request is for, and what a browser is told."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Whatever is answered is what it says it is, and no script, picture or window of another site's."""


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """A `send` that puts headers on the answer, in the place of those of the same names."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return sending


def hostname(host: str) -> str | None:
    """The name in the header Host, without a port; ``None`` for what is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
