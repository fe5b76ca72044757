"""What a text cites, and what it only mentions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.making import make_article

from ingest.attribution.attribute import attribute
from ingest.model import Anchor, Block, Citation, Precision

APRIL = datetime(2022, 4, 8, tzinfo=UTC)


def cited(text: str, **fields: Any) -> list[str | None]:
    """The names that a text cites."""
    return [citation.name for citation in attribute(make_article(text, **fields)).citations]


def dated(text: str, **fields: Any) -> list[tuple[str | None, str | None]]:
    """The names and days that a text cites."""
    return [(citation.name, citation.date) for citation in attribute(make_article(text, **fields)).citations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour will close in May (Regnum, April 1).", [("Regnum", "2022-04-01")]),
        (
            "Both banks deny it (EurActiv, March 29; Harbour-geo.ru, March 12, April 2).",
            [("EurActiv", "2022-03-29"), ("Harbour-geo.ru", "2022-03-12"), ("Harbour-geo.ru", "2022-04-02")],
        ),
        ("Hamnen stängs i maj (Regnum, 1 april).", [("Regnum", "2022-04-01")]),
        ("Der Hafen schließt im Mai (Kommersant, 1. April).", [("Kommersant", "2022-04-01")]),
        ("Порт закроют в мае (Коммерсантъ, 1 апреля).", [("Коммерсантъ", "2022-04-01")]),
        ("Le port fermera en mai (Le Monde, 1er avril 2021).", [("Le Monde", "2021-04-01")]),
        ("El puerto cerrará en mayo (El País, 30 de diciembre).", [("El País", "2021-12-30")]),
        ("The pier is unsafe (Regnum, April 1; Vecherny Bereg, March 30).",
         [("Regnum", "2022-04-01"), ("Vecherny Bereg", "2022-03-30")]),
    ],
)  # fmt: skip
def test_references_in_parentheses(text: str, expected: list[tuple[str, str]]) -> None:
    """A name and days in parentheses are citations, in the year that puts them nearest before publication."""
    assert expected == dated(text, published_at=APRIL, published_precision=Precision.DAY)


def test_reference_without_a_year() -> None:
    """Where the year of a day cannot be told, the day is kept without it."""
    assert dated("The harbour will close (Regnum, April 1).") == [("Regnum", "--04-01")]


@pytest.mark.parametrize(
    "text",
    [
        "They met on the next day (Tuesday, April 5).",
        "She returned to her home town (London, April 5).",
        "The saint is honoured in spring (Servatius, May 13).",
        "He wrote most of it himself (born April 5, 1950).",
        "The fair opens in spring (Updated, April 5).",
        "Its next match is away (Round of 16, April 5).",
    ],
)
def test_days_in_parentheses_that_are_no_references(text: str) -> None:
    """Weekdays, places and events with a day in parentheses are no sources."""
    assert cited(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The deal is off, Reuters reported on Monday.", ["Reuters"]),
        ("The mayor told WELT: “We will rebuild the pier.”", ["WELT"]),
        ("As the Tagesspiegel writes, the bridge is unsafe.", ["Tagesspiegel"]),
        ("According to the Harbour Gazette, rain delayed the ferry.", ["Harbour Gazette"]),
        ("In an interview with EurActiv the minister denied it.", ["EurActiv"]),
        ("She said this in an interview with the online portal NOVOPORT.", ["NOVOPORT"]),
        ("It is a site that the ARD and ZDF quote daily.", ["ARD", "ZDF"]),
        ("The host of the state television channel RT asked him.", ["RT"]),
        ("An official informed Reuters that talks went on.", ["Reuters"]),
        ("The plan, first published by ports.example.org and Bryggan.se, is old.", ["ports.example.org", "Bryggan.se"]),
        ("Det skriver Dagens Nyheter och Expressen.", ["Dagens Nyheter", "Expressen"]),
        ("Enligt TT har bron stängts.", ["TT"]),
        ("Bron är farlig, säger borgmästaren till Sydsvenskan.", ["Sydsvenskan"]),
        ("Det rapporterar tidningen Västra Bryggan.", ["Västra Bryggan"]),
        ("Das berichtet der „Spiegel“ am Montag.", ["Spiegel"]),
        ("Laut „Bild“ war die Brücke gesperrt.", ["Bild"]),
        ("Die Brücke sei gesperrt, sagte die Bürgermeisterin der Rheinischen Post.", ["Rheinische Post"]),
        ("Wie die „Süddeutsche Zeitung“ berichtet, fährt die Fähre.", ["Süddeutsche Zeitung"]),
        ("Dem „Hafenkurier“ zufolge ist sie sicher.", ["Hafenkurier"]),
        ("Об этом сообщает ТАСС со ссылкой на «Известия».", ["ТАСС", "Известия"]),
        ("По данным «Портового вестника», мост закрыт.", ["Портового вестника"]),
        ("Мост закрыт, рассказал мэр «Коммерсанту».", ["Коммерсантъ"]),
        ("Selon Le Monde, le pont est fermé.", ["Le Monde"]),
        ("El puente está cerrado, según informa EFE.", ["EFE"]),
        ("Il ponte è chiuso, scrive la Repubblica.", ["La Repubblica"]),
        ("Broen er stengt, ifølge NRK.", ["NRK"]),
        ("Most jest zamknięty, podaje PAP.", ["PAP"]),
    ],
)
def test_outlets_in_citing_words(text: str, expected: list[str]) -> None:
    """An outlet beside a word of citing is a citation, known or told by its kind, its name's shape or its domain."""
    assert expected == cited(text)


@pytest.mark.parametrize(
    "text",
    [
        "Police cordoned off Reuters' headquarters in the old town.",
        "The Guardian building on the canal will be sold.",
        "He told me that the bank reports on Monday.",
        "May said the deal was dead, and June agreed.",
        "The court fined the television channel RT for its licence.",
        "According to the FBI and NASA, the launch failed.",
        "The president told NATO allies to wait.",
        "Time ran out, the captain said, and the mirror broke.",
        "Die Zeit drängt, und die Welt schaut zu. Mit Blick auf den Hafen sagte er nichts.",
        "Polisen säger till grannarna att stanna inne.",
        "Минобороны сообщило о пожаре, мэр рассказал о планах.",
        "Visit ports.example.com for tickets.",
        "The Ministry of Foreign Affairs said nothing.",
        "His party, the Port Trade Initiative (PTI), won.",
    ],
)
def test_mentions_that_are_no_citations(text: str) -> None:
    """A name without a word of citing, a seat of an outlet, an authority and a plain word are no citations."""
    assert cited(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It will hold,” said Anna Weil, a bridge analyst at Kiln House.", ["Anna Weil, Kiln House"]),
        ("Political scientist Oleg Marin believes it was staged.", ["Oleg Marin"]),
        ("Prices fell, according to W. A. Stone (Second Hill Strategies).", ["W. A. Stone, Second Hill Strategies"]),
        ("It is too late, notes the Harbour Institute’s Tom Reed.", ["Tom Reed, Harbour Institute"]),
        (
            "One expert is the president of Boston’s Pier Strategies, Ann Maria Holt. It is poor, explains Holt.",
            ["Ann Maria Holt, Pier Strategies"],
        ),
        ("Statsvetaren Anna Ek vid Lunds universitet tror på ett avtal.", ["Anna Ek, Lunds universitet"]),
        ("– Det är ovanligt, säger Bo Alm, forskare vid Försvarshögskolan.", ["Bo Alm, Försvarshögskolan"]),
        ("Der Politologe Max Vogt von der Universität Bonn erklärte das.", ["Max Vogt, Universität Bonn"]),
        ("Die Ökonomin Eva Kern sagte, das sei neu.", ["Eva Kern"]),
        ("Политолог Иван Серов считает, что мост закроют.", ["Иван Серов"]),
        ("Эксперт Института экономики Пётр Лунин отметил рост.", ["Пётр Лунин, Института экономики"]),
    ],
)
def test_experts(text: str, expected: list[str]) -> None:
    """An expert with a role or an institution is a citation where the text has a word of citing for him."""
    assert expected == cited(text)


@pytest.mark.parametrize(
    "text",
    [
        "Economist Ann Holt won the race in the harbour.",
        "“We will rebuild,” said the mayor, Ann Holt.",
        "Ann Holt of New Harbour was the first to arrive.",
        "Foreign Minister Roman Berg said that talks went on.",
    ],
)
def test_people_who_are_not_cited_as_experts(text: str) -> None:
    """Politicians, and people without a word of citing, are no citations."""
    assert cited(text) == []


def test_each_name_is_cited_once() -> None:
    """Spellings of one name are one citation in its longest form; a day or a page adds to it."""
    text = "The AP reported it. Associated Press said so again. DN skriver det. Enligt Dagens Nyheter är det så."
    assert cited(text) == ["Associated Press", "Dagens Nyheter"]
    text = "EurActiv reported it. It is true (EurActiv, March 29)."
    assert dated(text, published_at=APRIL) == [("EurActiv", "2022-03-29")]


def test_own_publisher_is_no_citation() -> None:
    """What a text says of its own outlet is no citation."""
    text = "The mayor told the Harbour Gazette on Monday. Reuters reported the same."
    assert cited(text, publisher="The Harbour Gazette") == ["Reuters"]
    assert cited(text, publisher=None, url="https://www.reuters.com/world/story") == ["Harbour Gazette"]


def test_links_to_other_sites() -> None:
    """A hyperlink to another site is a citation: under the outlet's name where its words are that, else the host's."""
    anchors = (
        Anchor(text="Reuters", url="https://www.reuters.com/world/one"),
        Anchor(text="a study", url="https://ports.example.org/study"),
        Anchor(text="our series", url="https://www.courier.example/series"),
        Anchor(text="Share", url="https://www.facebook.com/sharer?u=1"),
        Anchor(text="a bargain", url="https://track.example.net/click?x=1"),
        Anchor(text="write", url="mailto:desk@example.org"),
    )
    article = make_article("x", blocks=(Block(text="Reuters saw a study in our series.", anchors=anchors),))
    expected = (
        Citation(name="Reuters", date=None, url="https://www.reuters.com/world/one"),
        Citation(name="ports.example.org", date=None, url="https://ports.example.org/study"),
    )
    assert expected == attribute(article).citations


def test_link_and_reference_to_one_outlet_meet() -> None:
    """One reference with a day and one link to the same outlet are one citation."""
    anchors = (Anchor(text="said", url="https://www.euractiv.com/interview"),)
    block = Block(text="The minister said no (EurActiv, March 29).", anchors=anchors)
    expected = (Citation(name="EurActiv", date="2022-03-29", url="https://www.euractiv.com/interview"),)
    assert expected == attribute(make_article("x", blocks=(block,), published_at=APRIL)).citations
