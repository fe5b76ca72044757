"""WARC files of others as input, and our own archive after something befell it, by the installed command."""

from __future__ import annotations

import gzip
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.command import counts, newsmill

STORY = (
    "The harbour office of {place} said on Monday that the new pier would open in {month}, two years after the storm "
    "that took the old one. Fishermen had asked for it, and {count} of them signed a letter to the council. The work "
    "cost less than expected, since stones of the old pier could be used again, said the engineer of {place}."
)


def record(url: str, kind: str = "response", head: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n") -> bytes:
    """A record of another crawler, with an article of its own."""
    draw = random.Random(url)
    words = {"place": f"Port {draw.choice('ABCDEFG')}{draw.randrange(999)}", "month": draw.choice(["May", "June"])}
    text = STORY.format(count=draw.randrange(10, 99), **words)
    page = f"<html><head><title>{words['place']} gets a pier</title></head><body><article><p>{text}</p></article>"
    block = (head + page).encode()
    kind_of = "application/http" if head else "text/html"
    fields = f"WARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Type: {kind_of}"
    return f"WARC/1.0\r\n{fields}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def test_an_archive_compressed_as_a_whole_gives_all_its_records(tmp_path: Path) -> None:
    """Each kind is counted; pages that are said to be from no place on the web are refused, and stand nowhere."""
    records = [record(f"https://harbour.example/pier-{number}") for number in range(4)]
    records += [record("https://harbour.example/pier-0", "revisit"), record("https://harbour.example/ask", "request")]
    records += [
        record("file:///etc/hostname"),
        record("file:///srv/page", "resource", ""),
        record("javascript:alert(1)"),
    ]
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(b"".join(records)))
    result = newsmill("run", "files", "whole.warc.gz", "--no-translate", "--json", home=tmp_path)
    found = counts(result)
    assert (found["seeds"], found["stored"] + found["unchanged"], found["rejected"]) == (7, 4, 3), result.stderr
    assert found["archive_records"] == {"response": 7, "revisit": 1, "other": 1, "page": 7, "refused": 3}
    assert "file:" not in newsmill("export", "--format", "jsonl", "--out", "-", home=tmp_path).stdout
    again = counts(newsmill("run", "files", "whole.warc.gz", "--no-translate", "--json", home=tmp_path))
    assert (again["seeds"], again["unchanged"], again["rejected"]) == (7, 4, 3)


def capture(day: int, number: int | None, kind: str = "response", since: int | None = None) -> bytes:
    """A capture of one page: it says that so many boats lie in the harbour, or that it is gone, or repeats a day."""
    text = STORY.format(place="Port A", month="May", count=number)
    status = "404 Not Found" if number is None and kind == "response" else "200 OK"
    block = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n"
    if number is not None:
        block += f"<html><head><title>A pier</title></head><body><article><p>{text}</p></article></body></html>"
    fields = [
        f"WARC-Type: {kind}",
        "WARC-Target-URI: https://harbour.example/pier",
        f"WARC-Date: 2026-05-0{day}T06:00:00Z",
    ]
    fields += [f"WARC-Refers-To-Date: 2026-05-0{since}T06:00:00Z"] if since else []
    head = "\r\n".join(["WARC/1.1", *fields, "Content-Type: application/http", f"Content-Length: {len(block)}"])
    return f"{head}\r\n\r\n{block}\r\n\r\n".encode()


def test_the_newest_capture_is_the_record_from_whatever_archive(tmp_path: Path) -> None:
    """One archive or several, backwards: the same versions; a revisit brings a text back, and what is gone stays."""
    first, second, back, gone = capture(1, 12), capture(2, 15), capture(4, None, "revisit", since=1), capture(5, None)
    for name, archives in {"whole": [gone + back + second + first], "parts": [gone + second, back + first]}.items():
        home = tmp_path / name
        home.mkdir()
        for number, archive in enumerate(archives):
            (home / f"{number}.warc").write_bytes(archive)
            newsmill("run", "files", f"{number}.warc", "--no-translate", "--json", home=home)
        with closing(sqlite3.connect(home / "data" / "newsmill.db")) as database:
            days = database.execute("SELECT substr(captured_at, 10, 1) FROM sighting WHERE number > 0 ORDER BY number")
            assert [day for (day,) in days] == ["1", "2", "4", "5"], name
            ((text,),) = database.execute("SELECT text FROM record")
        assert "and 12 of them" in text, name


def test_a_bomb_is_no_archive(tmp_path: Path) -> None:
    """What grows a hundredfold is refused, and leaves nothing behind."""
    with gzip.open(tmp_path / "bomb.warc.gz", "wb") as bomb:
        bomb.write(record("https://harbour.example/a") + record("https://harbour.example/b"))
        for _ in range(120):
            bomb.write(bytes(1_000_000))
    found = counts(newsmill("run", "files", "bomb.warc.gz", "--no-translate", "--json", home=tmp_path))
    assert (found["seeds"], found["rejected"]) == (1, 1)
    assert list(tmp_path.rglob("*unpacked*")) == []


def torn(file: Path) -> None:
    """Cut the second half off."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def zeroed(file: Path) -> None:
    """Leave only zeros, as a power cut may."""
    file.write_bytes(bytes(file.stat().st_size))


@pytest.mark.parametrize(("befall", "least"), [(torn, 1), (zeroed, 3), (Path.unlink, 3)])
def test_reprocessing_a_damaged_archive_fails_what_it_cannot_read(tmp_path: Path, befall: object, least: int) -> None:
    """Such pages are failed, the file is named, the exit status is 1, and the records stay."""
    for number in range(3):
        page = record(f"https://harbour.example/{number}").partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2]
        (tmp_path / f"page-{number}.html").write_bytes(page)
    assert counts(newsmill("run", "files", ".", "--no-translate", "--json", home=tmp_path))["stored"] == 3
    (archive,) = (tmp_path / "data" / "archive").glob("*.warc.gz")
    assert callable(befall)
    befall(archive)
    result = newsmill("reprocess", "--stage", "extract", "--no-translate", "--json", home=tmp_path)
    found = counts(result)
    assert (result.returncode, found["seeds"]) == (1, 3)
    assert found["failed"] >= least
    assert archive.name in result.stderr
    assert "3 records" in newsmill("stats", home=tmp_path).stdout
