"""Translating texts: what is sent to the model, what is not, and what is remembered."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.packages import add_package, demo_packages, home

from ingest.errors import MissingModelError, TranslationError
from ingest.translate import argos, texts
from ingest.translate.argos import ArgosTranslator
from ingest.translate.texts import DictMemory, Translator, memory_key, translate_texts


class Recorder:
    """A translator from Swedish to English that keeps what it was asked, and answers in capitals unless told else."""

    def __init__(
        self, answer: Callable[[str], str] = str.upper, *, model: str = "recorder 1", settings: str = ""
    ) -> None:
        self.settings = settings
        self.asked: list[list[str]] = []
        self._answer = answer
        self._model = model

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The one pair."""
        return frozenset({("sv", "en")})

    def model(self, source: str, target: str) -> str:
        """The name it was given."""
        if (source, target) not in self.pairs():
            raise MissingModelError(source, target)
        return self._model

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """The answer to each sentence."""
        self.asked.append(list(sentences))
        return [self._answer(sentence) for sentence in sentences]


@pytest.fixture(scope="module", autouse=True)
def home_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """argostranslate creates its folders in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, folder in home(tmp_path_factory.mktemp("home")).items():
            patch.setenv(variable, folder)
        yield


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's packages."""
    return demo_packages(tmp_path_factory.mktemp("argos") / "packages")


@pytest.fixture(scope="session")
def swedish(packages: Path) -> Path:
    """The Swedish package of the demo, to make others of."""
    return next(packages.glob("translate-sv_en*"))


def test_sentences_come_back_in_their_places() -> None:
    """Order, paragraphs and white space are those of the source."""
    texts = ["Först detta.  Sedan det.\n\nSist detta.", "Och en text till. "]

    assert translate_texts(texts, "sv", "en", Recorder(), DictMemory()) == (
        "FÖRST DETTA.  SEDAN DET.\n\nSIST DETTA.",
        "OCH EN TEXT TILL. ",
    )


def test_all_texts_go_in_one_call_and_each_sentence_once() -> None:
    """A sentence that several texts share is translated once."""
    translator = Recorder()

    translate_texts(["Hej. Hej. Adjö.", "Adjö.  Hej."], "sv", "en", translator, DictMemory())

    assert translator.asked == [["Hej.", "Adjö."]]


def test_what_is_remembered_is_not_translated_again() -> None:
    """Only what is new goes to the model."""
    memory = DictMemory()
    translate_texts(["Hej. Adjö."], "sv", "en", Recorder(), memory)
    translator = Recorder()

    assert translate_texts(["Adjö. Tack. Hej."], "sv", "en", translator, memory) == ("ADJÖ. TACK. HEJ.",)
    assert translator.asked == [["Tack."]]


@pytest.mark.parametrize("other", [Recorder(model="recorder 2"), Recorder(settings="beam=5")])
def test_another_model_or_setting_starts_afresh(other: Translator) -> None:
    """A translation is remembered for the model and the settings that made it."""
    memory = DictMemory()
    translate_texts(["Hej."], "sv", "en", Recorder(), memory)
    translate_texts(["Hej."], "sv", "en", other, memory)

    assert len(memory) == 2


def test_a_memory_key_tells_all_apart() -> None:
    """Each part of the key counts, and none runs into the next."""
    keys = {
        memory_key("Hej.", "sv", "en", "m 1", "beam=2"),
        memory_key("Hej!", "sv", "en", "m 1", "beam=2"),
        memory_key("Hej.", "da", "en", "m 1", "beam=2"),
        memory_key("Hej.", "sv", "de", "m 1", "beam=2"),
        memory_key("Hej.", "sv", "en", "m 12", "beam=2"),
        memory_key("Hej.", "sv", "en", "m 1", "2beam=2"),
    }

    assert len(keys) == 6
    assert all(len(key) == 64 for key in keys)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n ",
        "https://example.org/en_sida",
        "red@example.org, @redaktion!",
        "12 345 – 67 %",
        "* * *",
        "(2022-04-08)",
    ],
)
def test_what_has_no_words_stays_as_it_is(text: str) -> None:
    """URLs, addresses, figures and symbols are not sent, and need no model."""
    assert translate_texts([text], "xx", "en", Recorder(), DictMemory()) == (text,)


def test_nothing_makes_nothing() -> None:
    """No texts, no translations."""
    assert translate_texts([], "sv", "en", Recorder(), DictMemory()) == ()


def test_without_a_model_there_is_an_error() -> None:
    """The error names the pair and says what to run."""
    with pytest.raises(MissingModelError, match="xx -> en: run `newsmill models install xx --to en`"):
        translate_texts(["Ord."], "xx", "en", Recorder(), DictMemory())


def test_a_sentence_is_never_lost() -> None:
    """Where the model answers nothing the sentence stays."""
    assert translate_texts(["Hej. Adjö."], "sv", "en", Recorder(lambda _: ""), DictMemory()) == ("Hej. Adjö.",)


def test_a_run_that_was_cut_short_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was translated before an error is remembered."""
    monkeypatch.setattr(texts, "_SENTENCES_A_CALL", 2)

    def fail_at_last(sentence: str) -> str:
        if sentence == "Fem.":
            raise TranslationError("broken")
        return sentence.upper()

    memory = DictMemory()
    with pytest.raises(TranslationError):
        translate_texts(["Ett. Två. Tre. Fyra. Fem."], "sv", "en", Recorder(fail_at_last), memory)
    translator = Recorder()

    assert translate_texts(["Ett. Två. Tre. Fyra. Fem."], "sv", "en", translator, memory) == (
        "ETT. TVÅ. TRE. FYRA. FEM.",
    )
    assert translator.asked == [["Fem."]]


@given(st.lists(st.text(alphabet="aB1 .!?\n@", max_size=100), max_size=5))
def test_a_translator_that_copies_changes_nothing(texts: list[str]) -> None:
    """Whatever is cut apart is put together again."""
    assert translate_texts(texts, "sv", "en", Recorder(lambda sentence: sentence), DictMemory()) == tuple(texts)


def test_an_argos_package_translates(packages: Path) -> None:
    """Everyday sentences come out in English, in their places."""
    translator = ArgosTranslator(packages)

    text = translate_texts(["Vädret är bra. Vi väntar på tåget."], "sv", "en", translator, DictMemory())[0]

    assert translator.pairs() == {("sv", "en"), ("de", "en"), ("ru", "en")}
    assert translator.model("sv", "en") == "translate-sv_en 0.1"
    assert "weather" in text.partition(". ")[0]
    assert "train" in text.partition(". ")[2]


@pytest.mark.parametrize(
    ("argos", "bcp47"), [("nb", "no"), ("no", "no"), ("zh", "zh"), ("zt", "zh-Hant"), ("pb", "pt-BR"), ("da", "da")]
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

    with caplog.at_level(logging.WARNING, logger="ingest.translate.argos"):
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
    package = argos.find_packages(tmp_path)["sv", "en"]

    assert package.tokenizer.decode(["▁my", "_", "file_name"]) == "my file name"
    assert argos._decode(package, ["▁my", "_", "file_name"]) == "my_file_name"


def test_importing_is_light() -> None:
    """Neither argostranslate nor CTranslate2 is loaded, and no folder made, before a translation is asked for."""
    code = (
        "import sys, ingest.translate.argos as t; t.ArgosTranslator()\n"
        "print(sorted({'argostranslate', 'ctranslate2', 'sentencepiece', 'numpy'} & sys.modules.keys()))"
    )

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_a_home_that_cannot_be_written_is_explained() -> None:
    """argostranslate creates folders when imported; where it cannot, the error says what to set."""
    code = (
        "from ingest.translate.argos import ArgosTranslator\n"
        "from ingest.errors import TranslationError\n"
        "try: ArgosTranslator().pairs()\n"
        "except TranslationError as error: print(error)"
    )
    answer = subprocess.check_output([sys.executable, "-c", code], text=True, env=home(Path("/dev/null")))

    assert "set HOME, or XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_CACHE_HOME" in answer


def test_without_a_folder_the_packages_are_argostranslates_own(packages: Path, tmp_path: Path) -> None:
    """ARGOS_PACKAGES_DIR is honoured."""
    code = "from ingest.translate.argos import ArgosTranslator; print(sorted(ArgosTranslator().pairs()))"
    environment = {**home(tmp_path), "ARGOS_PACKAGES_DIR": str(packages)}
    answer = subprocess.check_output([sys.executable, "-c", code], text=True, env=environment)

    assert answer.strip() == "[('de', 'en'), ('ru', 'en'), ('sv', 'en')]"
