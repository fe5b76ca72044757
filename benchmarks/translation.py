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
from collections import Counter
from pathlib import Path
from typing import Any

from flows.demo.model import unpack_packages
from ingest.segment import split_sentences
from ingest.translate.argos import ArgosTranslator
from ingest.translate.texts import DictMemory, translate_marked

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
        # argostranslate reads these when it is imported.
        os.environ |= {
            "ARGOS_PACKAGES_DIR": str(packages), "ARGOS_BEAM_SIZE": str(options.beam),
            "ARGOS_INTRA_THREADS": str(options.threads), "XDG_DATA_HOME": scratch,
        }  # fmt: skip
        compare(options, packages)


def compare(options: argparse.Namespace, packages: Path) -> None:
    """The table of both ways."""
    source, target = options.source, options.target
    texts = (
        read_texts(options.texts, source)[: options.articles] if options.texts else made_up(source, options.articles)
    )
    sentences = [split_sentences(text, source) for text in texts]
    count = sum(map(len, sentences))
    translator = ArgosTranslator(packages, beam=options.beam, threads=options.threads)
    translator.translate(["Ja."], source, target)  # loads the model
    memory = DictMemory()
    start = time.perf_counter()
    made = translate_marked(texts, source, target, translator, memory)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    bare = [sentence.strip() for row in sentences for sentence in row]
    alone = dict(zip(bare, translator.translate(bare, source, target), strict=True))
    alone_seconds = time.perf_counter() - start
    start = time.perf_counter()
    translate_marked(texts, source, target, translator, memory)
    repeated = time.perf_counter() - start
    argos, argos_seconds = theirs(texts, source, target)
    ours = [one.text for one in made]
    kept = Counter(one.reason.value for text in made for one in text.kept)
    distinct = len({one.strip() for row in sentences for one in row})
    print(f"{len(texts)} articles, {count} sentences ({distinct} distinct), {source} -> {target}")
    print(f"{translator.settings}, {options.threads} threads")
    print(f"{'':24}{'seconds':>9}{'sentences/s':>13}")
    print(f"{'argostranslate':24}{argos_seconds:9.2f}{count / argos_seconds:13.0f}")
    print(f"{'newsmill':24}{seconds:9.2f}{count / seconds:13.0f}   {argos_seconds / seconds:.1f} times as fast")
    print(f"{'  its model alone':24}{alone_seconds:9.2f}{count / alone_seconds:13.0f}")
    print(f"{'newsmill, all known':24}{repeated:9.3f}{count / repeated:13.0f}")
    plain = [" ".join(alone[sentence.strip()] for sentence in row) for row in sentences]
    same = sum(a.split() == b.split() for a, b in zip(argos, plain, strict=True))
    score = sum(chrf(a, b) for a, b in zip(argos, ours, strict=True)) / len(texts)
    print(f"identical: {same} of {len(texts)} articles of the model alone; chrF of ours, guarded, {score:.1f}")
    print(
        f"kept in {source}: {kept.total()} sentences ({100 * kept.total() / count:.2f} %) {dict(sorted(kept.items()))}"
    )
    if options.memory:
        watch_memory(options, translator)


def watch_memory(options: argparse.Namespace, translator: ArgosTranslator) -> None:
    """Resident memory while batches of 50 articles go through, as in a run."""
    texts = made_up(options.source, options.memory)
    for start in range(0, len(texts), 50):
        translate_marked(texts[start : start + 50], options.source, options.target, translator, DictMemory())
        if (start // 50) % 4 == 3 or start == 0:
            print(f"memory after {start + 50:5} articles: {rss_mb():6.0f} MB")


if __name__ == "__main__":
    main()
