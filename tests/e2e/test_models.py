"""Translation packages, managed by the command: from files and from an index on loopback."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import counts, newsmill
from support.packages import demo_packages, serve_index, zip_package
from support.texts import save_texts

NAME = "translate-sv_en-0_1"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Swedish package as the file that the index offers."""
    folder = tmp_path_factory.mktemp("packed")
    return zip_package(demo_packages(folder / "unpacked") / NAME, folder / f"{NAME}.argosmodel")


@pytest.fixture
def index(packed: Path) -> Iterator[str]:
    """The address of an index that offers the Swedish package."""
    with serve_index() as served:
        served.offer(packed)
        yield served.base


def installed(home: Path) -> list[tuple[str, str]]:
    """The pairs that `models list` shows."""
    listed = json.loads(newsmill("models", "list", "--json", home=home).stdout)
    return [(one["source"], one["target"]) for one in listed["installed"]]


def test_from_the_index_to_a_translation(tmp_path: Path, index: str) -> None:
    """What waited is named, its package installed from the index, and the next retry translates it."""
    save_texts(tmp_path / "texts")
    newsmill("run", "files", "texts", "--json", home=tmp_path)
    listed = newsmill("models", "list", home=tmp_path)
    assert "newsmill models install sv --to en" in listed.stdout
    result = newsmill("models", "install", "sv", "--to", "en", home=tmp_path, ARGOS_PACKAGE_INDEX=index)
    assert result.returncode == 0, result.stderr
    assert installed(tmp_path) == [("sv", "en")]
    assert re.search(r"sv -> en, MB: (\d+) of \1$", result.stderr, re.MULTILINE)
    offered = json.loads(
        newsmill("models", "list", "--available", "--json", home=tmp_path, ARGOS_PACKAGE_INDEX=index).stdout
    )
    assert offered["available"] == [{"source": "sv", "target": "en", "version": "0.1"}]
    assert counts(newsmill("retry", "--json", home=tmp_path))["translated"] == 1


def test_from_a_file_and_away_again(tmp_path: Path, packed: Path) -> None:
    """A file installs without a network, twice without harm, and a package can be removed."""
    for _ in range(2):
        assert newsmill("models", "install", packed, home=tmp_path).returncode == 0
        assert installed(tmp_path) == [("sv", "en")]
    assert newsmill("models", "remove", "sv", home=tmp_path).returncode == 0
    assert installed(tmp_path) == []


def test_to_a_machine_without_a_network(tmp_path: Path, packed: Path) -> None:
    """What `pack` writes, `install` restores elsewhere."""
    there = tmp_path / "there"
    there.mkdir()
    newsmill("models", "install", packed, home=tmp_path)
    result = newsmill("models", "pack", there / "stick", home=tmp_path)
    assert result.returncode == 0, result.stderr
    result = newsmill("models", "install", "stick/", home=there, ARGOS_PACKAGE_INDEX="http://127.0.0.1:9/")
    assert result.returncode == 0, result.stderr
    assert installed(there) == [("sv", "en")]


def test_without_fxtranslate_the_other_backend_says_what_to_install(tmp_path: Path) -> None:
    """One line, and the exit status of a wrong configuration, or of files that are not there."""
    result = newsmill("models", "install", "--backend", "firefox", "./nowhere", home=tmp_path)
    assert result.returncode == 2
    assert "expected one file model.*.intgemm*.bin, found 0" in result.stderr
    result = newsmill("models", "install", "sv", "--size", "base", home=tmp_path)
    assert result.returncode == 2
    assert "add --backend firefox" in result.stderr


def test_what_cannot_be_installed_is_one_clear_line(tmp_path: Path, packed: Path, index: str) -> None:
    """No index, no such pair, no file, a damaged file, one that would write elsewhere, one that is something else."""
    whole = packed.read_bytes()
    (tmp_path / "cut.argosmodel").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.argosmodel").write_text("not a zip", encoding="utf-8")
    (tmp_path / "flipped.argosmodel").write_bytes(whole[:200_000] + b"damage" + whole[200_006:])
    for name, member in (("outside", "../evil/metadata.json"), ("other", "readme/README.md")):
        with zipfile.ZipFile(tmp_path / f"{name}.argosmodel", "w") as archive:
            archive.writestr(member, "{}")
    cases = {
        "sv": ("cannot reach the Argos index", "http://127.0.0.1:9/"),
        "xx": ("has no package xx -> en; into en it has: sv", index),
        "./nowhere.argosmodel": ("No such file", index),
        "cut.argosmodel": ("not an Argos package", index),
        "text.argosmodel": ("not an Argos package", index),
        "flipped.argosmodel": ("damaged", index),
        "outside.argosmodel": ("lies outside the package", index),
        "other.argosmodel": ("no single folder with a metadata.json", index),
    }
    for what, (message, address) in cases.items():
        result = newsmill("models", "install", what, home=tmp_path, ARGOS_PACKAGE_INDEX=address)
        assert result.returncode in (1, 2)
        assert message in result.stderr
        assert "Traceback" not in result.stderr
    assert installed(tmp_path) == []
    assert not (tmp_path / "evil").exists()
    missing = newsmill("models", "remove", "sv", home=tmp_path)
    assert (missing.returncode, "no package sv -> en is installed" in missing.stderr) == (2, True)
