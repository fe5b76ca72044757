"""Quality and speed of language detection on labelled texts.

    python benchmarks/language.py TEXTS.jsonl.gz DOCUMENTS.jsonl.gz

TEXTS has one JSON object a line: `language`, `text`; each is judged alone. DOCUMENTS has one document a line:
`paragraphs`, a list of such objects, judged together. Lengths are in characters.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import langdetect

from ingest.language import DETECTOR, detect_paragraphs

MAIN = ("sv", "en", "de", "ru")
BOUNDS = (20, 60, 150)
LENGTHS = ("<20", "20-60", "60-150", ">150", "all")
CONFIDENCES = (0.0, 0.5, 0.7, 0.9, 0.99, 0.999)
NORWEGIAN = {"nb": "no", "nn": "no"}
SAMPLE = 16  # langdetect itself is timed on every sixteenth text: it takes milliseconds for each


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


def read(path: Path) -> list[Any]:
    """The objects of a file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


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


def print_speed(texts: Sequence[str]) -> None:
    """CPU time for a text, beside langdetect's own `detect` on the same ones."""
    langdetect.DetectorFactory.seed = 0
    sample = texts[::SAMPLE]
    seconds = {}
    for name, detect in (("newsmill", lambda text: detect_paragraphs([text])), ("langdetect", langdetect.detect)):
        detect("Whatever is read at the first question is not counted.")
        start = time.process_time()
        for text in sample:
            try:
                detect(text)
            except langdetect.LangDetectException:  # what it answers to a text without letters
                continue
        seconds[name] = time.process_time() - start
    rates = ", ".join(f"{name} {len(sample) / taken:.0f} texts/s" for name, taken in seconds.items())
    print(f"\n{rates}: {seconds['langdetect'] / seconds['newsmill']:.1f} times as fast")


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
