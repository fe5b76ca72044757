"""Quality and speed of language detection on labelled texts.

    python benchmarks/language.py TEXTS.jsonl.gz DOCUMENTS.jsonl.gz

TEXTS has one JSON object a line: `language`, `text`; each is judged alone. DOCUMENTS has one document a line:
`paragraphs`, a list of such objects, judged together. Lengths are in characters.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import langdetect

from benchmarks.intervals import mean
from benchmarks.results import Kind, Row, Scope
from benchmarks.sets import Form, of_form, read
from flows.demo.corpus import load_articles
from ingest.language import DETECTOR, LANGUAGES, detect_paragraphs

MAIN = ("sv", "en", "de", "ru")
BOUNDS = (20, 60, 150)
LENGTHS = ("<20", "20-60", "60-150", ">150", "all")
# By length: how many of the four languages are to be told at least, and others to be taken for one of them at most.
GOALS = {"<20": (0.92, 0.03), "20-60": (0.985, 0.005), "60-150": (0.999, 0.001), ">150": (0.999, 0.001)}
CONFIDENCES = (0.0, 0.5, 0.7, 0.9, 0.99, 0.999)
NORWEGIAN = {"nb": "no", "nn": "no", "zh": "zh-Hans"}
SAMPLE = 16  # langdetect itself is timed on every sixteenth text: it takes milliseconds for each
WARM = 50  # tables are read when they are first needed: what so many texts, of all languages, need is not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said about a text, and what is true."""

    text: str
    truth: str
    found: str
    confidence: float

    @property
    def right(self) -> bool:
        """Whether it was told."""
        return self.truth == self.found


def answer(paragraphs: Sequence[dict[str, str]]) -> list[Answer]:
    """The answers for one document."""
    found = detect_paragraphs([paragraph["text"] for paragraph in paragraphs])
    return [
        Answer(
            text=paragraph["text"],
            truth=NORWEGIAN.get(paragraph["language"], paragraph["language"]),
            found=one.language,
            confidence=one.confidence,
        )
        for paragraph, one in zip(paragraphs, found, strict=True)
    ]


def by_length(answers: Iterable[Answer], counts: Callable[[Answer], bool]) -> str:
    """For each range of lengths, and over all, the percentage of answers that count."""
    groups: defaultdict[int, list[bool]] = defaultdict(list)
    for one in answers:
        for group in (sum(len(one.text) >= bound for bound in BOUNDS), len(BOUNDS) + 1):
            groups[group].append(counts(one))
    cells = (groups.get(group) for group in range(len(LENGTHS)))
    return "".join(f"{100 * sum(cell) / len(cell):9.2f}" if cell else f"{'-':>9}" for cell in cells)


def print_accuracy(name: str, answers: Sequence[Answer]) -> None:
    """Accuracy by language and length, and what was taken for a main language by mistake."""
    print(f"\n{name}: {len(answers)} texts, % right by length\n{'':14}" + "".join(f"{length:>9}" for length in LENGTHS))
    for language, _ in sorted(Counter(one.truth for one in answers).items()):
        print(f"{language:14}{by_length([one for one in answers if one.truth == language], lambda one: one.right)}")
    main = [one for one in answers if one.truth in MAIN]
    others = [one for one in answers if one.truth not in MAIN]
    print(f"{' '.join(MAIN):14}{by_length(main, lambda one: one.right)}")
    if others:
        print(f"{'others':14}{by_length(others, lambda one: one.right)}")
        print(f"{'taken for one':14}{by_length(others, lambda one: one.found in MAIN)}")
    errors = Counter((one.truth, one.found) for one in answers if not one.right)
    print("most often:", ", ".join(f"{truth} as {found} {count}" for (truth, found), count in errors.most_common(8)))


def print_calibration(answers: Sequence[Answer]) -> None:
    """How often an answer of each confidence is right; the expected error is the mean distance between the two."""
    print(f"\n{'confidence':>12}{'texts':>8}{'mean':>8}{'right':>8}")
    distance = 0.0
    for low, high in zip(CONFIDENCES, (*CONFIDENCES[1:], 1.1), strict=True):
        group = [one for one in answers if low <= one.confidence < high]
        if group:
            mean = sum(one.confidence for one in group) / len(group)
            right = sum(one.right for one in group) / len(group)
            distance += abs(mean - right) * len(group)
            print(f"{f'from {low}':>12}{len(group):8}{mean:8.3f}{right:8.3f}")
    print(f"expected calibration error {distance / len(answers):.4f}")


def side_by_side(texts: Sequence[str]) -> dict[str, tuple[float, list[str]]]:
    """(CPU seconds, answers) here and by langdetect's own `detect`, each text alone."""
    langdetect.DetectorFactory.seed = 0
    ways: dict[str, Callable[[str], str]] = {
        "newsmill": lambda text: detect_paragraphs([text])[0].language,
        "langdetect": langdetect.detect,
    }
    found = {}
    for name, detect in ways.items():
        for text in texts[:: max(1, len(texts) // WARM)]:
            _asked(detect, text)
        start = time.process_time()
        answers = [_asked(detect, text) for text in texts]
        found[name] = (time.process_time() - start, answers)
    return found


def _asked(detect: Callable[[str], str], text: str) -> str:
    try:
        return detect(text)
    except langdetect.LangDetectException:  # what it answers to a text without letters
        return "und"


def print_speed(texts: Sequence[str]) -> None:
    """CPU time for a text, beside langdetect's own `detect` on the same ones."""
    sample = texts[::SAMPLE]
    seconds = {name: taken for name, (taken, _) in side_by_side(sample).items()}
    rates = ", ".join(f"{name} {len(sample) / taken:.0f} texts/s" for name, taken in seconds.items())
    print(f"\n{rates}: {seconds['langdetect'] / seconds['newsmill']:.1f} times as fast")


def rows(scope: Scope) -> Iterator[Row]:
    """Beside langdetect on the demo's paragraphs and a sample of the labelled texts; then those by length."""
    if not scope.judge:
        made = [
            {"language": article.language, "text": block.text}
            for article in load_articles()
            if article.truth.languages == (article.language,)
            for block in article.blocks
        ]
        yield from _beside_langdetect(made, f"{len(made)} paragraphs of the demo, each alone")
    for one in of_form(scope.data, Form.TEXTS):
        texts = read(one.path)
        some = texts[::SAMPLE]
        yield from _beside_langdetect(some, one.called(f"{len(some)} texts, each alone,"), times=30)
        yield from _by_length([each for text in texts for each in answer([text])], one.called(f"{len(texts)} texts"))
    for one in of_form(scope.data, Form.DOCUMENTS):
        paragraphs = [each for document in read(one.path) for each in answer(document["paragraphs"])]
        on = one.called(f"{len(paragraphs)} paragraphs of documents that change language,")
        yield _right("right", paragraphs, on, goal=0.99)


def _right(name: str, answers: Sequence[Answer], on: str, goal: float | None = None) -> Row:
    ratio = mean([one.right for one in answers])
    return Row(name=name, value=ratio.value, between=ratio.between, on=on, goal=goal)


def _beside_langdetect(texts: Sequence[dict[str, str]], on: str, times: float | None = None) -> Iterator[Row]:
    found = side_by_side([text["text"] for text in texts])
    truths = [NORWEGIAN.get(text["language"], text["language"]) for text in texts]
    right = {name: sum(map(str.__eq__, truths, answers)) / len(truths) for name, (_, answers) in found.items()}
    rates = {name: len(truths) / taken for name, (taken, _) in found.items()}
    yield Row(name="right", value=right.pop("newsmill"), on=on, peers=right)
    own = rates.pop("newsmill")
    yield Row(name="texts per CPU second", value=own, unit="/s", kind=Kind.SPEED, on=on, peers=rates, goal=times)


def _by_length(answers: Sequence[Answer], on: str) -> Iterator[Row]:
    known = [one for one in answers if one.truth in LANGUAGES]
    if known:
        yield _right("right", known, on)
    if unknown := [one for one in answers if one.truth not in LANGUAGES]:
        honest = mean([one.right or one.found == "und" for one in unknown])
        name = "right or und, of languages that are not told apart"
        yield Row(name=name, value=honest.value, between=honest.between, on=on, goal=0.95)
    lengths = [(0, 20), (20, 60), (60, 150), (150, 10**9)]
    for (low, high), name in zip(lengths, LENGTHS, strict=False):
        some = [one for one in answers if low <= len(one.text) < high]
        main = [one for one in some if one.truth in MAIN]
        least, most = GOALS[name]
        if not main:
            continue
        yield _right(f"{' '.join(MAIN)} right, {name} characters", main, on, goal=least)
        taken = share([one for one in some if one.truth not in MAIN], lambda one: one.found in MAIN)
        yield Row(name=f"others taken for one of them, {name} characters", value=taken, on=on, higher=False, goal=most)


def share(answers: Sequence[Answer], counts: Callable[[Answer], bool]) -> float | None:
    """The share of answers that count; None of none."""
    return sum(map(counts, answers)) / len(answers) if answers else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("documents", type=Path)
    arguments = parser.parse_args()
    print(DETECTOR)
    texts = [one for text in read(arguments.texts) for one in answer([text])]
    print_accuracy("Texts alone", texts)
    print_calibration(texts)
    paragraphs = [one for document in read(arguments.documents) for one in answer(document["paragraphs"])]
    print_accuracy("Paragraphs of documents", paragraphs)
    print_calibration(paragraphs)
    print_speed([one.text for one in texts])


if __name__ == "__main__":
    main()
