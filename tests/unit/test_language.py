"""Languages of paragraphs: told together, the same every time, and not led astray by short lines."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import LANGUAGES, Detection, detect_paragraphs, shares

LONG = {
    "sv": "Kommunen tänker bygga en ny bro över ån nästa vår, trots att många av dem som bor i närheten hellre hade"
    " sett att pengarna gick till skolorna.",
    "en": "The town wants to build a new bridge across the river next spring, although many of those who live nearby"
    " would rather have seen the money go to the schools.",
    "de": "Die Stadt will im nächsten Frühjahr eine neue Brücke über den Fluss bauen, obwohl viele Anwohner das Geld"
    " lieber für die Schulen ausgegeben hätten.",
    "ru": "Город хочет построить весной новый мост через реку, хотя многие из тех, кто живёт рядом, предпочли бы"
    " потратить эти деньги на школы.",
    "uk": "Місто хоче збудувати навесні новий міст через річку, хоча багато хто з тих, хто живе поруч, волів би"
    " витратити ці гроші на школи.",
    "fr": "La ville veut construire un nouveau pont sur la rivière au printemps prochain, bien que beaucoup de"
    " riverains auraient préféré que l'argent aille aux écoles.",
    "ar": "تريد المدينة بناء جسر جديد فوق النهر في الربيع المقبل، رغم أن كثيرا من السكان"
    " يفضلون إنفاق المال على المدارس.",
    "fa": "شهرداری می‌خواهد بهار آینده پل تازه‌ای روی رودخانه بسازد، هرچند بسیاری از ساکنان می‌گویند این پول باید برای"
    " مدرسه‌ها هزینه شود.",
    "he": "העירייה רוצה לבנות באביב הבא גשר חדש מעל הנהר, אף שרבים מהתושבים היו מעדיפים שהכסף יושקע בבתי הספר.",
    "el": "Ο δήμος θέλει να χτίσει μια νέα γέφυρα πάνω από το ποτάμι την άνοιξη, αν και πολλοί θα προτιμούσαν σχολεία.",
    "zh": "市政府打算明年春天在河上建一座新桥，虽然附近的许多居民更希望把这笔钱用在学校上。",
    "zh-Hant": "市政府打算明年春天在河上建一座新橋，雖然附近的許多居民更希望把這筆錢用在學校上。",
    "ja": "市は来年の春に川に新しい橋をかけるつもりだが、近くに住む多くの人は学校にお金を使ってほしいと思っている。",
    "ko": "시는 내년 봄에 강 위에 새 다리를 놓을 계획이지만, 많은 주민들은 그 돈을 학교에 쓰기를 바라고 있다.",
    "tr": "Belediye gelecek baharda nehrin üzerine yeni bir köprü yapmak istiyor, oysa yakında oturanların çoğu paranın"
    " okullara harcanmasını isterdi.",
}
SHORT = {"sv": "Nu börjar arbetet.", "en": "Now the work begins.", "de": "Jetzt beginnt die Arbeit."}
NAMES = [
    "Le Petit Journal",
    "Neue Rheinische Zeitung",
    "Von Annegret Müller-Lüdenscheidt",
    "Giovanni Battista Bianchi",
    "Gazeta Poranna",
    "Foto: Åke Sjöström",
    "BREAKING",
    "TT",
    "(mb)",
    "* * *",
    "12 April 2022",
    "https://example.org/die-neue-zeitung-ist-da",
    "Share",
]


def languages(*texts: str) -> list[str]:
    """The languages of a document's paragraphs."""
    return [found.language for found in detect_paragraphs(texts)]


@pytest.mark.parametrize("language", LONG)
def test_a_paragraph_is_told(language: str) -> None:
    """A paragraph by itself is told, and more surely right than wrong."""
    (found,) = detect_paragraphs([LONG[language]])

    assert found.language == language
    assert found.confidence > 0.5


@pytest.mark.parametrize("language", ["sv", "en", "de"])
@pytest.mark.parametrize("line", NAMES)
def test_a_name_or_a_short_line_makes_no_language(language: str, line: str) -> None:
    """A document of one language gets no stray paragraph in another from a byline, a name or an address."""
    assert languages(LONG[language], line, LONG[language]) == [language] * 3


def test_a_document_of_two_languages_keeps_both() -> None:
    """Where the language changes, it changes, for short lines too."""
    document = [LONG["sv"], SHORT["sv"], LONG["en"], SHORT["en"], LONG["en"]]

    assert languages(*document) == ["sv", "sv", "en", "en", "en"]


@pytest.mark.parametrize(("inside", "around"), [("sv", "en"), ("en", "de"), ("ru", "sv"), ("uk", "ru")])
def test_a_long_quotation_keeps_its_language(inside: str, around: str) -> None:
    """One paragraph in another language is found in the middle of a document."""
    assert languages(*[LONG[around]] * 3, LONG[inside], *[LONG[around]] * 3) == [around] * 3 + [inside] + [around] * 3


@pytest.mark.parametrize(("line", "language"), [("السلام عليكم", "ar"), ("Доброе утро", "ru"), ("שלום לכולם", "he")])
def test_a_line_in_another_script_does_not_decide_the_document(line: str, language: str) -> None:
    """The line has its own language and the rest keeps its own."""
    document = [line, SHORT["en"], LONG["en"], LONG["en"]]

    assert languages(*document) == [language, "en", "en", "en"]
    assert shares(zip(document, languages(*document), strict=True))[0][0] == "en"


def test_lines_without_letters_take_the_language_of_their_neighbours() -> None:
    """Figures, rules and addresses belong to what stands around them."""
    document = ["2022", LONG["sv"], "* * *", LONG["sv"], "https://example.org/the-news-of-the-day"]

    assert languages(*document) == ["sv"] * 5


@pytest.mark.parametrize("texts", [[""], ["12 345"], ["https://example.org/", " "], ["ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ"]])
def test_what_cannot_be_told_is_undetermined(texts: list[str]) -> None:
    """No letters at all, or a script that no profile covers, is "und" without any confidence."""
    assert set(detect_paragraphs(texts)) == {Detection(language="und", confidence=0.0)}


def test_an_unknown_script_stays_undetermined_in_a_known_document() -> None:
    """It does not take the language of its neighbours, as a line without letters does."""
    assert languages(LONG["en"], "ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", LONG["en"]) == ["en", "und", "en"]


def test_no_paragraphs_no_detections() -> None:
    """An empty document has no languages."""
    assert detect_paragraphs([]) == ()


@pytest.mark.parametrize("language", ["sv", "de", "ru"])
def test_a_headline_in_capitals_is_read(language: str) -> None:
    """langdetect by itself skips capitals."""
    assert languages(LONG[language].upper()) == [language]


def test_the_answer_is_the_same_in_another_process() -> None:
    """Neither chance nor the hash seed has a say."""
    texts = [*LONG.values(), *SHORT.values(), *NAMES]
    code = f"from ingest.language import detect_paragraphs; print(detect_paragraphs({texts!r}))"
    answers = {
        subprocess.check_output([sys.executable, "-X", "utf8", "-c", code], env={"PYTHONHASHSEED": seed}, text=True)
        for seed in ("1", "2")
    }

    assert answers == {f"{detect_paragraphs(texts)}\n"}


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_answered(texts: list[str]) -> None:
    """One detection for each paragraph, in a known language with a probability."""
    found = detect_paragraphs(texts)

    assert len(found) == len(texts)
    for one in found:
        assert (one.language in LANGUAGES and 0 < one.confidence <= 1) or one == Detection(
            language="und", confidence=0.0
        )


def test_shares_are_counted_by_letters() -> None:
    """Figures, punctuation and addresses count for nothing; the largest share comes first, equal ones by code."""
    segments = [("abcd. 12345!", "sv"), ("abcd https://example.org/long", "en"), ("ab", "de"), ("12", "fr")]

    assert shares(segments) == (("en", 0.4), ("sv", 0.4), ("de", 0.2))


def test_shares_of_nothing() -> None:
    """Without letters all of it is undetermined."""
    assert shares([]) == shares([("12", "sv")]) == (("und", 1.0),)


def test_shares_are_rounded_to_one() -> None:
    """Thirds sum to 1 all the same."""
    assert shares([("a", "sv"), ("b", "en"), ("c", "de")]) == (("de", 0.3334), ("en", 0.3333), ("sv", 0.3333))


@given(st.lists(st.tuples(st.text(alphabet="abc 1", max_size=30), st.sampled_from(LANGUAGES))))
def test_shares_sum_to_one(segments: list[tuple[str, str]]) -> None:
    """Whatever the document, in order of size."""
    found = shares(segments)
    values = [share for _, share in found]

    assert math.isclose(sum(values), 1.0, abs_tol=1e-9)
    assert values == sorted(values, reverse=True)
