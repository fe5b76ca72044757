"""The public index: packages are found, downloads go on where they stopped, and what came is checked."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from argostranslate import settings as argos_settings
from support.packages import IndexServer, serve_index, zip_package

from ingest.errors import TranslationError
from ingest.translate.download import Offer, download
from ingest.translate.index import install_from_index, read_index
from ingest.translate.packages import list_installed


@pytest.fixture(scope="module")
def archive(swedish: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Swedish package as a file."""
    return zip_package(swedish, tmp_path_factory.mktemp("packed") / "sv_en.argosmodel")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexServer]:
    """An index on loopback in the place of the public one, and no copy of it at hand."""
    with serve_index() as served:
        monkeypatch.setattr(argos_settings, "remote_package_index", served.base + "index.json")
        monkeypatch.setattr(argos_settings, "local_package_index", tmp_path / "index-copy.json")
        yield served


def test_an_offer_is_downloaded_checked_and_installed(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """Progress is told in bytes; no trace of the download is left."""
    size, digest = archive.stat().st_size, hashlib.sha256(archive.read_bytes()).hexdigest()
    index.offer(archive, size=size, sha256=digest)
    told: list[tuple[int, int | None]] = []

    install_from_index("sv", "en", tmp_path / "here", lambda here, total: told.append((here, total)))

    assert told[-1] == (size, size)
    assert [(one.source, one.target, one.version) for one in list_installed(tmp_path / "here")] == [("sv", "en", "0.1")]
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == [".lock", "translate-sv_en-0_1"]


def test_a_download_that_breaks_off_goes_on_where_it_stopped(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """At once while something comes; and in the next command after that."""
    index.offer(archive)
    index.break_after, index.breaks = 1_000_000, 4
    with pytest.raises(TranslationError, match=r"broke off after .* run the same command again to go on"):
        install_from_index("sv", "en", tmp_path / "here")
    assert list_installed(tmp_path / "here") == ()

    install_from_index("sv", "en", tmp_path / "here")

    asked = [wanted for name, wanted in index.asked if name == archive.name]
    assert asked == [None, *(f"bytes={count}000000-" for count in range(1, 5))]
    assert len(list_installed(tmp_path / "here")) == 1


def test_a_file_that_changed_meanwhile_is_fetched_anew(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """The server's validator tells: the halves of two files are never put together."""
    index.offer(archive)
    index.files[archive.name] = b"x" * 3_000_000
    index.break_after, index.breaks = 1_000_000, 4
    index.etag = '"old"'
    offer = read_index()[0]
    index.files[archive.name] = b"x" * 30_000_000
    with pytest.raises(TranslationError):
        download(offer, tmp_path / "here")
    index.files[archive.name], index.etag = archive.read_bytes(), '"new"'

    assert archive.read_bytes() == download(offer, tmp_path / "here").read_bytes()


def test_without_a_validator_a_download_starts_over(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """A part of which nobody knows what it is a part of is worth nothing, unless the index has a hash."""
    index.offer(archive)
    offer = read_index()[0]
    (tmp_path / ".sv_en-0.1.argosmodel.part").write_bytes(b"something else")

    assert archive.read_bytes() == download(offer, tmp_path).read_bytes()


def test_a_part_that_is_whole_is_only_checked(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """A kill between the last byte and the rename costs nothing."""
    index.offer(archive, sha256=hashlib.sha256(archive.read_bytes()).hexdigest())
    offer = read_index()[0]
    shutil.copy(archive, tmp_path / ".sv_en-0.1.argosmodel.part")

    assert archive.read_bytes() == download(offer, tmp_path).read_bytes()
    assert index.asked[-1] == (archive.name, f"bytes={archive.stat().st_size}-")


class Wrong(NamedTuple):
    """What an index promises, and the complaint about what came."""

    more: dict[str, object]
    message: str


@pytest.mark.parametrize(
    "wrong",
    [Wrong({"sha256": "0" * 64}, "wrong SHA-256"), Wrong({"size": 5}, "wrong size"), Wrong({"links": []}, "no link")],
)
def test_what_is_not_as_promised_is_refused(wrong: Wrong, index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """And deleted, so that the next try does not find it."""
    index.offer(archive, **wrong.more)

    with pytest.raises(TranslationError, match=wrong.message):
        install_from_index("sv", "en", tmp_path / "here")
    assert not [path for path in (tmp_path / "here").iterdir() if path.suffix == ".part"]


def test_a_full_disk_is_said_before_it_is_full(
    index: IndexServer, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file and what is unpacked of it must fit."""
    index.offer(archive)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 6_000_000))

    with pytest.raises(TranslationError, match="no space left for packages in"):
        install_from_index("sv", "en", tmp_path / "here")


def test_the_second_link_serves_where_the_first_is_gone(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """Links are tried in order."""
    index.offer(
        archive, links=[index.base + "gone", archive.name]
    )  # the second relative to the index, as `pack` writes

    assert archive.read_bytes() == download(read_index()[0], tmp_path).read_bytes()


def test_only_translation_packages_are_offered(index: IndexServer, archive: Path) -> None:
    """The newest of each pair, by our codes."""
    index.offer(archive, package_version="1.9")
    index.offer(archive, package_version="1.10")
    index.offer(archive, type="sbd")
    index.offer(archive, from_code="")
    index.offer(archive, from_code="nb", package_version="1.0")

    assert [(one.source, one.version) for one in read_index()] == [("no", "1.0"), ("sv", "1.10")]


def test_an_older_copy_of_the_index_serves_without_a_network(
    index: IndexServer, archive: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With a warning; without a copy there is an error that says what to do."""
    index.offer(archive)
    fresh = read_index()
    del index.files["index.json"]

    assert fresh == read_index()
    assert "going by the copy" in caplog.text
    argos_settings.local_package_index.unlink()
    with pytest.raises(TranslationError, match=r"cannot reach the Argos index .*models install FILE\.argosmodel"):
        read_index()


def test_an_index_that_cannot_be_kept_serves_all_the_same(
    index: IndexServer, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is for later."""
    (tmp_path / "a file").touch()
    monkeypatch.setattr(argos_settings, "local_package_index", tmp_path / "a file" / "index.json")
    index.offer(archive)

    assert len(read_index()) == 1


@pytest.mark.parametrize("body", [b"{", b"{}", b"[1]", b"\xff"])
def test_a_damaged_index_is_said(body: bytes, index: IndexServer) -> None:
    """And not kept."""
    index.files["index.json"] = body

    with pytest.raises(TranslationError, match="is damaged"):
        read_index()
    assert not argos_settings.local_package_index.exists()


def test_a_missing_pair_is_said_with_what_there_is(index: IndexServer, archive: Path, tmp_path: Path) -> None:
    """The languages that the index has into the same target."""
    index.offer(archive)

    with pytest.raises(TranslationError, match=r"no package xx -> en; into en it has: sv"):
        install_from_index("xx", "en", tmp_path)


@pytest.mark.parametrize("link", ["ftp://127.0.0.1/x", "data:,x", "/etc/passwd"])
def test_only_web_addresses_and_files_are_followed(link: str, tmp_path: Path) -> None:
    """A link of any other kind is refused."""
    with pytest.raises(TranslationError, match=r"no http\(s\) address"):
        download(Offer(source="sv", target="en", version="../1", links=(link,)), tmp_path)
    assert list(tmp_path.iterdir()) == []
