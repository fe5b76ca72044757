"""Translating texts: what is sent to the model, what is not, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import MissingModelError, TranslationError
from ingest.translate import texts
from ingest.translate.doubts import Doubt
from ingest.translate.faults import Fault
from ingest.translate.texts import (
    DictMemory,
    Doubtful,
    Kept,
    TranslatedText,
    Translator,
    memory_key,
    route,
    sources,
    translate_texts,
)

# Nothing is downloaded while texts are translated: opening a socket fails.
pytestmark = pytest.mark.disable_socket


class Recorder:
    """A translator from Swedish to English that keeps what it was asked, and answers in capitals unless told else."""

    def __init__(
        self,
        answer: Callable[[str], str] = str.upper,
        *,
        strictly: Callable[[str], str] | None = None,
        model: str = "recorder 1",
        settings: str = "",
        pairs: tuple[tuple[str, str], ...] = (("sv", "en"),),
    ) -> None:
        self.settings = settings
        self.asked: list[list[str]] = []
        self.asked_strictly: list[list[str]] = []
        self._answer = answer
        self._strictly = strictly or answer
        self._model = model
        self._pairs = frozenset(pairs)

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs it was given."""
        return self._pairs

    def model(self, source: str, target: str) -> str:
        """The name it was given, with the pair where there are several."""
        if (source, target) not in self._pairs:
            raise MissingModelError(source, target)
        return self._model if len(self._pairs) == 1 else f"{source}-{target}"

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The answer to each sentence."""
        (self.asked_strictly if strict else self.asked).append(list(sentences))
        return [(self._strictly if strict else self._answer)(sentence) for sentence in sentences]


def translated(
    texts: Sequence[str], source: str, target: str, translator: Translator, memory: DictMemory
) -> tuple[str, ...]:
    """What texts read like in the target language."""
    return tuple(one.text for one in translate_texts(texts, source, target, translator, memory))


def test_sentences_come_back_in_their_places() -> None:
    """Order, paragraphs and white space are those of the source."""
    texts = ["Först detta.  Sedan det.\n\nSist detta.", "Nästa text. "]

    assert translated(texts, "sv", "en", Recorder(), DictMemory()) == (
        "FÖRST DETTA.  SEDAN DET.\n\nSIST DETTA.",
        "NÄSTA TEXT. ",
    )


def test_all_texts_go_in_one_call_and_each_sentence_once() -> None:
    """A sentence that several texts share is translated once."""
    translator = Recorder()

    translated(["Hej. Hej. Adjö.", "Adjö.  Hej."], "sv", "en", translator, DictMemory())

    assert translator.asked == [["Hej.", "Adjö."]]


def test_what_is_remembered_is_not_translated_again() -> None:
    """Only what is new goes to the model."""
    memory = DictMemory()
    translated(["Hej. Adjö."], "sv", "en", Recorder(), memory)
    translator = Recorder()

    assert translated(["Adjö. Tack. Hej."], "sv", "en", translator, memory) == ("ADJÖ. TACK. HEJ.",)
    assert translator.asked == [["Tack."]]


@pytest.mark.parametrize("other", [Recorder(model="recorder 2"), Recorder(settings="beam=5")])
def test_another_model_or_setting_starts_afresh(other: Translator) -> None:
    """A translation is remembered for the model and the settings that made it."""
    memory = DictMemory()
    translated(["Hej."], "sv", "en", Recorder(), memory)
    translated(["Hej."], "sv", "en", other, memory)

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
    assert translated([text], "xx", "en", Recorder(), DictMemory()) == (text,)


class Dying(DictMemory):
    """A memory whose process is killed at the third batch."""

    def remember(self, translations: Mapping[str, str]) -> None:
        """Keep two batches."""
        if len(self) >= 2:
            raise KeyboardInterrupt
        super().remember(translations)


def test_a_kill_costs_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches are remembered as they finish; the next run asks for the rest alone."""
    monkeypatch.setattr(texts, "_CHARACTERS_A_CALL", 1)
    memory = Dying()
    with pytest.raises(KeyboardInterrupt):
        translated(["Ett. Två. Sex. Fyra."], "sv", "en", Recorder(), memory)
    translator = Recorder()

    assert translated(["Ett. Två. Sex. Fyra."], "sv", "en", translator, DictMemory(memory)) == ("ETT. TVÅ. SEX. FYRA.",)
    assert sorted(sentence for call in translator.asked for sentence in call) == ["Fyra.", "Två."]


def test_a_batch_is_some_seconds_of_work() -> None:
    """However much there is, no call holds more than a few seconds of a slow model's work."""
    translator = Recorder()

    translated(
        [f"Mening nummer {number} är lagom lång för en tidning." for number in range(900)],
        "sv",
        "en",
        translator,
        DictMemory(),
    )

    assert len(translator.asked) > 3
    assert all(sum(map(len, call)) <= 12_000 for call in translator.asked)


def test_a_fault_is_tried_again_more_strictly() -> None:
    """What goes wrong at first and right when decoded strictly is translated, and not marked."""
    loop = "The dog the dog the dog the dog the dog."
    translator = Recorder(lambda _: loop, strictly=lambda _: "The dog is asleep.")

    assert translate_texts(["Hunden sover nu."], "sv", "en", translator, DictMemory()) == (
        TranslatedText(text="The dog is asleep.", models=("recorder 1",)),
    )
    assert translator.asked_strictly == [["Hunden sover nu."]]


def test_a_sentence_that_fails_whole_is_translated_in_parts() -> None:
    """It is cut at its best inner boundary; the parts come out as one sentence."""
    parts = {
        "Hunden har sovit hela dagen;": "The dog has slept all day;",
        "katten har fångat 3 möss.": "The cat has caught 3 mice.",
    }
    translator = Recorder(lambda sentence: parts.get(sentence, ""))

    made = translate_texts(
        ["Hunden har sovit hela dagen; katten har fångat 3 möss."], "sv", "en", translator, DictMemory()
    )

    assert made[0].text == "The dog has slept all day; the cat has caught 3 mice."
    assert made[0].kept == ()


@pytest.mark.parametrize("again", [False, True], ids=["made", "remembered"])
def test_what_may_mislead_is_translated_and_marked(again: bool) -> None:
    """A lost denial and lost marks of a quotation are told each time, though the memory holds the translation."""
    said = {"Hon har inte svarat.": "She has answered.", "”Det räcker nu”, sade hon.": "It is enough now, she said."}
    memory = DictMemory()
    for _ in range(1 + again):
        (made,) = translate_texts([" ".join(said)], "sv", "en", Recorder(said.__getitem__), memory)

    assert made.text == " ".join(said.values())
    assert made.kept == ()
    assert made.doubtful == tuple(
        Doubtful(sentence=sentence, reason=reason)
        for sentence, reason in zip(said, (Doubt.NEGATION, Doubt.QUOTATION), strict=True)
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", Fault.EMPTY),
        ("Five five five five five five.", Fault.LOOP),
        ("Собака нашла кость.", Fault.SCRIPT),
        ("Bara fem katter kom hit i dag.", Fault.COPY),
        ("Only 6 cats came here today.", Fault.NUMBER),
    ],
)
def test_what_nothing_helps_is_kept_and_marked(answer: str, reason: Fault) -> None:
    """It stays in its language with the reason; its neighbours are translated; the next run asks no model for it."""
    bad = "Bara 31 katter kom hit i dag." if reason is Fault.NUMBER else "Bara fem katter kom hit i dag."
    translator = Recorder(lambda sentence: sentence.upper() if sentence == "Hej då." else answer)
    memory = DictMemory()
    expected = (
        TranslatedText(text=f"HEJ DÅ. {bad}", kept=(Kept(sentence=bad, reason=reason),), models=("recorder 1",)),
    )

    assert translate_texts([f"Hej då. {bad}"], "sv", "en", translator, memory) == expected
    again = Recorder()
    assert translate_texts([f"Hej då. {bad}"], "sv", "en", again, memory) == expected
    assert again.asked == []


def test_addresses_travel_around_the_model() -> None:
    """The model sees a placeholder; sentences that differ by an address alone are translated once."""
    translator = Recorder(lambda sentence: sentence.replace("Läs mer på", "Read more at"))
    texts = ["Läs mer på https://example.org/en_sida?a=1. Hej @redaktion", "Läs mer på red@example.org."]

    assert translated(texts, "sv", "en", translator, DictMemory()) == (
        "Read more at https://example.org/en_sida?a=1. Hej @redaktion",
        "Read more at red@example.org.",
    )
    assert sorted(sentence for call in translator.asked for sentence in call) == ["Hej X1", "Läs mer på X1."]


def test_a_lost_address_is_put_back_in_its_place() -> None:
    """Where the model drops the placeholder the sentence is translated in parts around it."""
    answers = {"Läs mer på": "Read more at", "när du vill.": "whenever you like."}
    translator = Recorder(lambda sentence: answers.get(sentence, "Read more whenever you like."))

    assert translated(["Läs mer på www.example.org när du vill."], "sv", "en", translator, DictMemory()) == (
        "Read more at www.example.org whenever you like.",
    )


def test_html_references_of_a_model_become_characters() -> None:
    """Models learn "&quot;" from pages; where the source has none it is a quotation mark."""
    translator = Recorder(lambda _: "&quot;Hello&quot;, he said.")

    assert translated(["”Hej”, sade han."], "sv", "en", translator, DictMemory()) == ('"Hello", he said.',)


SV_DE = (("sv", "en"), ("en", "de"))


def test_a_pair_without_a_model_goes_by_way_of_english() -> None:
    """Each hop is remembered by its own pair and model, and both models are named."""
    translator = Recorder(lambda sentence: f"{sentence} x", pairs=SV_DE)
    memory = DictMemory()

    made = translate_texts(["Hej."], "sv", "de", translator, memory, pivot=True)

    assert made == (TranslatedText(text="Hej. x x", models=("sv-en", "en-de")),)
    assert len(memory) == 2
    assert sources(translator, "de", pivot=True) == {"en", "sv"}
    assert sources(translator, "de") == {"en"}


def test_a_direct_model_goes_before_english() -> None:
    """The pivot is for pairs that have no model."""
    translator = Recorder(pairs=(*SV_DE, ("sv", "de")))

    assert route(translator, "sv", "de", pivot=True) == (("sv", "de"),)


@pytest.mark.parametrize(
    ("pairs", "pivot", "missing"),
    [(SV_DE, False, "sv -> de"), (SV_DE[:1], True, "en -> de"), (SV_DE[1:], True, "sv -> en")],
)
def test_a_missing_hop_is_named(pairs: tuple[tuple[str, str], ...], pivot: bool, missing: str) -> None:
    """The error says which package to install."""
    with pytest.raises(MissingModelError, match=missing):
        route(Recorder(pairs=pairs), "sv", "de", pivot=pivot)


def test_nothing_makes_nothing() -> None:
    """No texts, no translations."""
    assert translated([], "sv", "en", Recorder(), DictMemory()) == ()


def test_without_a_model_there_is_an_error() -> None:
    """The error names the pair and says what to run."""
    with pytest.raises(MissingModelError, match="xx -> en: run `newsmill models install xx --to en`"):
        translated(["Ord."], "xx", "en", Recorder(), DictMemory())


def test_a_sentence_is_never_lost() -> None:
    """Where the model answers nothing the sentence stays."""
    assert translated(["Hej. Adjö."], "sv", "en", Recorder(lambda _: ""), DictMemory()) == ("Hej. Adjö.",)


def test_a_run_that_was_cut_short_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was translated before an error is remembered."""
    monkeypatch.setattr(texts, "_CHARACTERS_A_CALL", 10)

    def fail_at_last(sentence: str) -> str:
        if sentence == "Femton.":
            raise TranslationError("broken")
        return sentence.upper()

    memory = DictMemory()
    with pytest.raises(TranslationError):
        translated(["Ett. Två. Tre. Fyra. Femton."], "sv", "en", Recorder(fail_at_last), memory)
    translator = Recorder()

    assert translated(["Ett. Två. Tre. Fyra. Femton."], "sv", "en", translator, memory) == (
        "ETT. TVÅ. TRE. FYRA. FEMTON.",
    )
    assert translator.asked == [["Femton."]]


@given(st.lists(st.text(alphabet="aB1 .!?\n@", max_size=100), max_size=5))
def test_a_translator_that_copies_changes_nothing(texts: list[str]) -> None:
    """Whatever is cut apart is put together again."""
    assert translated(texts, "sv", "en", Recorder(lambda sentence: sentence), DictMemory()) == tuple(texts)
