"""The proxy of the settings, if there is one. Pure.

Proxies in the environment (HTTP_PROXY and the like) are never read: where requests go is a setting like any other.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import httpcore

from ingest.errors import ConfigError


def read_proxy(text: str) -> httpcore.Proxy:
    """Read "http://host:port" or "http://user:password@host:port" (RFC 3986, reserved characters percent-encoded).

    Raises:
        ConfigError: It is no such thing. The message does not repeat it: it may hold a password.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
        plain = parts.path in ("", "/") and not parts.query and not parts.fragment
        url = httpcore.URL(scheme="http", host=(host or "").encode("idna"), port=port or 80, target="/")
    except ValueError:  # of the port, or (UnicodeError) of the host
        host = None
    if not host or parts.scheme != "http" or not plain:
        raise ConfigError("the proxy must be like http://host:port or http://user:password@host:port")
    if parts.username is None:
        return httpcore.Proxy(url)
    # bytes: httpcore takes text for ASCII, RFC 7617 (2.1) recommends UTF-8
    auth = (unquote(parts.username).encode(), unquote(parts.password or "").encode())
    return httpcore.Proxy(url, auth=auth)
