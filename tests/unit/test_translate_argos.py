"""Argos packages as the translator: which is used, how it is loaded, and what it gives."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from support.packages import add_bpe_package, add_old_package, add_package, home

from ingest.errors import ConfigError, MissingModelError, TranslationError
from ingest.translate import argos
from ingest.translate.argos import ArgosTranslator
from ingest.translate.backends import ByLanguage, open_translator
from ingest.translate.faults import is_looping
from ingest.translate.installed import find_packages
from ingest.translate.texts import DictMemory, translate_texts

# Nothing is downloaded while texts are translated: opening a socket fails.
pytestmark = [pytest.mark.disable_socket, pytest.mark.usefixtures("argos_home")]


def test_an_argos_package_translates(packages: Path) -> None:
    """Everyday sentences come out in English, in their places."""
    translator = ArgosTranslator(packages)

    text = translate_texts(["Vädret är bra. Vi väntar på tåget."], "sv", "en", translator, DictMemory())[0].text

    assert translator.pairs() == {("sv", "en"), ("de", "en"), ("ru", "en")}
    assert translator.model("sv", "en") == "translate-sv_en 0.1"
    assert "weather" in text.partition(". ")[0]
    assert "train" in text.partition(". ")[2]


@pytest.mark.parametrize(
    ("argos", "bcp47"), [("nb", "no"), ("no", "no"), ("zh", "zh-Hans"), ("zt", "zh-Hant"), ("iw", "he"), ("da", "da")]
)
def test_codes_of_packages_become_bcp47(argos: str, bcp47: str, swedish: Path, tmp_path: Path) -> None:
    """A package is found by the code that the detector gives, and by its own."""
    add_package(tmp_path, swedish, "package", from_code=argos)
    translator = ArgosTranslator(tmp_path)

    assert translator.pairs() == {(bcp47, "en")}
    assert translator.model(bcp47, "en") == translator.model(argos, "en") == f"translate-{argos}_en 0.1"


@pytest.mark.parametrize("versions", [("1.9", "1.10"), ("1.10", "1.9"), ("", "1.10"), ("1.10", "1.9.9")])
def test_the_newest_package_of_a_pair_is_used(versions: tuple[str, ...], swedish: Path, tmp_path: Path) -> None:
    """Versions are compared as numbers, whatever the folders are called."""
    for number, version in enumerate(versions):
        add_package(tmp_path, swedish, f"package-{number}", package_version=version)

    assert ArgosTranslator(tmp_path).model("sv", "en") == "translate-sv_en 1.10"


def test_a_broken_folder_hides_no_package(swedish: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each folder that is no package is named in a warning; files and hidden folders are none of our business."""
    add_package(tmp_path, swedish, "good")
    (tmp_path / "empty").mkdir()
    add_package(tmp_path, swedish, "not-json").joinpath("metadata.json").write_text("{", "utf-8")
    add_package(tmp_path, swedish, "a-list").joinpath("metadata.json").write_text("[]", "utf-8")
    add_package(tmp_path, swedish, "no-model").joinpath("model").unlink()
    add_package(tmp_path, swedish, "no-tokenizer").joinpath("sentencepiece.model").unlink()
    add_package(tmp_path, swedish, "no-pair", from_code="")
    add_package(tmp_path, swedish, "splitter", type="sbd", from_code="fi")
    (tmp_path / "left-over.argosmodel").write_bytes(b"PK")
    (tmp_path / ".unpacking").mkdir()

    with caplog.at_level(logging.WARNING, logger="ingest.translate.installed"):
        pairs = ArgosTranslator(tmp_path).pairs()

    assert pairs == {("sv", "en")}
    named = {Path(str(record.args[0])).name for record in caplog.records if isinstance(record.args, tuple)}
    assert named == {"empty", "not-json", "a-list", "no-model", "no-tokenizer", "no-pair"}


def test_a_folder_that_is_not_there_holds_no_packages(tmp_path: Path) -> None:
    """Before the first installation there is nothing to translate with."""
    translator = ArgosTranslator(tmp_path / "later")

    assert translator.pairs() == frozenset()
    with pytest.raises(MissingModelError):
        translator.translate(["Hej."], "sv", "en")


def test_a_damaged_model_is_named(swedish: Path, tmp_path: Path) -> None:
    """The error says which folder to remove."""
    package = add_package(tmp_path, swedish, "damaged")
    (package / "model").unlink()
    (package / "model").mkdir()
    (package / "model" / "model.bin").write_bytes(b"no model")

    with pytest.raises(TranslationError, match=r"damaged is broken .*: remove the folder and install it again"):
        ArgosTranslator(tmp_path).translate(["Hej."], "sv", "en")


def test_old_packages_translate(swedish: Path, tmp_path: Path) -> None:
    """A model without config.json, a vocabulary in a text file and a folder of stanza's are no obstacle."""
    add_old_package(tmp_path, swedish, "old")

    assert ArgosTranslator(tmp_path).translate(["Tack så mycket."], "sv", "en") == ["Thank you so much."]


def test_a_bpe_package_translates(swedish: Path, tmp_path: Path) -> None:
    """A package may bring bpe.model instead of sentencepiece.model."""
    add_bpe_package(tmp_path, swedish, "bpe", ("Tack", "så", "mycket"))

    assert ArgosTranslator(tmp_path).translate(["Tack så mycket."], "sv", "en") == ["Thank you so much."]


def test_strict_decoding_repeats_no_three_words(swedish: Path, tmp_path: Path) -> None:
    """A model that never ends repeats itself, but not when decoded strictly."""
    package = add_package(tmp_path, swedish, "endless")
    (package / "model").unlink()
    shutil.copytree(swedish / "model", package / "model")
    config = json.loads((package / "model" / "config.json").read_text("utf-8"))
    (package / "model" / "config.json").write_text(json.dumps({**config, "add_source_eos": False}), "utf-8")
    translator = ArgosTranslator(tmp_path)
    plain = translator.translate(["Hunden sover."], "sv", "en")[0]
    strict = translator.translate(["Hunden sover."], "sv", "en", strict=True)[0]

    assert is_looping(plain)
    assert len(strict) < len(plain)
    made = translate_texts(["Hunden sover."], "sv", "en", translator, DictMemory())[0]
    assert made.text == "Hunden sover." or not is_looping(made.text)


def test_a_stand_in_serves_a_language_without_a_package(swedish: Path, tmp_path: Path) -> None:
    """Bosnian is read by the Croatian model, Brazilian Portuguese by the Portuguese one."""
    add_package(tmp_path, swedish, "hr", from_code="hr")
    add_package(tmp_path, swedish, "pt", from_code="pt")
    translator = ArgosTranslator(tmp_path)

    assert translator.pairs() == {("hr", "en"), ("bs", "en"), ("sr", "en"), ("pt", "en"), ("pt-BR", "en")}
    assert translator.model("bs", "en") == "translate-hr_en 0.1"


def test_the_backend_is_chosen_by_name(tmp_path: Path) -> None:
    """Argos by default; an unknown name is a wrong setting."""
    assert isinstance(open_translator(packages_dir=tmp_path), ArgosTranslator)
    with pytest.raises(ConfigError, match="argos, firefox"):
        open_translator("google")


def test_a_language_may_have_a_backend_of_its_own(packages: Path) -> None:
    """What is chosen for it translates it, and nothing else does; all others have the usual one."""
    usual = ArgosTranslator(packages, threads=1)
    nothing = ArgosTranslator(packages / "nowhere")
    source, target = min(usual.pairs())

    mine = ByLanguage(nothing, {source: usual})
    assert mine.pairs() == {pair for pair in usual.pairs() if pair[0] == source}
    assert mine.model(source, target) == usual.model(source, target)
    assert mine.translate(["1 2."], source, target) == usual.translate(["1 2."], source, target)
    assert mine.lacks(frozenset("a☃"), source, target) == usual.lacks(frozenset("a☃"), source, target)

    other = ByLanguage(usual, {source: nothing})
    assert other.pairs() == {pair for pair in usual.pairs() if pair[0] != source}
    with pytest.raises(MissingModelError):
        other.model(source, target)


def test_a_model_is_loaded_once(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that start together share one model."""
    loaded: list[str] = []
    load = argos._load

    def counting(package: Any, threads: int, compute_type: str) -> Any:
        loaded.append(package.from_code)
        return load(package, threads, compute_type)

    monkeypatch.setattr(argos, "_load", counting)
    translator = ArgosTranslator(packages, threads=1)
    answers: list[list[str]] = []
    start = threading.Barrier(4)

    def ask() -> None:
        start.wait()
        answers.append(translator.translate(["Tack så mycket."], "sv", "en"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert loaded == ["sv"]
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)


def test_settings_that_change_the_output_are_told_apart(tmp_path: Path) -> None:
    """Beam and type of computation are in the settings; the number of threads changes nothing."""
    settings = [
        ArgosTranslator(tmp_path).settings,
        ArgosTranslator(tmp_path, beam=4).settings,
        ArgosTranslator(tmp_path, compute_type="float32").settings,
    ]

    assert len(set(settings)) == 3
    assert ArgosTranslator(tmp_path, threads=3).settings == settings[0]


def test_underscores_survive(swedish: Path, tmp_path: Path) -> None:
    """argostranslate's tokenizer would make the "_" of a file name or a handle a space."""
    add_package(tmp_path, swedish, "package")
    package = find_packages(tmp_path)["sv", "en"]

    assert package.tokenizer.decode(["▁my", "_", "file_name"]) == "my file name"
    assert argos._decode(package, ["▁my", "_", "file_name"]) == "my_file_name"


def test_importing_is_light() -> None:
    """Neither argostranslate nor CTranslate2 is loaded, and no folder made, before a translation is asked for."""
    code = (
        "import sys, ingest.translate.argos as t; t.ArgosTranslator()\n"
        "print(sorted({'argostranslate', 'ctranslate2', 'sentencepiece', 'numpy'} & sys.modules.keys()))"
    )

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_a_home_that_cannot_be_written_matters_to_who_writes_there(packages: Path) -> None:
    """Packages are looked for as ever; who wants to install one is told what to set."""
    code = (
        "from ingest.errors import TranslationError\n"
        "from ingest.translate.argos import ArgosTranslator\n"
        "from ingest.translate.packages import packages_root\n"
        "print(len(ArgosTranslator().pairs()))\n"
        "try: packages_root()\n"
        "except TranslationError as error: print(error)"
    )
    for variable, found in (("ARGOS_UNUSED", "0"), ("ARGOS_PACKAGES_DIR", "3")):
        environment = {**home(Path("/dev/null")), variable: str(packages)}
        answer = subprocess.check_output([sys.executable, "-c", code], text=True, env=environment)
        assert answer.startswith(f"{found}\n")
        assert "set HOME, or XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_CACHE_HOME" in answer


def test_without_a_folder_the_packages_are_argostranslates_own(packages: Path, tmp_path: Path) -> None:
    """ARGOS_PACKAGES_DIR is honoured."""
    code = "from ingest.translate.argos import ArgosTranslator; print(sorted(ArgosTranslator().pairs()))"
    environment = {**home(tmp_path), "ARGOS_PACKAGES_DIR": str(packages)}
    answer = subprocess.check_output([sys.executable, "-c", code], text=True, env=environment)

    assert answer.strip() == "[('de', 'en'), ('ru', 'en'), ('sv', 'en')]"
