"""OPML: lists of feeds to sources and back, and what feed readers of all kinds write into them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from flows.cli.sources import app
from ingest.errors import InputError
from ingest.opml import read_opml, write_opml
from ingest.sources import Source, load_sources

LIST = b"""<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="News">
<outline text="The Bay" title="The Bay" type="rss" xmlUrl="https://bay.example/feed" language="en"/>
<outline text="The Bay" xmlUrl="https://bay.example/sport"/><outline text="The Bay" xmlUrl="https://bay.example/feed"/>
</outline><outline text="Kusten &amp; havet" xmlUrl="https://kusten.example/rss" language="no such code"/>
<outline text="Mail" xmlUrl="mailto:x@bay.example"/><outline text="A folder"/></body></opml>"""


def test_a_list_becomes_sources() -> None:
    """A source for each name, with all its feeds once; folders are none, and what is no feed is said."""
    found, problems = read_opml(LIST)
    assert found == [
        Source(name="The Bay", feeds=("https://bay.example/feed", "https://bay.example/sport"), language="en"),
        Source(name="Kusten & havet", feeds=("https://kusten.example/rss",)),
    ]
    assert [one.partition(":")[0] for one in problems] == ["Mail"]


@pytest.mark.parametrize("body", [b"", b"{}", b"<rss/>", b"<html><body>opml</body></html>", b"\xff\xfe"])
def test_what_is_no_list_is_one_line(body: bytes) -> None:
    """Whatever is given."""
    with pytest.raises(InputError, match="no OPML"):
        read_opml(body)


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    """A list from elsewhere reads no file of this machine."""
    (tmp_path / "secret").write_text("hush", "utf-8")
    uri = (tmp_path / "secret").as_uri()
    body = f'<!DOCTYPE opml [<!ENTITY e SYSTEM "{uri}">]>{LIST.decode()[21:]}'.replace("A folder", "&e;")
    found, problems = read_opml(body.encode())
    assert "hush" not in repr((found, problems))


_NAMES = st.text(st.characters(categories=("L", "N", "S", "P"), codec="utf-8"), min_size=1, max_size=30)


@given(st.lists(_NAMES, unique=True, max_size=5))
def test_what_was_exported_is_imported_alike(names: list[str]) -> None:
    """Names of any letters and signs, and languages, come back."""
    sources = [Source(name=name, feeds=(f"https://{at}.example/feed",), language="sv") for at, name in enumerate(names)]
    assert read_opml(write_opml(sources)) == (sources, [])


def test_import_adds_what_is_new_and_export_gives_it_back(tmp_path: Path) -> None:
    """Twice the same list adds it once; a dry run adds nothing."""
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "Old"\nfeeds = ["https://kusten.example/rss"]\n', "utf-8"
    )
    (tmp_path / "feeds.opml").write_bytes(LIST)
    call = ["import", str(tmp_path / "feeds.opml"), "--config", str(tmp_path)]
    for options, count in (("--dry-run",), 1), ((), 2), ((), 2):
        assert CliRunner().invoke(app, [*call, *options]).exit_code == 0
        assert len(load_sources(tmp_path / "sources.toml")) == count
    done = CliRunner().invoke(app, ["export", "--out", str(tmp_path / "out.opml"), "--config", str(tmp_path)])
    assert done.exit_code == 0
    found, _ = read_opml((tmp_path / "out.opml").read_bytes())
    assert [one.name for one in found] == ["Old", "The Bay"]
