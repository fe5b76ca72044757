"""Detection by language, of sentences and paragraphs, beside langdetect, py3langid and lingua with all that they know.

    python benchmarks/all.py detectors

Texts come from the labelled sets of NEWSMILL_BENCH_DATA; without them one sentence a language of the tests is all. Each
text is judged alone. Who does not tell two ways of writing Chinese, or two Norwegians, apart is not asked to.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.results import ROOT, Kind, Row, Scope
from benchmarks.sets import Form, of_form, read
from ingest.language import LANGUAGES, detect_paragraphs

SENTENCES = ROOT / "tests" / "fixtures" / "languages.tsv"
PARAGRAPH = 150  # characters
EACH = 30  # texts of a language and length
FEWEST = 10
WARM = 40
OURS = "newsmill"
_SAME = {"nb": "no", "nn": "no", "zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}

Detect = Callable[[str], str]


class Text(NamedTuple):
    """A text and its language, as newsmill writes it."""

    language: str
    text: str


def detectors() -> dict[str, Detect]:
    """All of them, by name; each answers with its own code."""
    import langdetect
    import py3langid
    from lingua import LanguageDetectorBuilder

    langdetect.DetectorFactory.seed = 0
    builder = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def by_langdetect(text: str) -> str:
        try:
            return str(langdetect.detect(text))
        except langdetect.LangDetectException:  # no letters
            return "und"

    def by_lingua(text: str) -> str:
        found = builder.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "und"

    return {
        OURS: lambda text: detect_paragraphs([text])[0].language,
        "langdetect": by_langdetect,
        "py3langid": lambda text: str(py3langid.classify(text)[0]),
        "lingua": by_lingua,
    }


def rows(scope: Scope) -> Iterator[Row]:
    """A row for each language and length, then what it costs."""
    asked = detectors()
    if not scope.judge:
        made = _of_the_tests()
        yield from _compared("right, a sentence in each language", made, asked, f"{len(made)} sentences of the tests")
    for one in of_form(scope.data, Form.TEXTS):
        groups: defaultdict[tuple[str, str], list[Text]] = defaultdict(list)
        for row in read(one.path):
            language = _SAME.get(row["language"], row["language"])
            length = "paragraphs" if len(row["text"]) >= PARAGRAPH else "sentences"
            if language in LANGUAGES:
                groups[language, length].append(Text(language, row["text"]))
        # Evenly from all of them: a set may be sorted by source.
        some = {
            key: texts[:: max(1, len(texts) // EACH)][:EACH] for key, texts in groups.items() if len(texts) >= FEWEST
        }
        on = one.called(f"up to {EACH} texts of a language and length, each alone,")
        for (language, length), texts in sorted(some.items()):
            yield from _compared(f"{language}, {length}", texts, asked, on)
        if whole := [text for texts in some.values() for text in texts]:
            yield from _compared("all of these", whole, asked, on, is_timed=True)


def _of_the_tests() -> list[Text]:
    lines = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines()]
    return [Text(codes, text) for kind, codes, text in (line for line in lines if len(line) == 3) if kind == "sentence"]


def _compared(
    name: str, texts: Sequence[Text], asked: dict[str, Detect], on: str, *, is_timed: bool = False
) -> Iterator[Row]:
    right: dict[str, float] = {}
    rates: dict[str, float] = {}
    for detector, detect in asked.items():
        for one in texts[:: max(1, len(texts) // WARM)]:
            detect(one.text)
        start = time.process_time()
        answers = [detect(one.text) for one in texts]
        rates[detector] = len(texts) / max(time.process_time() - start, 1e-9)
        told = [_is_right(one.language, answer, detector) for one, answer in zip(texts, answers, strict=True)]
        right[detector] = sum(told) / len(told)
    yield Row(name=name, value=right.pop(OURS), on=on, peers=right)
    if is_timed:
        own = rates.pop(OURS)
        yield Row(name="texts per CPU second", value=own, unit="/s", kind=Kind.SPEED, on=on, peers=rates)


def _is_right(truth: str, answer: str, detector: str) -> bool:
    answer = _SAME.get(answer, answer)
    return answer == truth or (detector != OURS and answer == "zh" == truth.partition("-")[0])


if __name__ == "__main__":
    raise SystemExit("run it by `python benchmarks/all.py detectors`")
