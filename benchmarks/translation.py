"""Translate articles here and with argostranslate's own `translate()`: speed, quality, memory, repeats.

    python benchmarks/translation.py                                    the demo's package, made-up articles
    python benchmarks/translation.py --packages DIR --source sv texts.jsonl

Both run in one process, one after the other, three times, with the same package, threads and sentence splitter
(argostranslate would download its own); argostranslate with its own beam of four and batches of 32 tokens. A file of
texts has one JSON object with "text" a line; a "language" other than the source is passed over. Quality is chrF to the
English of people, over sentences of the manuals and catalogues that are installed (benchmarks/catalogues.py).
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.catalogues import Pair, folders, good_pairs
from benchmarks.results import Kind, Row, Scope
from flows.demo.model import unpack, unpack_packages
from ingest.lang.sentences import split_sentences
from ingest.translate.argos import ArgosTranslator
from ingest.translate.texts import DictMemory, translate_texts

ARTICLES = 40
RUNS = 3
THREADS = (1, 2)
GOAL = 2.5  # times argostranslate
LONG = 150  # characters: what is shorter is no paragraph of a report
JUDGED = (60, 400)  # characters of a sentence by which quality is judged
MOST_JUDGED = 150
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


class Spent(NamedTuple):
    """Seconds of a run, of the processor and by the clock."""

    cpu: float
    clock: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both ways over the same texts, run by run: ours with its guards and tries, and the model alone.

    `known_s` is by the clock, where all is remembered.
    """

    articles: int
    sentences: int
    ours: tuple[Spent, ...]
    alone: tuple[Spent, ...]
    theirs: tuple[Spent, ...]
    known_s: float
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


def by_argostranslate(source: str, target: str, threads: int) -> Callable[[str], str]:
    """argostranslate's own way from one language into another, its model loaded."""
    from argostranslate import settings
    from argostranslate.translate import get_translation_from_codes

    class Splitter:
        def split_sentences(self, text: str) -> list[str]:
            return [sentence.strip() for sentence in split_sentences(text, source)]

    translation: Any = get_translation_from_codes(source, target)
    settings.intra_threads = threads
    translation.underlying.translator = None  # the one before it had another number of threads
    translation.underlying.sentencizer = Splitter()
    translation.translate("Ja.")
    translate: Callable[[str], str] = translation.translate
    return translate


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
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument(
        "--memory", type=int, default=0, metavar="N", help="also look at memory over N made-up articles"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        packages = options.packages or Path(scratch) / "packages"
        if not options.packages:
            unpack_packages(packages)
        set_up_argos(packages, scratch)
        every = (
            read_texts(options.texts, options.source) if options.texts else made_up(options.source, options.articles)
        )
        for threads in THREADS:
            found = compare(every[: options.articles], options.source, options.target, packages, threads)
            show(found, threads)
        for name, value in quality(options.source, packages, good_pairs()).items():
            print(f"chrF to the English of people, {name}: {value:.2f}")
        if options.memory:
            watch_memory(options, ArgosTranslator(packages))


def rows(scope: Scope) -> Iterator[Row]:
    """Speed beside argostranslate's, and quality beside it, for each language of the packages."""
    with tempfile.TemporaryDirectory() as scratch:
        packages = Path(scratch) / "packages"
        if scope.packages:
            for path in sorted(scope.packages.glob("*.argosmodel")):
                with zipfile.ZipFile(path) as archive:
                    unpack(archive, packages)
        else:
            unpack_packages(packages)
        set_up_argos(packages, scratch)
        model = "packages of NEWSMILL_BENCH_PACKAGES" if scope.packages else "the demo's tiny package"
        pairs = good_pairs(folders(scope.data)) if scope.packages else []
        # The demo's package is a tiny one under three names: more than one language of it would tell nothing new.
        for source in ("sv", "de", "ru") if scope.packages else ("sv",):
            if list(packages.glob(f"*{source}_en*")):
                name, texts = _texts(source, scope)
                yield from _speeds(texts, source, packages, f"{len(texts)} {name}, {source} to en, {model}")
                yield from _qualities(source, packages, pairs)
        yield Row(name="memory at the end", value=rss_mb(), unit="MB", kind=Kind.SIZE, higher=False, on="this process")


def _texts(source: str, scope: Scope) -> tuple[str, list[str]]:
    """Name and texts: labelled ones of news length, where there are packages that know the language, else made ones."""
    if scope.packages and (path := scope.labelled("language_dev.jsonl.gz")):
        texts = [text for text in read_texts(path, source) if len(text) > LONG]
        return "texts of language_dev", texts[:ARTICLES]
    return "made articles", made_up(source, ARTICLES)


def _speeds(texts: list[str], source: str, packages: Path, on: str) -> Iterator[Row]:
    for threads in THREADS:
        found = compare(texts, source, "en", packages, threads)
        with_threads = "one thread" if threads == 1 else f"{threads} threads"
        for what, name in ((0, "sentences a CPU second"), (1, "sentences a second by the clock")):
            ours, theirs = ([found.sentences / run[what] for run in runs] for runs in (found.ours, found.theirs))
            ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
            yield Row(
                name=f"{name}, {with_threads}",
                value=median(ours),
                unit="/s",
                kind=Kind.SPEED,
                on=on,
                peers={"argostranslate": median(theirs)},
                goal=GOAL if (what == 0) == (threads == 1) else None,
                note=f"{min(ratios):.1f} to {max(ratios):.1f} x in {RUNS} runs",
            )
        alone, theirs = ([found.sentences / run.cpu for run in runs] for runs in (found.alone, found.theirs))
        yield Row(
            name=f"the same, model alone, {with_threads}",
            value=median(alone),
            unit="/s",
            kind=Kind.SPEED,
            on=on,
            peers={"argostranslate": median(theirs)},
            note="sentences a CPU second",
        )
    known = found.sentences / found.known_s
    yield Row(name="sentences a second, all known", value=known, unit="/s", kind=Kind.SPEED, on=on)


def _qualities(source: str, packages: Path, pairs: Sequence[Pair]) -> Iterator[Row]:
    chosen = judged(source, pairs)
    if not chosen:
        return
    found = quality(source, packages, pairs)
    on = f"{len(chosen)} sentences of installed manuals and catalogues, {source} to en"
    yield Row(name="chrF to the English of people", value=found.pop("newsmill"), on=on, peers=found)


def judged(source: str, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs by which quality is judged: of running text, by no order."""
    own = [one for one in pairs if one.source_language == source and JUDGED[0] <= len(one.source) <= JUDGED[1]]
    return own[:MOST_JUDGED]


def quality(source: str, packages: Path, pairs: Sequence[Pair]) -> dict[str, float]:
    """Mean chrF to the English of people: of newsmill, of it with a beam of four, and of argostranslate."""
    chosen = judged(source, pairs)
    if not chosen:
        return {}
    texts = [one.source for one in chosen]
    ways = {"newsmill": 2, "with a beam of four": 4}
    made = {
        name: [
            one.text for one in translate_texts(texts, source, "en", ArgosTranslator(packages, beam=beam), DictMemory())
        ]
        for name, beam in ways.items()
    }
    made["argostranslate"] = list(map(by_argostranslate(source, "en", 1), texts))
    return {
        name: sum(chrf(pair.translation, text) for pair, text in zip(chosen, found, strict=True)) / len(chosen)
        for name, found in made.items()
    }


def set_up_argos(packages: Path, scratch: str) -> None:
    """Tell argostranslate what it reads when it is imported."""
    os.environ |= {"ARGOS_PACKAGES_DIR": str(packages), "XDG_DATA_HOME": scratch}


def compare(texts: list[str], source: str, target: str, packages: Path, threads: int) -> Compared:
    """Both ways over some texts, in turn, so many times."""
    translator = ArgosTranslator(packages, threads=threads)
    translator.translate(["Ja."], source, target)  # loads the model
    theirs = by_argostranslate(source, target, threads)
    bare = [sentence.strip() for text in texts for sentence in split_sentences(text, source)]
    ours_s: list[Spent] = []
    alone_s: list[Spent] = []
    theirs_s: list[Spent] = []
    for _ in range(RUNS):
        memory = DictMemory()
        ours_s.append(spent(partial(translate_texts, texts, source, target, translator, memory)))
        alone_s.append(spent(partial(translator.translate, bare, source, target)))
        theirs_s.append(spent(lambda: list(map(theirs, texts))))
    made = translate_texts(texts, source, target, translator, memory)
    known = spent(partial(translate_texts, texts, source, target, translator, memory))
    return Compared(
        articles=len(texts),
        sentences=len(bare),
        ours=tuple(ours_s),
        alone=tuple(alone_s),
        theirs=tuple(theirs_s),
        known_s=known.clock,
        kept=Counter(one.reason.value for text in made for one in text.kept),
    )


def spent(work: Callable[[], object]) -> Spent:
    """The seconds that some work takes."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - clock)


def show(found: Compared, threads: int) -> None:
    """Print the table of both ways."""
    count, kept = found.sentences, found.kept
    print(
        f"{found.articles} articles, {count} sentences, {threads} threads; per second of CPU and by the clock, in turn"
    )
    for name, runs in (("argostranslate", found.theirs), ("newsmill", found.ours), ("its model alone", found.alone)):
        print(f"{name:24}" + "".join(f"{count / run.cpu:9.0f}{count / run.clock:9.0f}" for run in runs))
    times = [(a.cpu / b.cpu, a.clock / b.clock) for a, b in zip(found.theirs, found.ours, strict=True)]
    print(f"{'times as fast':24}" + "".join(f"{cpu:9.2f}{clock:9.2f}" for cpu, clock in times))
    print(f"{'newsmill, all known':24}{count / found.known_s:18.0f}")
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
