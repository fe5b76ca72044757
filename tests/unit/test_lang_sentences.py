"""Sentences: where they end, and that nothing is lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lang.sentences import ADDRESS, MAX_CHARACTERS, replace_sentences, split_sentences

# A "|" stands where a sentence ends.
SENTENCES = {
    "sv": [
        "Mötet börjar den 5 april 2022. |Då blir det kaffe.",
        "Statsminister f.d. K. Berg, m.fl. var där kl. 8.30. |Sedan gick de.",
        "Vi köpte bröd, smör m.m. |Det räckte länge.",
        "Bl.a. dr. Ek och ca. 20 andra kom, se s. 12. |Nr. 5 vann.",
        "”Det går bra!” sade hon. |”Kom hit.” |Han kom.",
        "Hon tvekade… |Sedan log hon. |– Ja, sade han.",
    ],
    "de": [
        "Er kam am 8. April nach Bremen. |Im 19. Jahrhundert war das anders.",
        "Dr. Weber u. a. waren dort, z. B. Frau Klein. |Die Tür blieb zu.",
        "Das kostet 3,5 Mio. Euro usw. |Die Rechnung ist lang.",
        "„Warum?“, fragte sie. |„Darum.“ |Er ging.",
        "»Komm!« |Sie kam. |Es war 2022. |Danach wurde es still.",
        "Kaiser Wilhelm II. ging in den Garten. |Der Hund auch.",
    ],
    "en": [
        "Mr. Hill met J. R. Brown of the U.S. Army at 5 p.m. on Jan. 6. |The talks failed.",
        "He lives in the U.S. |The rest do not. |He said no. |Nobody asked.",
        "See No. 5 and Fig. 3. |Acme Inc. |It was sold.",
        '"Why?" he asked. |"Because." |She left. |(It rained.) |We stayed.',
        "It cost $3.50 at example.com. |Well... |Maybe. |What?! |Yes.",
        "1. First point.\n|2. Second point.\n|A. Third point.",
    ],
    "ru": [
        "В 2022 г. |Он приехал в г. Тверь, т. е. домой. |Было тихо.",
        "Мы купили хлеб, сыр и т. д. |Потом ушли. |А. С. Иванов ждал.",
        "Это стоит 5 млн. руб. в год. |«Почему?» — спросил он. |— Не знаю.",
        "Они молчали… |Но мы помним.",
    ],
    "fr": ["« Bonjour ! » |Il est parti. |M. Petit arrive. |Oui ? |Non."],
    "el": ["Τι κάνεις; |Καλά. |Ναι."],
    "ar": ["هل جاء الرجل؟ |نعم. |ثم ذهب إلى البيت."],
    "hi": ["वह आया। |फिर वह गया।"],
    "zh": ["今天天气很好。|我们去公园。|“你好！”|他笑了。"],
    "ja": ["「本当？」と言った。|そうです。|はい。"],
    "xx": ["Aaa bbb. |Ccc ddd! |Eee."],
}


@pytest.mark.parametrize(("language", "marked"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_sentences_end_where_a_reader_ends_them(language: str, marked: str) -> None:
    """Abbreviations, initials, ordinals and quotations do not end a sentence; stops do."""
    sentences = split_sentences(marked.replace("|", ""), language)

    assert marked.split("|") == list(sentences)


@given(st.text(), st.sampled_from([*SENTENCES, "zh-Hant", "und"]))
def test_splitting_is_invertible(text: str, language: str) -> None:
    """The sentences joined are the text."""
    assert text == "".join(split_sentences(text, language))


@given(st.text(alphabet="aB1.!?…»“ \n\t。;,–:", max_size=1_500), st.sampled_from(["sv", "en", "zh"]))
def test_no_sentence_is_empty_or_too_long(text: str, language: str) -> None:
    """Whatever the text, each piece has something to translate and none is longer than the limit."""
    sentences = split_sentences(text, language)

    assert all(len(sentence.strip()) <= MAX_CHARACTERS for sentence in sentences)
    assert all(sentence.strip() for sentence in sentences) or not text.strip()


def test_a_line_break_ends_a_sentence() -> None:
    """A heading without a full stop does not run into the text below it."""
    assert split_sentences("Ny bro \n\nDen öppnar i maj. ", "sv") == ("Ny bro \n\n", "Den öppnar i maj. ")


@pytest.mark.parametrize(
    ("joint", "end"),
    [("; ", "; "), (" – ", " – "), (", ", ", "), (" ", " ")],
)
def test_a_long_sentence_is_cut_at_its_best_boundary(joint: str, end: str) -> None:
    """A semicolon or dash is better than a comma, a comma better than a space."""
    half = "ord, och " * 29 if joint != " " else "ord och " * 33
    text = f"{half}slut{joint}{half}slut."

    first, second = split_sentences(text, "sv")

    assert first.endswith(end)
    assert abs(len(first) - len(second)) < MAX_CHARACTERS / 2


def test_a_word_without_end_is_cut_too() -> None:
    """Nothing is left that a model would cut short."""
    assert list(split_sentences("a" * 1_000, "en")) == ["a" * 250] * 4


def test_replacements_take_the_places_of_the_sentences() -> None:
    """White space before, between and behind the sentences stays."""
    sentences = split_sentences("  Ja.  Nej.\n\nKanske. ", "sv")

    assert replace_sentences(sentences, ["Yes.", "No.", "Maybe."], "en") == "  Yes.  No.\n\nMaybe. "


def test_spaces_come_and_go_with_the_script() -> None:
    """Sentences translated from Chinese get spaces between them, sentences translated into Chinese lose theirs."""
    assert replace_sentences(["是。", "不。"], ["Yes.", "No."], "en") == "Yes. No."
    assert replace_sentences(["Yes. ", "No.\n", "Good."], ["是。", "不。", "好。"], "zh") == "是。不。\n好。"


@given(st.text(alphabet="aB .!?\n", max_size=200))
def test_replacing_sentences_by_themselves_changes_nothing(text: str) -> None:
    """Splitting and replacing are inverse to each other."""
    sentences = split_sentences(text, "en")

    assert text == replace_sentences(sentences, sentences, "en")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a?b=c#d",
        "www.example.org",
        "first.last+tag@example.org",
        "@reporter_1",
        "http://exämple.org/å",
    ],
)
def test_an_address_is_recognised_whole(text: str) -> None:
    """URLs, e-mail addresses and handles are found, and end before Chinese text that follows without a space."""
    assert [text] == ADDRESS.findall(f"见{text}。今天" if not text.startswith("@") else f"见 {text}。今天")
