"""Discovery against a real server on loopback, with listings as they are and as nobody should make them."""

from __future__ import annotations

import errno
import gzip
import json
from pathlib import Path

import pytest
from support.fetching import policy_for
from support.hostile import Handler, HostileServer, bomb, encoded, redirect, reply
from typer.testing import CliRunner, Result

from flows.cli.app import app
from ingest.discover.gather import Discovery
from ingest.discover.listing import Kind
from ingest.errors import ConfigError, InputError
from ingest.fetch.fetcher import HttpFetcher
from ingest.model import Validators
from ingest.outcome import Reason
from ingest.sources import Source, as_toml, discover, load_sources

XML = "application/xml"
RSS = '<rss version="2.0"><channel><title>The Bay</title>{}</channel></rss>'


def _items(server: HostileServer, *paths: str) -> str:
    return RSS.format("".join(f"<item><title>{path}</title><link>{server.url(path)}</link></item>" for path in paths))


def _discover(server: HostileServer, known: dict[str, Validators] | None = None, **listings: list[str]) -> Discovery:
    policy = policy_for(server)
    source = Source.model_validate(
        {"name": "bay", **{kind: [server.url(path) for path in paths] for kind, paths in listings.items()}}
    )
    with HttpFetcher(policy) as fetcher:
        return discover(source, lambda seed: fetcher.fetch(seed, limit_bytes=policy.max_feed_bytes), known=known or {})


def test_a_night_with_everything(server: HostileServer) -> None:
    """Feeds in two charsets, an index with a packed child, and a section page; each listing has its report."""
    cyrillic = '<?xml version="1.0" encoding="windows-1251"?>' + _items(server, "/паром")
    server.answers["/rss"] = reply(_items(server, "/1").encode(), content_type="text/html")
    server.answers["/cp1251"] = reply(cyrillic.encode("cp1251"), content_type="text/xml; charset=utf-8")
    index = f"<sitemapindex><sitemap><loc>{server.url('/a.xml.gz')}</loc></sitemap></sitemapindex>"
    server.answers["/sitemap.xml"] = reply(index.encode(), content_type=XML)
    child = f"<urlset><url><loc>{server.url('/2')}</loc></url></urlset>"
    server.answers["/a.xml.gz"] = reply(gzip.compress(child.encode()), content_type="application/x-gzip")
    server.answers["/news/"] = reply(b'<h2><a href="/2024/04/01/the-bell-rings-again">The bell rings again</a></h2>')
    found = _discover(server, feeds=["/rss", "/cp1251"], sitemaps=["/sitemap.xml"], pages=["/news/"])
    assert [seed.url.removeprefix(server.url("")) for seed in found.seeds] == [
        "/1",
        "/паром",
        "/2",
        "/2024/04/01/the-bell-rings-again",
    ]
    assert [seed.title for seed in found.seeds] == ["/1", "/паром", None, "The bell rings again"]
    assert [(one.kind, one.entries, one.fresh, one.rejection) for one in found.listings] == [
        (Kind.RSS, 1, 1, None),
        (Kind.RSS, 1, 1, None),
        (Kind.SITEMAP_INDEX, 1, 0, None),
        (Kind.SITEMAP, 1, 1, None),
        (Kind.PAGE, 1, 1, None),
    ]


def test_a_night_with_nothing_but_trouble(server: HostileServer) -> None:
    """Every kind of broken listing is refused with its reason, and the last one is read all the same."""
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "ha"}">' for level in range(10))
    server.answers["/html"] = reply(b'<link rel="alternate" type="application/rss+xml" href="/rss"><p>Moved')
    server.answers["/empty"] = reply(b"", content_type=XML)
    server.answers["/laughs"] = reply(
        f"<!DOCTYPE rss [{laughs}]>{RSS.format('<item><title>&l9;</title><link>/4</link></item>')}".encode(),
        content_type=XML,
    )
    server.answers["/bomb.gz"] = reply(gzip.compress(b"<urlset>" + b" " * 60_000_000), content_type="application/gzip")
    server.answers["/encoded"] = encoded(bomb(60), "gzip")
    urls = "".join(f"<url><loc>{server.url('')}/{number}</loc></url>" for number in range(60_000))
    server.answers["/long"] = reply(f"<urlset>{urls}</urlset>".encode(), content_type=XML)
    circle = f"<sitemapindex><sitemap><loc>{server.url('/circle')}</loc></sitemap></sitemapindex>"
    server.answers["/circle"] = reply(circle.encode(), content_type=XML)
    server.answers["/away"] = redirect("/rss")
    server.answers["/rss"] = reply(_items(server, "/5").encode(), content_type=XML)
    paths = ["/html", "/empty", "/laughs", "/bomb.gz", "/encoded", "/long", "/circle", "/gone", "/away"]
    found = _discover(server, feeds=paths)
    reports = {one.address.removeprefix(server.url("")): one for one in found.listings}
    assert list(reports) == paths
    refused = {path: one.rejection for path, one in reports.items() if one.rejection is not None}
    assert {path: rejection.reason for path, rejection in refused.items()} == {
        "/html": Reason.BAD_FEED,
        "/empty": Reason.BAD_FEED,
        "/bomb.gz": Reason.BAD_FEED,
        "/encoded": Reason.TOO_BIG,
        "/gone": Reason.NOT_FOUND,
    }
    assert server.url("/rss") in refused["/html"].detail
    assert "more than 200 times as much" in refused["/bomb.gz"].detail
    assert (reports["/laughs"].fresh, reports["/long"].entries, reports["/circle"].kind) == (
        1,
        50_000,
        Kind.SITEMAP_INDEX,
    )
    assert reports["/away"].notes == (f"sent on to {server.url('/rss')}",)
    assert server.url("/5") in {seed.url for seed in found.seeds}


def test_what_has_not_changed_is_not_sent_again(server: HostileServer) -> None:
    """The validators of one night are what is asked with in the next, and 304 is no failure."""
    body = _items(server, "/1").encode()

    def conditional(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"7"'
        reply(b"" if same else body, status=304 if same else 200, headers=(("ETag", '"7"'),))(handler)

    server.answers["/rss"] = conditional
    server.answers["/plain"] = reply(body, content_type=XML)
    first = _discover(server, feeds=["/rss", "/plain"])
    known = {one.address: one.validators for one in first.listings if one.validators is not None}
    second = _discover(server, known, feeds=["/rss", "/plain"])
    assert (len(first.seeds), len(second.seeds), second.broken) == (1, 0, False)
    assert [(one.unmodified, one.validators) for one in second.listings] == [
        ("304", known[server.url("/rss")]),
        ("same body", known[server.url("/plain")]),
    ]


def _invoke(server: HostileServer, config: Path, *arguments: str) -> Result:
    environment = {"NEWSMILL_FETCH__ALLOW_PRIVATE": f"127.0.0.1:{server.port}", "NEWSMILL_FETCH__DELAY_S": "0"}
    return CliRunner().invoke(app, ["sources", *arguments, "--config", str(config)], env=environment)


def test_sources_check(server: HostileServer, tmp_path: Path) -> None:
    """The command shows what each listing has, and fails if a source announces nothing."""
    server.answers["/rss"] = reply(_items(server, "/1", "/2").encode(), content_type=XML)
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "Bay"\nfeeds = ["{server.url("/rss")}", "{server.url("/gone")}"]\npaywall = "hard"\n'
        f'expect.min_articles = 5\n[[source]]\nname = "Quiet"\nfeeds = ["{server.url("/silence")}"]\n',
        encoding="utf-8",
    )
    whole = _invoke(server, tmp_path, "check")
    assert whole.exit_code == 1
    for shown in ("Bay (hard paywall)", "rss", "not_found: HTTP 404", "Bay: announces 2 articles, and 5 are expected"):
        assert shown in whole.stdout
    assert "Quiet: not one of its listings can be read" in whole.stdout
    one = _invoke(server, tmp_path, "check", "Bay", "--json")
    assert one.exit_code == 0
    (bay,) = json.loads(one.stdout)["sources"]
    assert (bay["name"], bay["articles"], bay["listings"][0]["entries"]) == ("Bay", 2, 2)
    assert bay["listings"][1]["reason"] == "not_found"


def _site(server: HostileServer) -> Source:
    """A site with a feed and a sitemap, and the source that it makes."""
    head = '<title>Bay "News"</title><link rel="alternate" type="application/rss+xml" href="/rss">'
    server.answers["/"] = reply(f'<html lang="sv"><head>{head}</head></html>'.encode())
    server.answers["/rss"] = reply(_items(server, "/1").encode(), content_type=XML)
    server.answers["/robots.txt"] = reply(f"Sitemap: {server.url('/map')}".encode(), content_type="text/plain")
    server.answers["/map"] = reply(f"<urlset><url><loc>{server.url('/2')}</loc></url></urlset>".encode())
    return Source(name='Bay "News"', feeds=(server.url("/rss"),), sitemaps=(server.url("/map"),), language="sv")


def test_sources_add(server: HostileServer, tmp_path: Path) -> None:
    """What is found is shown, and written after what is there; the file is made if it is missing."""
    wanted, file = _site(server), tmp_path / "sources.toml"
    tried = _invoke(server, tmp_path, "add", server.url("/"), "--dry-run")
    assert (tried.exit_code, file.exists()) == (0, False)
    assert as_toml(wanted) in tried.stdout
    assert _invoke(server, tmp_path, "add", server.url("/")).exit_code == 0
    assert load_sources(file) == (wanted,)
    file.write_text("# Ours\n\n" + file.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    file.chmod(0o640)
    server.answers["/rss"] = reply(b"", status=404)
    assert _invoke(server, tmp_path, "add", server.url("/"), "--name", "Map").exit_code == 0
    assert [source.name for source in load_sources(file)] == ['Bay "News"', "Map"]
    assert file.read_text(encoding="utf-8").startswith("# Ours\n\n[[source]]")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["sources.toml"]


def test_a_disk_that_is_full_costs_no_source(
    server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file stays as it was, and no half-written one is left beside it."""
    file = tmp_path / "sources.toml"
    file.write_text("# Ours\n", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _site(server)
    monkeypatch.setattr("flows.cli.new_source.os.fsync", full)
    result = _invoke(server, tmp_path, "add", server.url("/"))
    assert isinstance(result.exception, ConfigError)
    assert "No space left" in str(result.exception)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["# Ours\n"]


@pytest.mark.parametrize("name", [None, 'Bay "News"', "Another"])
def test_a_source_that_is_there_is_not_added_again(server: HostileServer, tmp_path: Path, name: str | None) -> None:
    """Neither a name nor a feed can stand in the file twice."""
    file = tmp_path / "sources.toml"
    file.write_text(as_toml(_site(server)), encoding="utf-8")
    before = file.read_bytes()
    result = _invoke(server, tmp_path, "add", server.url("/"), *(["--name", name] if name else []))
    assert isinstance(result.exception, ConfigError)
    assert "already" in str(result.exception)
    assert before == file.read_bytes()


def test_an_address_that_cannot_be_added(server: HostileServer, tmp_path: Path) -> None:
    """What cannot be had, or announces nothing, is an error that says so, and the file stays as it is."""
    server.answers["/nothing"] = reply(b"<p>Under construction")
    for path, told in (("/gone", "not_found"), ("/nothing", "no feed, no sitemap and no link")):
        result = _invoke(server, tmp_path, "add", server.url(path))
        assert isinstance(result.exception, InputError)
        assert told in str(result.exception)
    assert not (tmp_path / "sources.toml").exists()
