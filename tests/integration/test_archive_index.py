"""An index beside an archive spares reading what is not wanted, and can make no difference but of time."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.choice import Choice
from storage.archive import Archived, look_through
from storage.archive.indexing import lengths_of

WANTED = Choice(hosts=frozenset({"courier.example"}))
Places = list[tuple[int, int]]


def record(number: int, kind: str) -> bytes:
    """A record of one of two hosts, compressed on its own."""
    url = f"https://{'courier' if number % 3 == 0 else 'elsewhere'}.example/{number}"
    text = "".join(hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(20 * number))
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{text}</p>".encode()
    head = [f"WARC/1.1\r\nWARC-Type: {kind}", f"WARC-Target-URI: {url}", "WARC-Date: 2026-05-01T06:00:00Z"]
    head += ["Content-Type: application/http", f"Content-Length: {len(block)}"]
    return gzip.compress("\r\n".join([*head, "", ""]).encode() + block + b"\r\n\r\n")


RECORDS = [record(number, kind) for number in range(9) for kind in ("request", "response")]
OFFSETS = [sum(map(len, RECORDS[:number])) for number in range(len(RECORDS))]
RESPONSES: Places = [(OFFSETS[number], len(RECORDS[number])) for number in range(1, len(RECORDS), 2)]

ENDS = {offset: offset + length for offset, length in RESPONSES}


def cdxj(places: Places, name: str) -> str:
    """An index of JSON lines."""
    told = [{"offset": str(offset), "length": str(length), "filename": name} for offset, length in places]
    return "".join(f"example,courier)/ 20260501060000 {json.dumps(one)}\n" for one in told)


def cdx(places: Places, name: str) -> str:
    """An index of columns."""
    lines = [f"example,courier)/ 20260501060000 {length} {offset} {name}\n" for offset, length in places]
    return " CDX N b S V g\n" + "".join(lines)


def looked(path: Path) -> tuple[list[Archived], Counter[str]]:
    """What is found of an archive, and what was met."""
    met: Counter[str] = Counter()
    passed = look_through(path, met=met, passes_over=WANTED.passes_over)
    return [one.capture for one in passed if one.capture is not None], met


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The archive without an index."""
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(RECORDS))
    return path


@pytest.mark.parametrize("name", ["crawl.warc.gz.cdxj", "crawl.cdxj", "index.cdxj", "crawl.warc.gz.cdx", "index.cdx"])
def test_what_is_not_wanted_is_not_read(name: str, archive: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of every record that an index names it is known where the next begins; and the same is found."""
    plain = looked(archive)
    assert [one.url for one in plain[0]] == [f"https://courier.example/{number}" for number in (0, 3, 6)]
    index = (cdx if name.endswith("cdx") else cdxj)([*RESPONSES, (7, 7)], "elsewhere/crawl.warc.gz")
    archive.with_name(name).write_text(index + cdxj([(OFFSETS[3], 1)], "another.warc.gz"))
    assert looked(archive) == plain
    lengths = lengths_of(archive)
    assert lengths is not None
    with archive.open("rb") as file, archive.open("rb") as looked_into:
        for one in ArchiveIterator(file, parse_http=False):
            at, content = one.stream_pos, one.content_length
            assert lengths.end_of(at, content, looked_into) == ENDS.get(at)
    assert not caplog.records


def moved(by: int) -> Callable[[Places], Places]:
    """All offsets are others."""
    return lambda places: [(offset + by, length) for offset, length in places]


def longer(by: int) -> Callable[[Places], Places]:
    """All lengths are others."""
    return lambda places: [(offset, length + by) for offset, length in places]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (moved(1), 0),
        (moved(-20), 0),
        (longer(3), 1),
        (longer(-3), 1),
        (longer(len(RECORDS[3]) * 3), 1),
        (longer(10**12), 1),
    ],
)
def test_a_wrong_index_is_said_once_and_not_used(
    wrong: Callable[[Places], Places], told: int, archive: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Lengths that lead to no record, or beyond the next that the index knows, are not followed."""
    plain = looked(archive)
    archive.with_name("crawl.cdxj").write_text(cdxj(wrong(RESPONSES), archive.name))
    with caplog.at_level(logging.WARNING):
        assert looked(archive) == plain
    assert len(caplog.records) == told


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(OFFSETS) | st.integers(), st.integers(-10, 4000))),
    st.text(max_size=40),
    st.sampled_from([cdx, cdxj]),
)
def test_no_index_makes_a_difference(
    archive: Path, places: Places, junk: str, written: Callable[[Places, str], str]
) -> None:
    """Whatever it says, all wanted captures are found, and only these."""
    archive.with_name("crawl.cdxj").unlink(missing_ok=True)
    plain = looked(archive)[0]
    text = written(places, archive.name) + junk.replace("\ud800", "")
    archive.with_name("crawl.cdxj").write_text(text, encoding="utf-8", errors="replace")
    assert looked(archive)[0] == plain


def test_an_index_is_of_its_archive(archive: Path) -> None:
    """What an index says of other files is not taken, and an archive without one has none."""
    assert lengths_of(archive) is None
    archive.with_name("index.cdxj").write_text(cdxj(RESPONSES, "other.warc.gz"))
    lengths = lengths_of(archive)
    with archive.open("rb") as file:
        assert lengths is not None
        assert lengths.end_of(RESPONSES[0][0], 1, file) is None
