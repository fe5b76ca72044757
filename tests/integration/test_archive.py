"""Raw responses on disk."""

from __future__ import annotations

import gzip
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.making import make_page

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed, Via
from storage import archive
from storage.archive import Archive, find_pages, read_page

STORY = "http://courier.example/story"
LOCAL = Seed(url="file:///texts/one.txt", via=Via.FILE)


def write(folder: Path, *pages: Page) -> list[Page]:
    """Archive pages as a run does."""
    with Archive(folder, "run") as opened:
        added = [opened.add(page) for page in pages]
        opened.sync()
    return added


def local_page() -> Page:
    """A text file as a page."""
    kind = (("Content-Type", "text/plain"),)
    return Page(seed=LOCAL, final_url=LOCAL.url, body=b"text", fetched_at=datetime.now(UTC), headers=kind)


def test_a_page_comes_back_as_it_went_in(tmp_path: Path) -> None:
    """Body, address, status, time and headers of a response survive."""
    page = make_page("<p>Räksmörgås</p>".encode(), STORY, "text/html; charset=utf-8")
    (added,) = write(tmp_path, page)
    assert added.archive is not None
    back = read_page(page.seed, added.archive)
    assert (back.body, back.final_url, back.status, back.fetched_at) == (page.body, STORY, 200, page.fetched_at)
    assert back.header("content-type") == "text/html; charset=utf-8"
    assert back.archive == added.archive


def test_a_local_file_comes_back_as_it_went_in(tmp_path: Path) -> None:
    """A file has no status; it is archived as a resource."""
    page = Page(
        seed=LOCAL,
        final_url=LOCAL.url,
        body=b"text",
        fetched_at=datetime.now(UTC),
        headers=(("Content-Type", "text/plain"),),
    )
    (added,) = write(tmp_path, page)
    assert added.archive is not None
    assert read_page(LOCAL, added.archive) == added


@given(bodies=st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_any_bytes_survive(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    """Whatever a server sends is read back byte for byte, each record at its own place."""
    pages = [make_page(body, f"{STORY}/{number}", "application/octet-stream") for number, body in enumerate(bodies)]
    added = write(tmp_path_factory.mktemp("archive"), *pages)
    assert [read_page(page.seed, page.archive).body for page in added if page.archive] == bodies


def test_a_compressed_response_is_not_decoded_twice(tmp_path: Path) -> None:
    """The body is stored decoded: what the wire said of its encoding must not mislead a reader."""
    wire = (
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("content-length", "3"),
        ("Transfer-Encoding", "chunked"),
    )
    (added,) = write(tmp_path, replace(make_page(b"<p>plain</p>", STORY), headers=wire))
    assert added.archive is not None
    back = read_page(added.seed, added.archive)
    assert back.body == b"<p>plain</p>"
    assert back.header("x-crawl-content-encoding") == "gzip"
    assert back.header("content-encoding") is None


def test_a_third_party_validator_accepts_the_archive(tmp_path: Path) -> None:
    """`warcio check` finds all digests right."""
    added = write(tmp_path, make_page(b"<p>one</p>", STORY), make_page(b"<p>two</p>", f"{STORY}/2"), local_page())
    assert added[0].archive is not None
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", added[0].archive.file]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count("digest pass") == 3


def test_the_pages_of_an_archive_are_found(tmp_path: Path) -> None:
    """Successful HTML and text responses and resources are pages; images, errors and requests are not."""
    ours = [
        make_page(b"<p>one</p>", STORY),
        make_page(b"\x89PNG", f"{STORY}.png", "image/png"),
        replace(make_page(b"<p>gone</p>", f"{STORY}/gone"), status=404),
        make_page(b"text", f"{STORY}.txt", "text/plain"),
        local_page(),
    ]
    added = write(tmp_path, *ours)
    (file,) = tmp_path.iterdir()
    found = list(find_pages(file))
    assert [one.url for one in found] == [STORY, f"{STORY}.txt", LOCAL.url]
    assert [one.pointer for one in found] == [added[0].archive, added[3].archive, added[4].archive]


def test_other_peoples_archives_are_read(tmp_path: Path) -> None:
    """An uncompressed file with a gzip-encoded, chunked response, as other crawlers write it."""
    body = gzip.compress(b"<p>from elsewhere</p>")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <{STORY}>\r\nWARC-Date: 2026-03-14T12:00:00Z\r\n"
    length = f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http\r\nContent-Length: {len(http + chunked)}"
    path = tmp_path / "theirs.warc"
    path.write_bytes(f"{head}{length}\r\n\r\n".encode() + http + chunked + b"\r\n\r\n")
    (found,) = find_pages(path)
    page = read_page(Seed(url=found.url, via=Via.WARC), found.pointer)
    assert (page.body, page.final_url, page.status) == (b"<p>from elsewhere</p>", STORY, 200)


def test_a_record_that_inflates_without_end_is_read_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a compressed bomb in somebody's archive only so much is unpacked."""
    monkeypatch.setattr(archive, "MAX_BODY_BYTES", 1000)
    (added,) = write(tmp_path, make_page(bytes(5_000_000), STORY))
    assert added.archive is not None
    assert len(read_page(added.seed, added.archive).body) == 1001


def test_an_archive_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    """The pages before the damage are found; the damage is an error that names the file."""
    write(tmp_path, make_page(b"<p>one</p>", STORY), make_page(b"<p>two</p>" * 500, f"{STORY}/2"))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-60])
    found: list[str] = []
    with pytest.raises(StorageError, match=file.name):
        found.extend(one.url for one in find_pages(file))
    assert found[:1] == [STORY]


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"\x1f\x8b\x08\x00garbage"])
def test_what_is_no_archive_is_an_error_that_names_the_file(tmp_path: Path, damage: bytes) -> None:
    """An empty or foreign file is refused in one line; an empty one just has no pages."""
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(damage)
    if damage:
        with pytest.raises(StorageError, match=r"odd\.warc\.gz"):
            list(find_pages(path))
    else:
        assert list(find_pages(path)) == []
    with pytest.raises(StorageError, match=r"odd\.warc\.gz"):
        read_page(LOCAL, ArchivePointer(file=str(path), offset=0))


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    """The run stops with what to do."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with Archive(tmp_path / "file" / "archive", "run") as opened, pytest.raises(StorageError, match="cannot write"):
        opened.add(make_page(b"x", STORY))


def test_a_run_without_pages_leaves_no_file(tmp_path: Path) -> None:
    """The file is begun with the first page."""
    write(tmp_path / "archive")
    assert not (tmp_path / "archive").exists()
