"""Packages on disk: installed whole or not at all, packed, restored, removed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from support.packages import add_package, zip_package

from ingest.errors import InputError, TranslationError
from ingest.translate.packages import install_archive, install_path, list_installed, remove_pair
from ingest.translate.packing import pack

pytestmark = [pytest.mark.disable_socket, pytest.mark.usefixtures("argos_home")]


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_packing_and_installing_restores_everything(packages: Path, tmp_path: Path) -> None:
    """Another machine gets the same packages, byte by byte; packing twice makes the same files."""
    pack(tmp_path / "one", packages)
    pack(tmp_path / "two", packages)
    install_path(tmp_path / "one", tmp_path / "restored")

    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    restored = {path: body for path, body in contents(tmp_path / "restored").items() if path != ".lock"}
    assert {path: body for path, body in contents(packages).items() if path != ".lock"} == restored
    index = json.loads((tmp_path / "one" / "index.json").read_text("utf-8"))
    assert [one["from_code"] for one in index] == ["de", "ru", "sv"]
    assert all(len(one["sha256"]) == 64 and one["size"] > 1_000_000 for one in index)
    assert "newsmill models install /path/" in (tmp_path / "one" / "README.txt").read_text("utf-8")


def test_a_packed_file_that_was_changed_is_refused(swedish: Path, tmp_path: Path) -> None:
    """The index beside the files tells; nothing is installed then."""
    add_package(tmp_path / "packages", swedish, "sv")
    archive = pack(tmp_path / "packed", tmp_path / "packages")[0]
    archive.write_bytes(archive.read_bytes() + b"\0")

    with pytest.raises(InputError, match="SHA-256 differs"):
        install_path(tmp_path / "packed", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_folder_of_files_needs_no_index(swedish: Path, tmp_path: Path) -> None:
    """All .argosmodel files in it are installed."""
    (tmp_path / "stick").mkdir()
    zip_package(swedish, tmp_path / "stick" / "swedish.argosmodel")

    assert (tmp_path / "here" / swedish.name,) == install_path(tmp_path / "stick", tmp_path / "here")
    assert [(one.source, one.target) for one in list_installed(tmp_path / "here")] == [("sv", "en")]


def test_nothing_to_install_or_pack_is_said(tmp_path: Path) -> None:
    """An empty folder, and a machine without packages."""
    with pytest.raises(InputError, match=r"no \.argosmodel file in"):
        install_path(tmp_path, tmp_path / "here")
    with pytest.raises(InputError, match="nothing to pack"):
        pack(tmp_path / "there", tmp_path / "here")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"../evil/metadata.json": "{}"}, "lies outside the package"),
        ({"/evil/metadata.json": "{}"}, "lies outside the package"),
        ({"a/../../evil": "x", "a/metadata.json": "{}"}, "lies outside the package"),
        ({"a\\..\\evil": "x"}, "lies outside the package"),
        ({"a/metadata.json": "{}", "b/x": ""}, "no single folder"),
        ({"a/README.md": ""}, "no single folder"),
        ({"a/metadata.json": "{"}, "not an Argos package"),
        ({"a/metadata.json": "[]"}, "names no pair"),
        ({"a/metadata.json": '{"from_code": "sv", "to_code": "en"}'}, "no model/model.bin"),
        (
            {"a/metadata.json": '{"from_code": "sv", "to_code": "en"}', "a/model/model.bin": "x"},
            r"neither sentencepiece\.model nor bpe\.model",
        ),
        ({"a/metadata.json": '{"from_code": "sv", "to_code": "en", "type": "sbd"}'}, "something else than translating"),
        ({".a/metadata.json": '{"from_code": "sv", "to_code": "en"}'}, "hidden"),
        ({"a/metadata.json": '{"from_code": "../../x", "to_code": "en"}'}, "names '../../x', which is no language"),
        ({"a/metadata.json": '{"from_code": "sv", "to_code": "qq"}'}, "names 'qq', which is no language"),
        ({"a/metadata.json": '{"from_code": ["sv"], "to_code": "en"}'}, "which is no language"),
        ({"a/metadata.json": " " * 1_000_001}, "metadata.json' has 1,000,001 bytes, the most is 1,000,000"),
        ({"a/metadata.json": "{}", "a/config.json": " " * 1_000_001}, "config.json' has 1,000,001 bytes"),
        ({}, "no single folder"),
    ],
)
def test_what_is_no_package_is_refused(members: dict[str, str], message: str, tmp_path: Path) -> None:
    """One line says what is wrong; nothing is left behind."""
    archive = tmp_path / "bad.argosmodel"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, text in members.items():
            zipped.writestr(zipfile.ZipInfo(name), text)

    with pytest.raises(InputError, match=message):
        install_archive(archive, tmp_path / "here")
    assert {".lock"} >= set(contents(tmp_path / "here"))
    assert not (tmp_path / "evil").exists()


def test_a_bomb_is_refused(swedish: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes are looked at before anything is unpacked."""
    archive = zip_package(swedish, tmp_path / "a.argosmodel")
    monkeypatch.setattr("ingest.translate.packages._MAX_UNPACKED_BYTES", 1_000_000)

    with pytest.raises(InputError, match=r"model\.bin' has 5,981,053 bytes, the most is 1,000,000"):
        install_archive(archive, tmp_path / "here")


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_what_packages_are_packed_with_is_unpacked(packing: int, tmp_path: Path) -> None:
    """Damage in other packings is told in other ways, and no package has them."""
    archive = tmp_path / "a.argosmodel"
    with zipfile.ZipFile(archive, "w", packing) as zipped:
        zipped.writestr("a/metadata.json", '{"from_code": "sv", "to_code": "en"}')

    with pytest.raises(InputError, match="is packed in a way that packages are not"):
        install_archive(archive, tmp_path / "here")


@pytest.mark.parametrize("wrong", ["weights", "vocabulary"])
def test_a_package_translates_a_word_before_it_is_installed(wrong: str, swedish: Path, tmp_path: Path) -> None:
    """Parts that can be read and do not belong together are refused, and what was installed stays."""
    root = tmp_path / "here"
    install_archive(zip_package(swedish, tmp_path / "a.argosmodel"), root)
    before = contents(root)
    package = tmp_path / "made" / swedish.name
    shutil.copytree(swedish, package)
    model = package / "model" / "model.bin"
    vocabulary = package / "model" / "shared_vocabulary.json"
    if wrong == "weights":
        model.write_bytes(model.read_bytes()[:4] + b"\0" * 1000)
    else:
        vocabulary.write_text('["<unk>", "<s>", "</s>"]', encoding="utf-8")

    with pytest.raises(InputError, match="it cannot translate"):
        install_archive(zip_package(package, tmp_path / "b.argosmodel"), root)
    assert contents(root) == before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path that is not there, and one that is a folder without packages."""
    with pytest.raises(InputError, match=r"cannot read .*nowhere\.argosmodel: No such file"):
        install_path(tmp_path / "nowhere.argosmodel", tmp_path / "here")


def test_a_killed_installation_leaves_nothing_in_the_way(swedish: Path, tmp_path: Path) -> None:
    """What lies around from it is no package, and the next installation clears it away."""
    for name in (".installing-x", ".removed-y", ".replaced-z"):
        (tmp_path / name).mkdir()
    assert list_installed(tmp_path) == ()
    install_archive(zip_package(swedish, tmp_path / "a.argosmodel"), tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "a.argosmodel", swedish.name]


def test_a_failed_replacement_keeps_the_old_package(
    swedish: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unpacking happens beside it; when the disk is full the message says where."""
    archive = zip_package(swedish, tmp_path / "a.argosmodel")
    install_archive(archive, tmp_path / "here")
    before = contents(tmp_path / "here")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "extractall", full)
    with pytest.raises(TranslationError, match=r"no space left for packages in .*here"):
        install_archive(archive, tmp_path / "here")

    assert before == contents(tmp_path / "here")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(swedish: Path, tmp_path: Path) -> None:
    """The message names the setting to change."""
    archive = zip_package(swedish, tmp_path / "a.argosmodel")
    (tmp_path / "here").mkdir(mode=0o500)

    with pytest.raises(TranslationError, match=r"set translate\.packages_dir"):
        install_archive(archive, tmp_path / "here")


def test_a_file_in_the_place_of_the_folder_is_named(swedish: Path, tmp_path: Path) -> None:
    """No traceback, one line."""
    archive = zip_package(swedish, tmp_path / "a.argosmodel")

    with pytest.raises(TranslationError, match=r"cannot write packages in .*a\.argosmodel"):
        install_archive(archive, archive)


def test_removing_takes_any_name_of_a_language(swedish: Path, tmp_path: Path) -> None:
    """The package of "nb" is removed by "no"; what is not there is said."""
    add_package(tmp_path, swedish, "norwegian", from_code="nb")

    assert tmp_path / "norwegian" == remove_pair("nn", "en", tmp_path)
    with pytest.raises(InputError, match="no package no -> en is installed"):
        remove_pair("no", "en", tmp_path)
    assert list_installed(tmp_path) == ()
