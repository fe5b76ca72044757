"""What is wrong with a translation: faults that are found, and good translations that are left alone."""

from __future__ import annotations

import pytest

from ingest.translate.faults import Fault, find_fault, tidy
from ingest.translate.numbers import lost_numbers

# Source, good translation, language of the source, of the translation.
GOOD = [
    ("Regeringen lade i går fram 3 förslag.", "The government presented three proposals yesterday.", "sv", "en"),
    ("Mötet hålls den 5 april 2022 kl. 14.30.", "The meeting is on 5 April 2022 at 2:30 pm.", "sv", "en"),
    ("Das kostet 1.250,50 Euro.", "That costs €1,250.50.", "de", "en"),
    ("Sie wohnt dort seit 1987.", "She has lived there since 1987.", "de", "en"),
    ("Завод построили в 1990-х годах.", "The plant was built in the 1990s.", "ru", "en"),
    ("В городе живут 20 тыс. человек.", "The town has 20,000 inhabitants.", "ru", "en"),
    ("Das war am 08.04.2022.", "That was on April 8, 2022.", "de", "en"),
    ("Det var på 90-talet.", "It was in the 1990s.", "sv", "en"),
    ("Anna Berg, Karin Ek och Per Holm", "Anna Berg, Karin Ek and Per Holm", "sv", "en"),
    ("Ja.", "Yes, it is.", "sv", "en"),
    ("Nej, nej, nej!", "No, no, no!", "sv", "en"),
    ("Tyvärr.", "Unfortunately.", "sv", "en"),
    (
        "Han sade att han hade sagt att han skulle säga det.",
        "He said that he had said that he would say it.",
        "sv",
        "en",
    ),
    ("Der 17. Juni ist ein Freitag.", "17 июня — пятница.", "de", "ru"),
    ("A NATO és az EU is ott volt.", "НАТО и ЕС тоже были там.", "hu", "ru"),
    ("Apple visade iPhone 14.", "Компания Apple показала iPhone 14.", "sv", "ru"),
    (
        "今天天气很好，我们去公园散步。",
        "The weather is lovely today, so we are going for a walk in the park.",
        "zh",
        "en",
    ),
    (
        "The weather is lovely today, so we are going for a walk in the park.",
        "今天天气很好，我们去公园散步。",
        "en",
        "zh",
    ),
    ("Fartyget byggdes på 1600-talet.", "The ship was built in the 17th century.", "sv", "en"),
    ("Han er meget glad for sin nye cykel.", "Han är mycket glad för sin nya cykel.", "da", "sv"),
    ("The king of the 17th century was rich.", "O rei do século XVII era rico.", "en", "pt"),
]

BAD = [
    ("Hunden sover.", "", Fault.EMPTY),
    ("Hunden sover.", "...", Fault.EMPTY),
    ("Hunden sover i korgen.", "The dog dog dog dog sleeps.", Fault.LOOP),
    ("Hunden sover i korgen.", "The dog and the dog and the dog and the dog and the dog.", Fault.LOOP),
    ("Norra delen av staden är mörk.", "Nororororororororo is dark tonight.", Fault.LOOP),
    ("Собака спит в корзине.", "The собака sleeps in the корзина.", Fault.SCRIPT),
    ("Hunden sover i korgen hela dagen.", "Hunden sover i korgen hela dagen.", Fault.COPY),
    ("Der Hund schläft den ganzen Tag im Korb.", "The Hund schläft den ganzen Tag im Korb.", Fault.COPY),
    ("Regeringen lade i går fram en lång lista med förslag till riksdagen.", "The government", Fault.TRUNCATED),
    ("Regeringen lade i går fram en lång lista med förslag till riksdagen.", "The government yesterday put forward a",
     Fault.TRUNCATED),
    ("Ja.", "Yes, and then they all went home and nobody ever saw them again.", Fault.TOO_LONG),
    ("Läs mer på X1 i dag.", "Read more today.", Fault.PLACEHOLDER),
    ("Priset steg med 31 procent.", "The price rose by 13 percent.", Fault.NUMBER),
    ("Det kostar 1 250 kronor.", "It costs 1,520 kronor.", Fault.NUMBER),
    ("Sie kam 2019 und blieb.", "She came and stayed.", Fault.NUMBER),
]  # fmt: skip


@pytest.mark.parametrize(("source", "translation", "language", "target"), GOOD)
def test_good_translations_have_no_fault(source: str, translation: str, language: str, target: str) -> None:
    """Numbers in another form, names, short answers and other scripts are no faults."""
    assert find_fault(source, translation, language, target) is None


@pytest.mark.parametrize(("source", "translation", "fault"), BAD)
def test_faults_are_told_apart(source: str, translation: str, fault: Fault) -> None:
    """Each is named by what is wrong."""
    language = "ru" if source.startswith("Соб") else "de" if source.startswith(("Der", "Sie")) else "sv"

    assert find_fault(source, translation, language, "en") is fault


@pytest.mark.parametrize(
    ("source", "translation", "language"),
    [
        (
            "이 파일에 timeout 대신 retries 값을 쓰고 delay 항목을 지우십시오.",
            "Write retries for timeout and delete delay.",
            "ko",
        ),
        ("这个命令会读取 timeout、retries 和 delay 三个设置。", "It reads timeout, retries and delay.", "zh-Hans"),
        ("Ändra nyckeln com.example.shop.cart-limit", "Change the key com.example.shop.cart-limit", "sv"),
    ],
)
def test_names_of_programs_make_no_copy(source: str, translation: str, language: str) -> None:
    """Names of settings and files stand in a translation as they stood, in whatever letters the rest was written."""
    assert find_fault(source, translation, language, "en") is None


def test_a_source_that_repeats_itself_may_do_so_in_translation() -> None:
    """A chorus is no loop."""
    assert find_fault("Hej hej hej hej hej!", "Hello hello hello hello hello!", "sv", "en") is None


@pytest.mark.parametrize(
    ("source", "translation", "lost"),
    [
        ("1 000 000 kr, 3,5 % och 08-123 45", "1,000,000 kronor, 3.5% and 08-123 45", ()),
        ("mellan 10 och 15 grader", "between ten and fifteen degrees", ()),
        ("12 av 31 hus", "a dozen of 31 houses", ()),
        ("١٢٣ شخصا", "123 people", ()),
        ("5 hus", "houses", ("5",)),
        ("31 hus och 45 bilar", "31 houses and 54 cars", ("45",)),
        ("2,5 mot 3,7", "2.5 to 3.9", ("3,7",)),
    ],
)
def test_lost_numbers_are_named(source: str, translation: str, lost: tuple[str, ...]) -> None:
    """As they stand in the source."""
    assert lost == lost_numbers(source, translation, "en")


def test_small_numbers_may_be_words_in_any_language() -> None:
    """How other languages than English write them is not known here."""
    assert lost_numbers("Er sah 3 Hunde.", "Il a vu trois chiens.", "fr") == ()
    assert lost_numbers("Er sah 31 Hunde.", "Il a vu des chiens.", "fr") == ("31",)


def test_a_source_with_references_keeps_them() -> None:
    """What the source says is not undone."""
    assert tidy("A &amp; B", "A &amp; B") == "A &amp; B"
    assert tidy("A och B", "A &amp; B") == "A & B"
