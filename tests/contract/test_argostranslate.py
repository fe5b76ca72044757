"""What translation relies on in argostranslate: its packages, and that its own translation is the same as ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.packages import home

from ingest.translate.argos import ArgosTranslator
from ingest.translate.texts import DictMemory, translate_texts

pytestmark = pytest.mark.usefixtures("argos_home")

TEXTS = [
    "Vädret blir bra i morgon. Vi tar tåget till stan. Har du ätit frukost?",
    "Jag vet inte var nyckeln är. Kan du hjälpa mig?",
    "Hunden sover. Katten sitter i fönstret och tittar på fåglarna.",
]

# argostranslate's own way, unmodified but for the sentence splitter: it would download one.
ARGOSTRANSLATE = """
import json, sys
from argostranslate.translate import get_translation_from_codes
from ingest.lang.sentences import split_sentences

class Splitter:
    def split_sentences(self, text):
        return [sentence.strip() for sentence in split_sentences(text, "sv")]

translation = get_translation_from_codes("sv", "en")
translation.underlying.sentencizer = Splitter()
print(json.dumps([translation.translate(text) for text in json.load(sys.stdin)]))
"""


def run(code: str, packages: Path, standard_input: str = "", **environment: str) -> str:
    """What a Python program prints that starts afresh, since argostranslate reads its settings when imported."""
    return subprocess.run(
        [sys.executable, "-c", code],
        input=standard_input,
        capture_output=True,
        text=True,
        check=True,
        env={**home(packages.parent / "home"), "ARGOS_PACKAGES_DIR": str(packages), **environment},
    ).stdout


@pytest.mark.parametrize("beam", [2, 4])
def test_argostranslates_own_translation_is_the_same(packages: Path, beam: int) -> None:
    """Batches over many texts change the speed and nothing else."""
    theirs = json.loads(run(ARGOSTRANSLATE, packages, json.dumps(TEXTS), ARGOS_BEAM_SIZE=str(beam)))

    ours = translate_texts(TEXTS, "sv", "en", ArgosTranslator(packages, beam=beam), DictMemory())

    assert [one.text for one in ours] == theirs
    assert "weather" in theirs[0]


def test_the_package_loader_is_light(packages: Path) -> None:
    """`argostranslate.package` needs none of the sentence splitters, nor their licences or downloads."""
    code = (
        "import sys, argostranslate.package\n"
        "print({'ctranslate2', 'minisbd', 'onnxruntime', 'spacy', 'stanza', 'torch'} & sys.modules.keys() or 'none')"
    )

    assert run(code, packages).strip() == "none"


def test_the_package_loader_stops_at_a_broken_folder(packages: Path, tmp_path: Path) -> None:
    """This is why packages are loaded one folder at a time."""
    (tmp_path / "broken").mkdir()
    code = (
        "from argostranslate import package\n"
        "try: package.get_installed_packages()\n"
        "except FileNotFoundError as error: print(error)"
    )

    assert "broken/metadata.json" in run(code, packages, ARGOS_PACKAGES_DIR=str(tmp_path))


def test_a_package_says_what_it_is(packages: Path) -> None:
    """The attributes that we read."""
    code = (
        "from pathlib import Path\n"
        "from argostranslate.package import Package\n"
        f"package = Package(Path({str(packages)!r}) / 'translate-sv_en-0_1')\n"
        "print(package.type, package.from_code, package.to_code, package.package_version,"
        " repr(package.target_prefix), package.package_path.name, package.tokenizer.encode('Hej'))"
    )

    assert run(code, packages).startswith("translate sv en 0.1 '' translate-sv_en-0_1 ['▁He")
