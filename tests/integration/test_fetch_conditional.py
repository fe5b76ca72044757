"""Asking again: 304, the same body, redirects on the way, and servers that lie."""

from __future__ import annotations

from hashlib import sha256

import pytest
from support.fetching import policy_for
from support.hostile import Answer, Handler, HostileServer, encoded, redirect, reply

from ingest.fetch.fetcher import HttpFetcher
from ingest.model import Page, Seed, Validators
from ingest.outcome import Reason, Rejection, Unmodified

MODIFIED = "Sun, 01 Mar 2026 12:00:00 GMT"
TEXT = "<p>Паром ушёл в шесть.</p>".encode()


def versioned(etag: str | None, modified: str | None = None, body: bytes = TEXT) -> Answer:
    """A page that answers conditions as RFC 9110 (13.2.2) says: the tag where one is sent, else the date."""
    names = (("ETag", etag), ("Last-Modified", modified))
    headers = tuple((name, value) for name, value in names if value is not None)

    def answer(handler: Handler) -> None:
        asked_tag, asked_date = handler.headers["If-None-Match"], handler.headers["If-Modified-Since"]
        held = asked_tag == etag if asked_tag else asked_date is not None and asked_date == modified
        (reply(b"", status=304, headers=headers) if held else reply(body, headers=headers))(handler)

    return answer


def _ask(server: HostileServer, path: str, validators: Validators | None) -> Page | Unmodified | Rejection:
    with HttpFetcher(policy_for(server)) as fetcher:
        return fetcher.fetch(Seed(url=server.url(path), validators=validators))


@pytest.mark.parametrize(("etag", "modified"), [('W/"a-1"', None), (None, MODIFIED), ('"a"', MODIFIED)])
def test_what_we_hold_is_not_sent_again(server: HostileServer, etag: str | None, modified: str | None) -> None:
    """The validators of one answer, sent back, make the next a 304; another version comes in full."""
    server.answers["/a"] = versioned(etag, modified)
    first = _ask(server, "/a", None)
    assert isinstance(first, Page)
    held = Validators(etag=first.header("etag"), last_modified=first.header("last-modified"))
    second = _ask(server, "/a", held)
    assert isinstance(second, Unmodified)
    assert (second.seed.validators, second.how) == (held, "304")
    server.answers["/a"] = versioned('"b"', "Mon, 02 Mar 2026 12:00:00 GMT", b"<p>new</p>")
    third = _ask(server, "/a", held)
    assert isinstance(third, Page)
    assert third.body == b"<p>new</p>"


def test_a_304_keeps_the_connection_and_the_place(server: HostileServer) -> None:
    """An answer without a page takes no place from the pages, however many there are, and the connection goes on."""
    ports: set[int] = set()

    def answer(handler: Handler) -> None:
        ports.add(handler.client_address[1])
        versioned('"a"')(handler)

    server.answers |= {f"/{number}": answer for number in range(12)}
    seeds = [Seed(url=server.url(f"/{number}"), validators=Validators(etag='"a"')) for number in range(12)]
    with HttpFetcher(policy_for(server, concurrency=1)) as fetcher:
        results = list(fetcher.fetch_many(seeds))
    assert [type(result) for result in results] == [Unmodified] * 12
    assert len(ports) == 1


def test_the_same_body_is_unmodified(server: HostileServer) -> None:
    """Servers without validators: the decoded body is compared, however it was packed."""
    import gzip

    held = Validators(body_sha256=sha256(TEXT).hexdigest())
    server.answers |= {"/a": reply(TEXT), "/b": encoded(gzip.compress(TEXT), "gzip"), "/c": reply(TEXT + b" ")}
    results = [_ask(server, path, held) for path in ("/a", "/b", "/c")]
    assert [type(result) for result in results] == [Unmodified, Unmodified, Page]
    assert [result.how for result in results if isinstance(result, Unmodified)] == ["same body"] * 2
    assert not any("if-none-match" in hit.headers for hit in server.hits)


def test_a_304_that_nobody_asked_for_is_a_fault(server: HostileServer) -> None:
    """Without a condition there is nothing that could be unmodified."""
    server.answers["/a"] = reply(b"", status=304)
    for validators in (None, Validators(body_sha256="0" * 64)):
        got = _ask(server, "/a", validators)
        assert isinstance(got, Rejection)
        assert (got.reason, got.detail) == (Reason.HTTP_ERROR, "HTTP 304, although it was not told what we hold")


def test_a_tag_is_asked_for_behind_a_redirect(server: HostileServer) -> None:
    """The tag belongs to the page at the end of the redirects, and that is where it is looked at."""
    server.answers |= {"/old": redirect("/new"), "/new": versioned('"a"')}
    got = _ask(server, "/old", Validators(etag='"a"', last_modified=MODIFIED))
    assert isinstance(got, Unmodified)
    assert [hit.headers.get("if-none-match") for hit in server.hits if hit.path != "/robots.txt"] == ['"a"', '"a"']


def test_a_date_does_not_make_another_page_ours(server: HostileServer) -> None:
    """A lost article that redirects to an older front page is not "unmodified"."""

    def since(handler: Handler) -> None:
        old = handler.headers["If-Modified-Since"] is not None
        reply(b"" if old else b"<p>front page</p>", status=304 if old else 200)(handler)

    server.answers |= {"/lost": redirect("/"), "/": since}
    got = _ask(server, "/lost", Validators(last_modified=MODIFIED))
    assert isinstance(got, Page)
    assert (got.body, got.final_url) == (b"<p>front page</p>", server.url("/"))


def test_robots_txt_is_never_asked_for_conditionally(server: HostileServer) -> None:
    """The validators are those of the page."""
    server.answers["/a"] = versioned('"a"')
    _ask(server, "/a", Validators(etag='"a"', last_modified=MODIFIED))
    robots_txt = next(hit for hit in server.hits if hit.path == "/robots.txt")
    assert not {"if-none-match", "if-modified-since"} & set(robots_txt.headers)


def test_a_page_tells_how_it_was_come_by(server: HostileServer) -> None:
    """The URLs asked before, the headers as they went out with Host first, and the address that answered."""
    server.answers |= {"/a": redirect("/b"), "/b": redirect("/c"), "/c": reply(TEXT)}
    got = _ask(server, "/a", Validators(etag='"å"'))
    assert isinstance(got, Page)
    assert got.redirects == (server.url("/a"), server.url("/b"))
    assert got.address == "127.0.0.1"
    assert got.request[0] == ("Host", f"127.0.0.1:{server.port}")
    assert dict(got.request)["If-None-Match"] == '"å"'
    assert server.hits[-1].headers == {name.lower(): value for name, value in got.request}
