"""How a proxy is written in the settings."""

from __future__ import annotations

import base64

import pytest

from ingest.errors import ConfigError
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.proxy import read_proxy


def test_a_proxy_is_host_and_port() -> None:
    """Without a port it is that of http."""
    assert str(read_proxy("http://proxy.test:3128/").url.origin) == "http://proxy.test:3128"
    assert read_proxy("http://[::1]").url.origin.port == 80
    assert read_proxy("http://proxy.test").auth is None


def test_credentials_are_percent_decoded() -> None:
    """A password may hold anything, also what ends a host or is no ASCII."""
    proxy = read_proxy("http://ann%40desk:sn%C3%B6%3A%2F@proxy.test:3128")
    assert proxy.auth == (b"ann@desk", "snö:/".encode())
    sent = dict(proxy.headers)[b"Proxy-Authorization"]
    assert base64.b64decode(sent.removeprefix(b"Basic ")) == "ann@desk:snö:/".encode()


@pytest.mark.parametrize(
    "text",
    ["", "proxy.test:3128", "https://ann:secret@proxy.test", "socks5://ann:secret@proxy.test", "http://ann:secret@",
     "http://ann:secret@proxy.test:99999", "http://ann:secret@proxy.test/path", "http://ann:secret@[::1"],
)  # fmt: skip
def test_anything_else_is_a_wrong_setting(text: str) -> None:
    """The message says what it should be, and repeats no password."""
    with pytest.raises(ConfigError, match="the proxy must be like") as caught:
        read_proxy(text)
    assert "secret" not in str(caught.value)


def test_a_policy_does_not_show_its_proxy() -> None:
    """Policies are printed and logged."""
    assert "secret" not in repr(FetchPolicy(proxy="http://ann:secret@proxy.test"))
