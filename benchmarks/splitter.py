"""Precision and recall of sentence boundaries, beside syntok and pysbd where they are installed.

    python benchmarks/splitter.py                  sentences made for the purpose, in four languages
    python benchmarks/splitter.py marked.jsonl     your own: {"language": "sv", "sentences": ["...", "..."]} a line

The sentences of an article are joined by spaces, cut apart again, and the places of the cuts compared. Fails where one
of our figures is under 90 %.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.results import Row, Scope
from ingest.lang.sentences import split_sentences

LEAST = 0.9
# Sentences as newspapers write them, with what splitters stumble over. A line is a sentence.
SENTENCES = {
    "sv": """\
Mötet hölls den 3 maj kl. 18.30 i Folkets hus.
Ca. 40 personer kom, bl.a. dr. Ek och K. Berg.
”Det är inte klart än.”
– Vi får se, sade hon.
Företaget omsatte 3,5 milj. kr i fjol.
Hon flyttade till S:t Olof 1998.
Varför?
Ingen vet!
Priset är 1.200 kronor, dvs. 100 kronor i månaden.
Statsråden m.fl. reste hem på fredagen.
Han är född på 1600-talet enl. uppgift.
Se sid. 12 i bilagan.
""",
    "de": """\
Am 8. April kam der Zug um 9.15 Uhr an.
Dr. Weber u. a. waren nicht dabei.
„Das stimmt nicht“, sagte sie.
„Warum?“
Der 3. Platz ging an die Mannschaft aus St. Gallen.
Die Kosten liegen bei 3,5 Mio. Euro.
Er lebte im 19. Jahrhundert, d. h. vor langer Zeit.
Prof. H. Klein bestreitet das.
Niemand weiß es!
Es gibt z. B. Brot, Käse usw. zu kaufen.
Heinrich VIII. hatte sechs Frauen.
Bitte lesen Sie Nr. 7.
""",
    "ru": """\
Встреча прошла 5 мая 2021 г. в Твери.
В зале были А. С. Иванов, г-н Петров и др. гости.
«Мы не знали», — сказала она.
Почему?
Ремонт стоил 3,5 млн руб. в ценах 2020 года.
Он живёт на ул. Садовой, д. 5.
Никто не ответил!
В XIX в. здесь была мельница, т. е. работа.
— Да, — ответил он.
Дом построен в 1905 г. по проекту инженера.
См. стр. 12 и рис. 3.
Они молчали…
""",
    "en": """\
Mr. Hill met J. R. Brown in Washington, D.C., on Jan. 6.
The talks began at 5 p.m. and ended late.
"Why?" he asked.
"Because it rained."
Acme Inc. sold 3.5 million units, i.e. too many.
She lives in the U.S. and works for the U.N. mission.
Nobody knows!
See No. 7 and Fig. 2.
It cost $3.50 at example.com.
Dr. Stone, Ph.D., disagreed.
St. Mary's was closed.
Well... perhaps not.
""",
}


def made_up(articles: int = 60, length: int = 8) -> list[tuple[str, list[str]]]:
    """Articles of the sentences above in an order that is the same at every run."""
    made = []
    for language, block in SENTENCES.items():
        chance = random.Random(language)
        lines = block.splitlines()
        made += [(language, chance.sample(lines, length)) for _ in range(articles)]
    return made


def read_marked(path: Path) -> list[tuple[str, list[str]]]:
    """Articles of a file."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [(row["language"], row["sentences"]) for row in rows]


def cuts(pieces: list[str]) -> set[int]:
    """Where a text was cut, counted in characters that are no white space."""
    places, at = set(), 0
    for piece in pieces:
        at += len("".join(piece.split()))
        places.add(at)
    return places - {at, 0}


def splitters() -> dict[str, Callable[[str, str], list[str]]]:
    """Those that can be run here, by name."""
    found: dict[str, Callable[[str, str], list[str]]] = {
        "newsmill": lambda text, language: list(split_sentences(text, language))
    }
    try:
        syntok = importlib.import_module("syntok.segmenter")

        def by_syntok(text: str, _: str) -> list[str]:
            sentences = (sentence for paragraph in syntok.process(text) for sentence in paragraph)
            return ["".join(token.spacing + token.value for token in sentence) for sentence in sentences]

        found["syntok"] = by_syntok
    except ImportError:
        print("syntok is left out: pip install syntok")
    try:
        pysbd = importlib.import_module("pysbd")

        def by_pysbd(text: str, language: str) -> list[str]:
            known = language if language in ("de", "ru", "en") else "en"  # it has no rules for Swedish
            return list(pysbd.Segmenter(language=known, clean=False).segment(text))

        found["pysbd"] = by_pysbd
    except ImportError:
        print("pysbd is left out: pip install pysbd")
    return found


def rows(_: Scope) -> Iterator[Row]:
    """Precision and recall for each language."""
    articles = made_up()
    judged = {name: judge(split, articles) for name, split in splitters().items()}
    own = judged.pop("newsmill")
    for language, figures in own.items():
        for place, name in enumerate(("precision", "recall")):
            peers = {peer: theirs[language][place] for peer, theirs in judged.items()}
            on = "made sentences with what splitters stumble over"
            yield Row(name=f"{language}, {name}", value=figures[place], on=on, peers=peers, goal=LEAST)


def judge(
    split: Callable[[str, str], list[str]], articles: Sequence[tuple[str, list[str]]]
) -> dict[str, tuple[float, float]]:
    """(precision, recall) of a splitter in each language."""
    right, made, gold = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for language, sentences in articles:
        wanted, found = cuts(sentences), cuts(split(" ".join(sentences), language))
        right[language] += len(wanted & found)
        made[language] += len(found)
        gold[language] += len(wanted)
    return {one: (right[one] / max(1, made[one]), right[one] / max(1, gold[one])) for one in gold}


def main() -> int:
    """Measure and print; 1 where ours is under the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("marked", nargs="?", type=Path)
    options = parser.parse_args()
    articles = read_marked(options.marked) if options.marked else made_up()
    held = True
    print(f"{'':12}" + "".join(f"{language:>16}" for language in dict.fromkeys(language for language, _ in articles)))
    for name, split in splitters().items():
        cells = ""
        for precision, recall in judge(split, articles).values():
            cells += f"{100 * precision:9.1f}/{100 * recall:<6.1f}"
            held = held and (name != "newsmill" or min(precision, recall) >= LEAST)
        print(f"{name:12}{cells}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
