"""Inputs: URLs, lists of them, files and folders."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from ingest.errors import InputError
from ingest.inputs import file_seed, find_files, is_warc, read_file, read_urls
from ingest.model import Page, Seed, Via
from ingest.outcome import Reason, Rejection, Stage

A, B, C = (f"https://example.org/{name}" for name in "abc")


def _urls(*inputs: str, standard_input: str = "") -> list[str]:
    return [seed.url for seed in read_urls(inputs, io.StringIO(standard_input))]


def test_urls_files_and_standard_input(tmp_path: Path) -> None:
    """All kinds of input may be mixed, and keep their order."""
    listed = tmp_path / "list.txt"
    listed.write_text(f"{B}\n", encoding="utf-8")
    assert _urls(C, str(listed), "-", standard_input=A) == [C, B, A]
    assert [Seed(url=C, source=None, via=Via.LIST)] == list(read_urls([C], io.StringIO()))


@pytest.mark.parametrize("through", ["file", "standard input"])
def test_lines_of_a_list(tmp_path: Path, through: str) -> None:
    """Blank lines, comments, white space, CRLF and a byte order mark are passed over; a line that is no URL is not."""
    text = f"\ufeff{A}\r\n\r\n# a comment\r\n  {B}\t\r\n   # another\nno url\n{C}#part"
    if through == "file":
        (tmp_path / "list").write_text(text, encoding="utf-8", newline="")
        got = _urls(str(tmp_path / "list"))
    else:
        got = _urls("-", standard_input=text)
    assert [A, B, "no url", f"{C}#part"] == got


def test_broken_bytes_become_text(tmp_path: Path) -> None:
    """A list in another charset gives URLs that can be stored, whichever way it comes."""
    (tmp_path / "list").write_bytes(A.encode() + b"?q=\xe5\n")
    on_command_line = os.fsdecode(A.encode() + b"?q=\xe5")
    for url in (*_urls(str(tmp_path / "list")), *_urls(on_command_line), *_urls("-", standard_input=on_command_line)):
        assert url.encode().startswith(A.encode() + b"?q=")


def test_inputs_that_cannot_be_read(tmp_path: Path) -> None:
    """The message names the input, and says what a URL looks like to who forgot the scheme."""
    with pytest.raises(InputError, match=r"example\.org/a is neither a URL nor a file.*https://"):
        _urls("example.org/a")
    with pytest.raises(InputError, match=r"cannot read .*Is a directory"):
        _urls(str(tmp_path))


def test_find_files(tmp_path: Path) -> None:
    """A folder gives the files with known suffixes at any depth, sorted; a file that is named is always taken."""
    names = ["b.HTML", "a.txt", "deep/er/c.htm", "deep/d.warc.gz", "e.xhtml", "f.warc"]
    for name in [*names, "picture.png", "notes.md", "deep/g.html.bak", "named.md"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.html").mkdir()
    expected = sorted(tmp_path / name for name in names)
    assert [tmp_path / "named.md", *expected] == list(find_files([tmp_path / "named.md", tmp_path]))


def test_folders_are_listed_in_the_order_of_paths(tmp_path: Path) -> None:
    """One after the other and yet sorted: a folder comes where its name stands among the files."""
    for name in ("b.html", "a/z.txt", "a/b/c.warc.gz", "a.html", "a-b/x.htm", "a/b.txt", "c/none.png", "B.TXT"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = list(find_files([tmp_path]))
    assert found == sorted(one for one in tmp_path.rglob("*") if one.is_file() and one.suffix != ".png")


def test_find_files_that_are_not_there(tmp_path: Path) -> None:
    """A path that does not exist is an error that names it."""
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "nothing"))):
        list(find_files([tmp_path / "nothing"]))


@pytest.mark.parametrize("name", ["a.warc", "a.WARC.GZ"])
def test_is_warc(name: str) -> None:
    """WARC files are told by their names."""
    assert is_warc(Path(name))
    assert not is_warc(Path(name + ".html"))


@pytest.mark.parametrize(
    "name", ["plain.html", "å 100% #1?a;b.html", os.fsdecode(b"latin-\xe5.html"), "two\nlines.txt"]
)
def test_file_seeds_lead_back_to_the_file(tmp_path: Path, name: str) -> None:
    """The file: URI of any name, even one that is no UTF-8, is ASCII and leads back to the file."""
    path = tmp_path / name
    path.write_bytes(b"text")
    seed = file_seed(path)
    assert (Via.FILE, f"file://{quote(os.fsencode(path))}") == (seed.via, seed.url)
    page = read_file(seed, 100)
    assert isinstance(page, Page)
    assert (b"text", seed.url, None) == (page.body, page.final_url, page.status)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html"),
        ("a.HTM", "text/html"),
        ("a.txt", "text/plain"),
        ("a", "text/plain"),
        ("a.php", "text/plain"),
        ("a.pdf", "application/pdf"),
    ],
)
def test_type_of_a_file(tmp_path: Path, name: str, kind: str) -> None:
    """The type follows from the name by a table that is the same on all machines; unknown is plain text."""
    (tmp_path / name).write_bytes(b"text")
    page = read_file(file_seed(tmp_path / name), 100)
    assert isinstance(page, Page)
    assert kind == page.header("content-type")


def test_files_that_make_no_page(tmp_path: Path) -> None:
    """A file that is gone, empty or too big is rejected with the reason; the limit itself is allowed."""
    contents = {"gone": None, "empty": b"", "blank": b" \r\n\t", "big": b"x" * 11, "fits": b"x" * 10}
    got: dict[str, Reason | int] = {}
    for name, content in contents.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        result = read_file(file_seed(tmp_path / name), 10)
        got[name] = result.reason if isinstance(result, Rejection) else len(result.body)
        assert isinstance(result, Page) or Stage.FETCH is result.stage
    assert got == {
        "gone": Reason.UNREADABLE,
        "empty": Reason.EMPTY,
        "blank": Reason.EMPTY,
        "big": Reason.TOO_BIG,
        "fits": 10,
    }


@pytest.mark.parametrize("name", ["pipe.html", "device", "folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    """A pipe without a writer would be waited for for ever, and a device never ends."""
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    refused = read_file(Seed(url=(tmp_path / name).as_uri(), via=Via.FILE), 1000)
    assert isinstance(refused, Rejection)
    assert (refused.reason, refused.detail) == (Reason.UNREADABLE, "no file, but a folder, pipe, socket or device")
