"""Translate articles here and with argostranslate's own `translate()`: speed, the same output, memory, repeats.

    python benchmarks/translation.py                                    the demo's package, made-up articles
    python benchmarks/translation.py --packages DIR --source sv texts.jsonl

Both run in one process, one after the other, with the same package, beam, threads and sentence splitter (argostranslate
would download its own). A file of texts has one JSON object with "text" a line; a "language" other than the source is
passed over.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import random
import resource
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.results import Kind, Row, Scope
from flows.demo.model import unpack, unpack_packages
from ingest.lang.sentences import split_sentences
from ingest.translate.argos import ArgosTranslator
from ingest.translate.texts import DictMemory, translate_texts

ARTICLES = 30  # enough that the ratio of two runs differs by less than a tenth on an idle machine
LONG = 150  # characters: what is shorter is no paragraph of a report
WHO = {
    "sv": ("Hunden", "Min syster", "Läraren", "En gammal man", "Flickan", "Vår granne", "Polisen", "Pojken"),
    "de": ("Der Hund", "Meine Schwester", "Der Lehrer", "Ein alter Mann", "Das Mädchen", "Die Polizei", "Der Junge"),
    "ru": ("Собака", "Моя сестра", "Учитель", "Старик", "Девочка", "Наш сосед", "Полиция", "Мальчик"),
}
DOES = {
    "sv": ("såg", "köpte", "hittade", "sålde", "glömde", "målade"),
    "de": ("sah", "kaufte", "fand", "verkaufte", "vergaß", "malte"),
    "ru": ("видит", "купит", "найдёт", "продаст", "забудет", "нарисует"),
}
WHAT = {
    "sv": ("{} bilar i går.", "ett hus med {} fönster.", "{} böcker och en hatt.", "tåget klockan {}.", "en båt."),
    "de": ("gestern {} Autos.", "ein Haus mit {} Fenstern.", "{} Bücher.", "den Zug um {} Uhr.", "ein Boot."),
    "ru": ("{} машин завтра.", "дом, где {} окон.", "{} книг и шляпу.", "поезд в {} часов.", "лодку за {} рублей."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both ways over the same texts: seconds, and how alike the outcomes are."""

    articles: int
    sentences: int
    distinct: int
    argos_s: float
    ours_s: float
    alone_s: float
    repeated_s: float
    same: int
    chrf: float
    kept: Counter[str]


def made_up(language: str, articles: int, sentences: int = 12) -> list[str]:
    """Articles of everyday sentences, the same ones at every run."""
    chance = random.Random(language)
    every = list(itertools.product(WHO[language], DOES[language], WHAT[language]))

    def sentence() -> str:
        who, does, what = chance.choice(every)
        return f"{who} {does} {what.format(chance.randrange(2, 99))}"

    paragraphs = (" ".join(sentence() for _ in range(4)) for _ in itertools.count())
    return ["\n\n".join(itertools.islice(paragraphs, sentences // 4)) for _ in range(articles)]


def read_texts(path: Path, language: str) -> list[str]:
    """The texts of a file in one language."""
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows if row.get("language", row.get("lang", language)) == language]


def chrf(reference: str, text: str, longest: int = 6, beta: float = 2.0) -> float:
    """chrF2 of one text against one reference (Popović 2015), 0 to 100."""
    scores = []
    for size in range(1, longest + 1):
        theirs, ours = (
            Counter(squeezed[at : at + size] for at in range(len(squeezed) - size + 1))
            for squeezed in ("".join(reference.split()), "".join(text.split()))
        )
        if not theirs or not ours:
            continue
        shared = (theirs & ours).total()
        precision, recall = shared / ours.total(), shared / theirs.total()
        if precision + recall:
            scores.append((1 + beta**2) * precision * recall / (beta**2 * precision + recall))
        else:
            scores.append(0.0)
    return 100 * sum(scores) / len(scores) if scores else 100.0


def theirs(texts: list[str], source: str, target: str) -> tuple[list[str], float]:
    """argostranslate's translations, and the seconds they took."""
    from argostranslate.translate import get_translation_from_codes

    class Splitter:
        def split_sentences(self, text: str) -> list[str]:
            return [sentence.strip() for sentence in split_sentences(text, source)]

    translation: Any = get_translation_from_codes(source, target)
    translation.underlying.sentencizer = Splitter()
    translation.translate(texts[0][:40])  # loads the model
    start = time.perf_counter()
    return [translation.translate(text) for text in texts], time.perf_counter() - start


def rss_mb() -> float:
    """Memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?", type=Path, help="JSONL of texts; made-up articles without")
    parser.add_argument("--packages", type=Path, help="folder of Argos packages; the demo's without")
    parser.add_argument("--source", default="sv")
    parser.add_argument("--target", default="en")
    parser.add_argument("--beam", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument(
        "--memory", type=int, default=0, metavar="N", help="also look at memory over N made-up articles"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        packages = options.packages or Path(scratch) / "packages"
        if not options.packages:
            unpack_packages(packages)
        set_up_argos(packages, scratch, options.beam, options.threads)
        texts = (
            read_texts(options.texts, options.source)[: options.articles]
            if options.texts
            else made_up(options.source, options.articles)
        )
        translator = ArgosTranslator(packages, beam=options.beam, threads=options.threads)
        found = compare(texts, options.source, options.target, translator)
        show(found, f"{options.source} -> {options.target}", f"{translator.settings}, {options.threads} threads")
        if options.memory:
            watch_memory(options, translator)


def rows(scope: Scope) -> Iterator[Row]:
    """Speed beside argostranslate's, and how alike the outcomes are, for each language of the packages."""
    with tempfile.TemporaryDirectory() as scratch:
        packages = Path(scratch) / "packages"
        if scope.packages:
            for path in sorted(scope.packages.glob("*.argosmodel")):
                with zipfile.ZipFile(path) as archive:
                    unpack(archive, packages)
        else:
            unpack_packages(packages)
        set_up_argos(packages, scratch, beam=2, threads=2)
        translator = ArgosTranslator(packages, beam=2, threads=2)
        # The demo's package is a tiny one under three names: more than one language of it would tell nothing new.
        for source in ("sv", "de", "ru") if scope.packages else ("sv",):
            if list(packages.glob(f"*{source}_en*")):
                model = "packages of NEWSMILL_BENCH_PACKAGES" if scope.packages else "the demo's tiny package"
                for name, texts in _texts(source, scope):
                    on = f"{len(texts)} {name}, {source} to en, {model}"
                    yield from _rows(compare(texts, source, "en", translator), on, 95 if scope.packages else None)
        yield Row(name="memory at the end", value=rss_mb(), unit="MB", kind=Kind.SIZE, higher=False, on="this process")


def _texts(source: str, scope: Scope) -> Iterator[tuple[str, list[str]]]:
    """(name, texts): made ones and, where there are packages that know the language, labelled ones of news length."""
    yield "made articles", made_up(source, ARTICLES)
    if scope.packages and (path := scope.labelled("language_dev.jsonl.gz")):
        texts = [text for text in read_texts(path, source) if len(text) > LONG]
        yield "texts of language_dev", texts[: 3 * ARTICLES]


def _rows(found: Compared, on: str, least_chrf: float | None) -> Iterator[Row]:
    theirs = {"argostranslate": found.sentences / found.argos_s}
    speed = partial(Row, unit="/s", kind=Kind.SPEED, on=on, peers=theirs)
    yield speed(name="sentences a second, all of it", value=found.sentences / found.ours_s, goal=5)
    yield speed(name="sentences a second, model alone", value=found.sentences / found.alone_s)
    yield speed(name="sentences a second, all known", value=found.sentences / found.repeated_s)
    same = found.same / found.articles
    yield Row(name="articles that are argostranslate's to the letter, model alone", value=same, on=on)
    yield Row(name="chrF to argostranslate's, with guards", value=found.chrf, on=on, goal=least_chrf)


def set_up_argos(packages: Path, scratch: str, beam: int, threads: int) -> None:
    """Tell argostranslate what it reads when it is imported."""
    os.environ |= {
        "ARGOS_PACKAGES_DIR": str(packages), "ARGOS_BEAM_SIZE": str(beam),
        "ARGOS_INTRA_THREADS": str(threads), "XDG_DATA_HOME": scratch,
    }  # fmt: skip


def compare(texts: list[str], source: str, target: str, translator: ArgosTranslator) -> Compared:
    """Both ways over some texts."""
    sentences = [split_sentences(text, source) for text in texts]
    count = sum(map(len, sentences))
    translator.translate(["Ja."], source, target)  # loads the model
    memory = DictMemory()
    start = time.perf_counter()
    made = translate_texts(texts, source, target, translator, memory)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    bare = [sentence.strip() for row in sentences for sentence in row]
    alone = dict(zip(bare, translator.translate(bare, source, target), strict=True))
    alone_seconds = time.perf_counter() - start
    start = time.perf_counter()
    translate_texts(texts, source, target, translator, memory)
    repeated = time.perf_counter() - start
    argos, argos_seconds = theirs(texts, source, target)
    ours = [one.text for one in made]
    plain = [" ".join(alone[sentence.strip()] for sentence in row) for row in sentences]
    return Compared(
        articles=len(texts),
        sentences=count,
        distinct=len({one.strip() for row in sentences for one in row}),
        argos_s=argos_seconds,
        ours_s=seconds,
        alone_s=alone_seconds,
        repeated_s=repeated,
        same=sum(a.split() == b.split() for a, b in zip(argos, plain, strict=True)),
        chrf=sum(chrf(a, b) for a, b in zip(argos, ours, strict=True)) / len(texts),
        kept=Counter(one.reason.value for text in made for one in text.kept),
    )


def show(found: Compared, pair: str, settings: str) -> None:
    """Print the table of both ways."""
    count, kept = found.sentences, found.kept
    print(f"{found.articles} articles, {count} sentences ({found.distinct} distinct), {pair}")
    print(settings)
    print(f"{'':24}{'seconds':>9}{'sentences/s':>13}")
    print(f"{'argostranslate':24}{found.argos_s:9.2f}{count / found.argos_s:13.0f}")
    times = f"{found.argos_s / found.ours_s:.1f} times as fast"
    print(f"{'newsmill':24}{found.ours_s:9.2f}{count / found.ours_s:13.0f}   {times}")
    print(f"{'  its model alone':24}{found.alone_s:9.2f}{count / found.alone_s:13.0f}")
    print(f"{'newsmill, all known':24}{found.repeated_s:9.3f}{count / found.repeated_s:13.0f}")
    alike = f"{found.same} of {found.articles} articles of the model alone"
    print(f"identical: {alike}; chrF of ours, guarded, {found.chrf:.1f}")
    print(
        f"kept untranslated: {kept.total()} sentences ({100 * kept.total() / count:.2f} %) {dict(sorted(kept.items()))}"
    )


def watch_memory(options: argparse.Namespace, translator: ArgosTranslator) -> None:
    """Resident memory while batches of 50 articles go through, as in a run."""
    texts = made_up(options.source, options.memory)
    for start in range(0, len(texts), 50):
        translate_texts(texts[start : start + 50], options.source, options.target, translator, DictMemory())
        if (start // 50) % 4 == 3 or start == 0:
            print(f"memory after {start + 50:5} articles: {rss_mb():6.0f} MB")


if __name__ == "__main__":
    main()
