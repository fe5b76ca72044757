"""Good translations that are installed on most machines: message catalogues and manuals, translated by people.

    python benchmarks/catalogues.py [FOLDER...] > pairs.tsv      language, target, source, translation

A folder is one like /usr/share (the default, with Python's own), in which lie locale/LANGUAGE/LC_MESSAGES/*.mo and
help/LANGUAGE/*/*.page, as the Debian package gnome-user-docs has them. Both are read by their structure: a message with
its key, a paragraph with that which stands in the same place of the English page. Nothing of them is part of newsmill.
"""

from __future__ import annotations

import random
import re
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from babel.messages.mofile import read_mo
from lxml import etree

from ingest.language import LANGUAGES
from ingest.translate.codes import bcp47

FOLDERS = (Path("/usr/share"), Path(sysconfig.get_path("purelib")))
MOST = 300  # pairs of a language
ENGLISH = "C"
_FEWEST_WORDS = 5
_LONGEST = 400
_PARAGRAPHS = ("{*}p", "{*}title", "{*}desc")
# What stands for something else, a letter to press, or markup: no sentence of a text.
_PROGRAM = re.compile(r"[%{}<>\\|$`&;\[\]\n\t]|(?:^|\s)_|_(?:\s|$)|\w_\w|--\w|\w\(\)|\.{4}")


class Pair(NamedTuple):
    """A sentence and its good translation."""

    source_language: str
    target: str
    source: str
    translation: str


def folders(more: Path | None = None) -> tuple[Path, ...]:
    """Where to look, with one more folder where there is one."""
    return (*FOLDERS, more) if more else FOLDERS


def good_pairs(folders: Sequence[Path] = FOLDERS, most: int = MOST) -> list[Pair]:
    """At most so many pairs of each language with English, always the same ones of the same folders."""
    found: defaultdict[str, set[Pair]] = defaultdict(set)
    for folder in folders:
        for language, foreign, english in (*_messages(folder), *_manuals(folder)):
            if _is_sentence(english) and _is_sentence(foreign, 1) and foreign != english:
                found[language].add(Pair(language, "en", foreign, english))
    chosen: list[Pair] = []
    for language in sorted(found):
        listed = sorted(found[language])
        chosen += random.Random(language).sample(listed, min(most, len(listed)))
    return chosen


def _messages(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(language, foreign text, English text) of the message catalogues below a folder."""
    for path in sorted(folder.glob("**/LC_MESSAGES/*.mo")):
        language = _language(path.parent.parent.name)
        if language is None:
            continue
        try:
            with path.open("rb") as file:
                catalogue = read_mo(file)
        except (OSError, ValueError, LookupError):  # of a form, or in an encoding, that babel does not know
            continue
        for message in catalogue:
            if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                yield language, message.string, message.id


def _manuals(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(language, foreign text, English text) of the help pages of a folder."""
    home = folder / "help"
    for path in sorted(home.glob("*/*/*.page")):
        language = _language(path.parent.parent.name)
        english = home / ENGLISH / path.relative_to(home / path.parent.parent.name)
        if language is None or not english.is_file():
            continue
        here, there = _paragraphs(path), _paragraphs(english)
        if here.keys() == there.keys():
            yield from ((language, here[place], there[place]) for place in here)


def _paragraphs(path: Path) -> dict[str, str]:
    """The text of each paragraph of a page without links and pictures, by its place."""
    try:
        tree = etree.parse(path)
    except etree.XMLSyntaxError:
        return {}
    return {tree.getelementpath(one): " ".join("".join(one.itertext()).split()) for one in tree.iter(*_PARAGRAPHS)}


def _is_sentence(text: str, fewest: int = _FEWEST_WORDS) -> bool:
    return fewest <= len(text.split()) and len(text) <= _LONGEST and not _PROGRAM.search(text)


def _language(folder: str) -> str | None:
    """The language of a folder's name; none where it is English, none of ours, or in another script ("sr@latin")."""
    code = bcp47(folder.partition(".")[0])
    return None if "@" in folder or code == "en" or code not in LANGUAGES else code


def main() -> None:
    """Print them."""
    for pair in good_pairs([Path(one) for one in sys.argv[1:]] or FOLDERS, most=10_000):
        print(*pair, sep="\t")


if __name__ == "__main__":
    main()
