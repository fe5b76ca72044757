"""Our own archive: what is written, what a kill or a full disk leaves of it, and what is found again."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import example, given
from hypothesis import strategies as st
from support.making import make_page

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed, Via
from storage.archive import Archive, Recovered, find_pages, read_page, recover

STORY = "http://courier.example/story"
LOCAL = Seed(url="file:///texts/one.txt", via=Via.FILE)
FEED = Seed(
    url="http://courier.example/s?utm_source=rss",
    source="courier",
    via=Via.FEED,
    title="Räksmörgås: цены растут",
    published_at=datetime(2026, 3, 14, 9, 30, tzinfo=timezone(timedelta(hours=3))),
    language="sv",
)


def fetched_page(number: int = 0, body: bytes = b"<p>Text</p>") -> Page:
    """A page as it comes from the web by way of a feed and a redirect."""
    return Page(
        seed=replace(FEED, url=f"{FEED.url}&n={number}"),
        final_url=f"https://courier.example/story/{number}?lang=sv",
        body=body,
        fetched_at=datetime(2026, 3, 14, 12, 0, 0, 123456, tzinfo=UTC) + timedelta(seconds=number),
        status=200,
        headers=(("content-type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        redirects=(FEED.url, "http://courier.example/story"),
        request=(("Host", "courier.example"), ("User-Agent", "newsmill")),
        address="203.0.113.7",
    )


def local_page() -> Page:
    """A text file as a page."""
    kind = (("Content-Type", "text/plain"),)
    return Page(seed=LOCAL, final_url=LOCAL.url, body=b"text", fetched_at=datetime.now(UTC), headers=kind)


def write(folder: Path, *pages: Page, run_id: str = "run", max_bytes: int = 10**9) -> list[Page]:
    """Archive pages as a run does."""
    with Archive(folder, run_id, max_bytes) as opened:
        added = [opened.add(page, f"key of {page.seed.url}") for page in pages]
        opened.sync()
    return added


def place(page: Page) -> ArchivePointer:
    """Where a page lies."""
    assert page.archive is not None
    return page.archive


def again(page: Page) -> Page:
    """A page as it is read back."""
    return read_page(page.seed, place(page))


def check(folder: Path) -> int:
    """Have warcio and FastWARC verify all digests of all files; returns how many records they passed."""
    files = sorted(str(path) for path in folder.iterdir())
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    passed = result.stdout.count("digest pass")
    verified = 0
    for file in files:
        for record in ArchiveIterator(file, parse_http=False):
            assert record.verify_block_digest()
            if record.record_type == WarcRecordType.response:
                record.parse_http()
                assert record.verify_payload_digest()
            verified += 1
    assert passed == verified == sum(1 for file in files for _ in ArchiveIterator(file, verify_digests=True))
    return passed


def test_a_page_comes_back_as_it_went_in(tmp_path: Path) -> None:
    """All of it: the seed's redirects, what was sent, who answered, and the time to the microsecond."""
    added = write(tmp_path, fetched_page(), local_page(), make_page(b"<p>no request known</p>", STORY))
    assert [again(page) for page in added] == added


def test_the_records_of_a_page_are_those_of_the_standard(tmp_path: Path) -> None:
    """A file describes itself; response, request and metadata belong together and name their file's description."""
    write(tmp_path, fetched_page())
    (file,) = tmp_path.iterdir()
    records = [(dict(one.headers), one.reader.read().decode()) for one in ArchiveIterator(str(file), parse_http=False)]
    assert [head["WARC-Type"] for head, _ in records] == ["warcinfo", "response", "request", "metadata"]
    (info, about), (response, page), (request, sent), (metadata, heard) = records
    assert info["WARC-Filename"] == file.name
    assert "robots: obey\r\n" in about
    assert "conformsTo: https://iipc.github.io/" in about
    assert {info["WARC-Record-ID"]} == {one["WARC-Warcinfo-ID"] for one in (response, request, metadata)}
    assert {response["WARC-Record-ID"]} == {one["WARC-Concurrent-To"] for one in (request, metadata)}
    assert (response["WARC-IP-Address"], response["WARC-Date"]) == ("203.0.113.7", "2026-03-14T12:00:00.123456Z")
    assert page.startswith("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n")
    assert sent == "GET /story/0?lang=sv HTTP/1.1\r\nHost: courier.example\r\nUser-Agent: newsmill\r\n\r\n"
    assert f"seedTitle: {FEED.title}\r\n" in heard
    assert heard.count("redirectedFrom: ") == 2
    assert b"\r\n".join([b"WARC/1.1", b""]) in subprocess.check_output(["gzip", "-dc", str(file)])


def test_third_parties_accept_what_is_written(tmp_path: Path) -> None:
    """warcio and FastWARC find all digests right, in every file of a run."""
    write(tmp_path, *(fetched_page(number) for number in range(3)), local_page(), max_bytes=1)
    assert check(tmp_path) == 4 + 3 * 3 + 2


def test_a_compressed_response_is_not_decoded_twice(tmp_path: Path) -> None:
    """The body is stored decoded, and what the wire said of its encoding where readers do not heed it."""
    wire = (("Content-Encoding", "gzip"), ("content-length", "3"), ("Transfer-Encoding", "chunked"))
    (added,) = write(tmp_path, replace(fetched_page(body=b"<p>plain</p>"), headers=wire))
    assert again(added) == added
    records = ArchiveIterator(place(added).file, WarcRecordType.response, auto_decode="all")
    (theirs,) = [(one.http_headers.get("X-Crawl-Content-Encoding"), one.reader.read()) for one in records]
    assert theirs == ("gzip", b"<p>plain</p>")


TOKENS = st.text("abcXYZ019-_!", min_size=1, max_size=12)
VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30).map(
    lambda one: one.strip(" \t")
)
PAGES = st.builds(
    replace,
    st.builds(fetched_page, st.integers(0, 99), st.binary(max_size=300)),
    status=st.integers(200, 599),
    headers=st.lists(st.tuples(TOKENS | st.just("X-Crawl-Content-Length"), VALUES), max_size=5).map(tuple),
    fetched_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(pages=st.lists(PAGES, min_size=1, max_size=4))
def test_any_page_survives(tmp_path_factory: pytest.TempPathFactory, pages: list[Page]) -> None:
    """Whatever a server sends is read back byte for byte, each page at its own place."""
    added = write(tmp_path_factory.mktemp("archive"), *pages)
    assert [again(page) for page in added] == added


def one_line(text: str) -> str:
    """A text as it stands in a metadata record."""
    return re.sub(r"[\r\n\0]+", " ", text).encode("utf-8", "replace").decode()


HOSTILE = st.text(st.sampled_from("\r\n\0\t :abWARC/1.Ж\x85\u2028\ud800ÿ"), max_size=30)


@given(name=HOSTILE, value=HOSTILE, title=HOSTILE, url=HOSTILE)
@example(
    name="a\r\n\r\nWARC/1.1", value="b\r\n\r\nWARC/1.1\r\n", title="t\r\nstateKey: forged", url="\r\nWARC-Type: request"
)
def test_nothing_that_a_server_says_breaks_the_records(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str, title: str, url: str
) -> None:
    """Line breaks, NUL and what is not Latin-1, in headers, titles and URLs, stay inside their own line."""
    folder = tmp_path_factory.mktemp("archive")
    hostile = replace(
        fetched_page(),
        final_url=f"https://courier.example/{url}",
        headers=((name, value), ("ETag", "mine")),
        request=((name, value),),
        redirects=(url,),
        address=value,
        seed=replace(FEED, title=title, url=url),
    )
    added = write(folder, hostile, replace(local_page(), headers=(("Content-Type", value),)), fetched_page(1))
    assert [page.body for page in added] == [again(page).body for page in added]
    assert (again(added[0]).header("etag"), again(added[2])) == ("mine", added[2])
    assert len(again(added[0]).headers) == 2
    records = [one.headers["WARC-Type"] for one in ArchiveIterator(place(added[0]).file, verify_digests=True)]
    page_records = ["response", "request", "metadata"]
    assert records == ["warcinfo", *page_records, "resource", "metadata", *page_records]
    left = list(recover(folder, ["run"], ()))
    assert [one.key for one in left] == [one_line(f"key of {page.seed.url}") for page in added]
    seed = hostile.seed
    assert left[0].seed == replace(seed, title=seed.title and one_line(seed.title), url=one_line(seed.url))
    assert again(added[0]).redirects == tuple(map(one_line, hostile.redirects))


def test_the_pages_of_our_own_archive_are_found(tmp_path: Path) -> None:
    """Successful HTML and text responses and resources are pages; images, errors and requests are not."""
    ours = [
        fetched_page(),
        make_page(b"\x89PNG", f"{STORY}.png", "image/png"),
        replace(make_page(b"<p>gone</p>", f"{STORY}/gone"), status=404),
        make_page(b"text", f"{STORY}.txt", "text/plain"),
        local_page(),
    ]
    added = write(tmp_path, *ours)
    (file,) = tmp_path.iterdir()
    found = list(find_pages(file))
    assert [one.url for one in found] == [ours[0].final_url, f"{STORY}.txt", LOCAL.url]
    assert [one.pointer for one in found] == [added[0].archive, added[3].archive, added[4].archive]


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    """Files are numbered in the order they were written; a page never spans two."""
    added = write(tmp_path, *(fetched_page(number, os.urandom(400)) for number in range(6)), max_bytes=3000)
    files = list(dict.fromkeys(Path(place(page).file).name for page in added))
    assert files[:2] == ["newsmill-run-00000.warc.gz", "newsmill-run-00001.warc.gz"]
    assert files == sorted(path.name for path in tmp_path.iterdir())
    assert all(path.stat().st_size < 3000 + 2000 for path in tmp_path.iterdir())
    assert [again(page) for page in added] == added


def test_an_archive_opened_again_writes_no_file_that_is_there(tmp_path: Path) -> None:
    """Even under the same run: the end of what is there may be torn."""
    (first,) = write(tmp_path, fetched_page(0))
    path = Path(place(first).file)
    path.write_bytes(path.read_bytes()[:-100])
    (second,) = write(tmp_path, fetched_page(1))
    assert place(second).file.endswith("newsmill-run-00001.warc.gz")
    assert (again(first).body, again(second)) == (first.body, second)


def test_a_run_without_pages_leaves_no_file(tmp_path: Path) -> None:
    """The file is begun with the first page."""
    write(tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    """The run stops with what to do."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with Archive(tmp_path / "file" / "archive", "run") as opened, pytest.raises(StorageError, match="make room"):
        opened.add(make_page(b"x", STORY))


@contextmanager
def room(limit: int) -> Iterator[None]:
    """No file may grow beyond a size: a write comes through in part, then fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    """The page that finds no room is an error; those before and, once there is room, those after are whole."""
    with Archive(tmp_path, "run") as opened:
        first = opened.add(fetched_page(0))
        size = Path(place(first).file).stat().st_size
        with room(size + 1000), pytest.raises(StorageError, match="make room"):
            opened.add(fetched_page(1, os.urandom(50_000)))
        assert Path(place(first).file).stat().st_size == size
        second = opened.add(fetched_page(2))
        opened.sync()
    assert [again(first), again(second)] == [first, second]
    assert check(tmp_path) == 7


def test_a_disk_too_full_to_begin_a_file_leaves_none(tmp_path: Path) -> None:
    """No empty file stays behind, and the archive works once there is room."""
    with Archive(tmp_path, "run") as opened:
        with room(100), pytest.raises(StorageError, match="make room"):
            opened.add(fetched_page(0))
        assert list(tmp_path.iterdir()) == []
        assert again(opened.add(fetched_page(1))).body == fetched_page(1).body


WRITE_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.model import Page, Seed
from storage.archive import Archive

opened = Archive(Path(sys.argv[1]), sys.argv[2])
for number in range(5):
    url = f"https://courier.example/{number}"
    page = Page(seed=Seed(url=url), final_url=url, body=url.encode(), fetched_at=datetime.now(UTC), status=200)
    opened.add(page, f"key {number}")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_loses_nothing_that_was_added(tmp_path: Path) -> None:
    """Without a sync or a close, all pages of several processes are there, each in its own process's file."""
    runs = ("run0", "run1")
    dying = [subprocess.Popen([sys.executable, "-c", WRITE_AND_DIE, str(tmp_path), run_id]) for run_id in runs]
    assert [process.wait() for process in dying] == [-signal.SIGKILL] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"newsmill-{run_id}-00000.warc.gz" for run_id in runs]
    for run_id in runs:
        left = list(recover(tmp_path, [run_id], set()))
        assert [one.key for one in left] == [f"key {number}" for number in range(5)]
        assert [read_page(one.seed, one.pointer).body.decode() for one in left] == [one.seed.url for one in left]
    assert check(tmp_path) == 2 * (1 + 5 * 2)


def test_only_what_is_unknown_is_recovered(tmp_path: Path) -> None:
    """From the last known response of each file on, of the runs that are named, with all that the feed said."""
    added = write(tmp_path, *(fetched_page(number) for number in range(4)), max_bytes=2500, run_id="a")
    write(tmp_path, fetched_page(9), run_id="a-00000")
    assert len({place(page).file for page in added}) == 2
    known = {(place(added[0]).file, place(added[0]).offset)}
    expected = [
        Recovered(key=f"key of {page.seed.url}", seed=page.seed, pointer=place(page), fetched_at=page.fetched_at)
        for page in added[1:]
    ]
    assert expected == list(recover(tmp_path, ["a"], known))
    everything = {(place(page).file, place(page).offset) for page in added}
    assert list(recover(tmp_path, ["a", "missing"], everything)) == []


def test_a_local_file_is_recovered_too(tmp_path: Path) -> None:
    """A file that was read counts as fetched."""
    (added,) = write(tmp_path, local_page())
    (found,) = recover(tmp_path, ["run"], set())
    assert (found.seed, found.key, read_page(found.seed, found.pointer)) == (LOCAL, f"key of {LOCAL.url}", added)


def test_a_torn_end_is_passed_over(tmp_path: Path) -> None:
    """Wherever the last page was cut: it is there with its seed, or without, or it is not there; never broken."""
    first, second = write(tmp_path, fetched_page(0), fetched_page(1))
    path = Path(place(first).file)
    whole = path.read_bytes()
    seen = []
    for cut in range(place(second).offset, len(whole)):
        path.write_bytes(whole[:cut])
        left = list(recover(tmp_path, ["run"], set()))
        assert left[0].pointer == first.archive
        assert all(read_page(one.seed, one.pointer).body == first.body for one in left)
        seen.append(tuple(one.key for one in left[1:]))
    key = f"key of {second.seed.url}"
    assert [(), (None,), (key,)] == [one for one, then in pairwise([*seen, ("end",)]) if one != then]


def test_a_place_that_holds_no_whole_page_is_an_error(tmp_path: Path) -> None:
    """Whoever asks for it fetches it again: half a page, or another record, is not given for it."""
    (added,) = write(tmp_path, fetched_page(body=os.urandom(2000)))
    with pytest.raises(StorageError, match="byte 0: it is no response"):
        read_page(FEED, ArchivePointer(file=place(added).file, offset=0))
    path = Path(place(added).file)
    path.write_bytes(path.read_bytes()[: place(added).offset + 1500])
    with pytest.raises(StorageError, match="it breaks off"):
        again(added)


def test_without_its_metadata_a_response_is_known_by_its_url(tmp_path: Path) -> None:
    """The seed of the last response is made of what the response itself says."""
    (added,) = write(tmp_path, fetched_page())
    path = Path(place(added).file)
    path.write_bytes(path.read_bytes()[:-300])
    (left,) = recover(tmp_path, ["run"], set())
    assert (left.key, left.seed, left.fetched_at) == (None, Seed(url=added.final_url), added.fetched_at)


@pytest.mark.parametrize("damage", [bytes(4096), b"\xff" * 4096])
def test_what_a_power_cut_made_of_a_file_is_not_taken_for_pages(tmp_path: Path, damage: bytes) -> None:
    """Blocks that never reached the disk end the recovery of that file, not of the next."""
    added = write(tmp_path, *(fetched_page(number, os.urandom(9000)) for number in range(3)), max_bytes=15_000)
    first = Path(place(added[0]).file)
    whole = first.read_bytes()
    middle = place(added[1]).offset + 3000
    first.write_bytes(whole[:middle] + damage + whole[middle + 4096 :])
    left = list(recover(tmp_path, ["run"], set()))
    assert [one.pointer for one in left] == [added[0].archive, added[2].archive]
