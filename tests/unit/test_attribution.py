"""Who wrote a text first and who passed it on: pages of the kinds that repost, in several languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment
from support.making import make_article

from ingest.attribution.attribute import attribute
from ingest.clean.draft import findings_in
from ingest.findings import Findings
from ingest.model import Anchor, Article, Attribution, Block, Citation, Precision, Residue, Role

FILE = "file:///saved/page.txt"


def residue(*pairs: tuple[str, str] | tuple[str, str, str | None]) -> tuple[Residue, ...]:
    """Residue by rule and text; the value is the text unless given."""
    return tuple(Residue(rule=rule, text=text, value=value[0] if value else text) for rule, text, *value in pairs)


def post(text: str, *pairs: Any, **fields: Any) -> Article:
    """An article from a saved file, attributed."""
    marks = residue(*pairs)
    known: dict[str, Any] = {"url": FILE, "publisher": None, "residue": marks, "findings": findings_in(marks)}
    article = make_article("x", **{k: v for k, v in (known | fields).items() if k != "url"})
    blocks = tuple(Block(text=paragraph) for paragraph in text.split("\n\n"))
    return attribute(replace(article, url=fields.get("url", FILE), blocks=blocks))


ADDRESS = "https://harbourreview.org/program/the-pier-will-not-open/"


@pytest.mark.parametrize(
    "comment",
    [
        "Intressant att staden inte lagar bron. Har de ingen plan?",
        "Hat das schon jemand gelesen? Ich finde die Zahlen erschreckend.",
        "Интересно, что мэр снова молчит. Чем всё это кончится?",
        "¿Alguien entiende quién va a pagar todo esto?",
    ],
)
def test_forum_post_that_quotes_an_article(comment: str) -> None:
    """A lone address at the end of a post is where the quotation is from; what the quotation cites is cited."""
    quoted = "Port officials say that the new pier will not open this year (Regnum, May 3; Pristan.info, April 30)."
    found = post(f"{comment}\n\n{quoted}", ("bare_url", ADDRESS))
    assert Attribution(original_name="harbourreview.org", original_url=ADDRESS) == found.attribution
    assert (
        Citation(name="Regnum", date="--05-03", url=None),
        Citation(name="Pristan.info", date="--04-30", url=None),
    ) == found.citations


def test_forum_site_passed_the_quotation_on() -> None:
    """On the web the forum is who passed it on, and an address of the original's country tells its language."""
    found = post("Läs det här.", ("bare_url", "https://www.hafenblatt.de/lokales/bruecke-123.html"),
                 url="https://forum.example/thread/7", publisher="Bryggforum")  # fmt: skip
    assert (
        found.attribution.original_name,
        found.attribution.original_language,
        found.attribution.reposted_by,
    ) == ("hafenblatt.de", "de", "Bryggforum")


@pytest.mark.parametrize(
    "pairs",
    [
        [("bare_url", ADDRESS), ("bare_url", "https://ports.example.org/figures/2021")],
        [("bare_url", "https://harbourreview.org/")],
        [("bare_url", ADDRESS), ("published_stamp", "3 May 2023"), ("byline", "Ann Holt")],
    ],
)
def test_addresses_that_are_no_original(pairs: list[tuple[str, str]]) -> None:
    """Several addresses, a home page, or an address above the text are citations."""
    found = post("Read what the port says of it.", *pairs)
    assert Attribution() == found.attribution
    assert [text for rule, text in pairs if rule == "bare_url"] == [citation.url for citation in found.citations]


@pytest.mark.parametrize(
    ("opening", "label", "name", "place"),
    [
        ("Moscow () – The port stays calm. and although nobody expects", "Editor HNB", "HNB", "Moscow"),
        ("Göteborg () – Hamnen är lugn. och även om ingen väntar sig", "Redaktör HNB", "HNB", "Göteborg"),
        ("MADRID () - Der Hafen bleibt ruhig. und obwohl niemand mit", "Redaktion HNB", "HNB", "MADRID"),
        ("Москва () – Порт спокоен, хотя никто не ждёт решения. но порт ждёт", "Редактор ХНБ", "ХНБ", "Москва"),
    ],
)
def test_machine_translated_repost(opening: str, label: str, name: str, place: str) -> None:
    """Parentheses that lost their agency and sentences that begin small tell a translation; "Editor X" is a site."""
    found = post(f"{opening} a quick end, people who live on the island are worried.",
                 ("source_link", "Source link", None), ("byline", label))  # fmt: skip
    assert Attribution(reposted_by=name, dateline=place, machine_translated=True) == found.attribution
    assert (found.authors, found.flags) == ((), ("agency_missing", "machine_translated_by_cues"))


def test_aggregator_page() -> None:
    """An aggregator names itself, its source, the source's site and owner; its stamp tells the zone of the source's."""
    found = post(
        "Stockholm/Oslo – The only bridge to the island was closed after engineers found cracks in its pillars.",
        ("site_line", "The Bounded Review"),
        ("site_line", "Read non-English news here", None),
        ("aggregator_stamp", "2023-05-03T08:12:10.000Z"),
        ("published_stamp", "Created: 2023-05-03 10:05", "2023-05-03 10:05"),
        ("byline", "Ann Holt, Bo Ek"),
        ("photo_credit", "Eva Kern/dpa"),
        ("initials", "ah/dpa"),
        ("site_line", "Bryggan.se is part of NORDHUS", "NORDHUS"),
        ("source_line", "Source: bryggan", "bryggan"),
        ("navigation", "World/Ports 2024-01-01T11:00:00.000Z", None),
        ("aggregator_stamp", "2024-01-01T11:00:00.000Z"),
    )
    assert found.attribution == Attribution(
        original_name="bryggan (Bryggan.se, NORDHUS)",
        original_language="sv",
        reposted_by="The Bounded Review",
        reposted_at=datetime(2023, 5, 3, 8, 12, 10, tzinfo=UTC),
        dateline="Stockholm/Oslo",
        agency="dpa",
        photo_credits=("Eva Kern/dpa",),
        machine_translated=True,
    )
    assert (found.authors, found.byline) == (("Ann Holt", "Bo Ek"), "Ann Holt, Bo Ek (ah/dpa)")
    summer = timezone(timedelta(hours=2))
    assert (datetime(2023, 5, 3, 10, 5, tzinfo=summer), Precision.INSTANT) == (
        found.published_at,
        found.published_precision,
    )
    assert found.flags == ("zone_inferred",)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("3 мая 2023, 18:05", 3),  # no zone makes it ten minutes before the crawl
        ("3 maj 2023 kl. 10.45", 3),  # would be after it
        ("1. Mai 2023, 10:05 Uhr", 1),  # another day
        ("3 mai 2023", 3),  # no time
    ],
)
def test_zone_that_cannot_be_inferred(stamp: str, day: int) -> None:
    """Where the two stamps do not fit one zone, only the day of publication is known."""
    found = post("x", ("aggregator_stamp", "2023-05-03T08:30:00Z"), ("published_stamp", stamp))
    assert (datetime(2023, 5, day, tzinfo=UTC), Precision.DAY, ()) == (
        found.published_at,
        found.published_precision,
        found.flags,
    )


def test_ambiguous_day_is_told_by_the_crawl() -> None:
    """Month-first and day-first are told apart by the aggregator's stamp, and else not guessed."""
    stamps = ("published_stamp", "05/03/2023, 10:05 a.m.")
    assert post("x", stamps).published_at is None
    found = post("x", ("aggregator_stamp", "2023-05-03T08:12:00Z"), stamps)
    assert datetime(2023, 5, 3, 8, 5, tzinfo=UTC) == found.published_at


def test_declared_date_and_authors_stay() -> None:
    """What the page declares is not overruled by stamps and bylines in the text."""
    noon = datetime(2023, 5, 3, 12, tzinfo=UTC)
    found = post("x", ("published_stamp", "1 May 2023"), ("byline", "Bo Ek"),
                 published_at=noon, published_precision=Precision.INSTANT, authors=("Ann Holt",))  # fmt: skip
    assert (noon, ("Ann Holt",)) == (found.published_at, found.authors)


@pytest.mark.parametrize(
    ("organisation", "author"),
    [
        ("Central Office of the Harbour Union", "Omar Reed"),
        ("Zentrales Medienbüro der Hafenunion", "Karl Ahlers"),
        ("Hamnunionens presstjänst", "Ann Holt"),
        ("Пресс-служба Портового союза", "Умар Серов"),
    ],
)
def test_comment_of_an_organisation(organisation: str, author: str) -> None:
    """The person of a byline is an author, the office an organisation, and nothing says that the text is a copy."""
    found = post("News:\n\nThe port is sold.", ("byline_organisation", organisation), ("byline", author))
    assert (Attribution(), (author,), (organisation,)) == (found.attribution, found.authors, found.organisations)
    assert found.origins == (("authors", "text"),)


def test_reworded_repost() -> None:
    """Two confusions of synonym spinners tell a reworded text, with a flag that says it is a judgement."""
    text = (
        "One in every of the bridges was closed in Might.\n\nThe town can be internet hosting a fair, Reuters studies."
    )
    found = post(text, ("photo_credit", "Photograph: Getty Photos.", "Getty Photos"), ("source_link", "x", None))
    assert Attribution(photo_credits=("Getty Photos",), reworded=True) == found.attribution
    assert found.flags == ("reworded_by_cues",)
    assert [citation.name for citation in found.citations] == ["Reuters"]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was closed in May. Might it open again in June?",
        (
            "Machine translation is used by half of all newsrooms, and it is checked with care by editors who know both"
            " languages well and read each line before it is printed in the paper, a study of forty newsrooms shows."
        ),
        "«Мост закрыт», сказал мэр. „Wir bauen neu“, sagte sie.",
        "Berlin () – Die Stadt bleibt ruhig, sagte die Bürgermeisterin am Montag vor dem Rathaus.",
    ],
)
def test_one_oddity_is_no_proof(text: str) -> None:
    """A single oddity, and a text about translation, tell nothing: unknown is None."""
    found = post(text).attribution
    assert (found.machine_translated, found.reworded) == (None, None)


@pytest.mark.parametrize(
    "note",
    [
        "This article was machine translated.",
        "Den här texten är automatiskt översatt.",
        "Dieser Artikel wurde automatisch übersetzt.",
        "Переведено автоматически",
        "Article traduit automatiquement",
        "Traducción automática",
    ],
)
def test_stated_translation_needs_no_flag(note: str) -> None:
    """Where the page says that its text was translated by a machine, that is no judgement of ours."""
    found = post(f"The bridge was closed on Monday.\n\n{note}")
    assert (found.attribution.machine_translated, found.flags) == (True, ())


@pytest.mark.parametrize(
    ("note", "language"),
    [
        ("Translated from Swedish by Ann Holt", "sv"),
        ("Aus dem Russischen von Eva Kern", "ru"),
        ("Översatt från tyska av Bo Ek", "de"),
        ("Перевод с английского", "en"),
    ],
)
def test_original_language_as_said(note: str, language: str) -> None:
    """A note on the translation tells the language of the original."""
    assert language == post(f"x\n\n{note}").attribution.original_language


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (("source_line", "Quelle: dpa", "dpa"), (None, "dpa")),
        (("source_line", "Source: Statistics Harbour", "Statistics Harbour"), (None, None)),
        (("source_line", "First published in Bryggbladet", "Bryggbladet"), ("Bryggbladet", None)),
        (("source_line", "Källa: Aftonbladet", "Aftonbladet"), ("Aftonbladet", None)),
        (("source_line", "Quelle: courier.example", "courier.example"), (None, None)),
    ],
)
def test_source_lines_of_a_newspaper(source: tuple[str, str, str], expected: tuple[str | None, str | None]) -> None:
    """A newspaper's agency, a chart's source and the site itself are no originals; another outlet is."""
    found = post("x", source, url="https://courier.example/story").attribution
    assert expected == (found.original_name, found.agency)


def test_wordpress_repost_with_its_link() -> None:
    """The address behind "Source link" tells the original; the page's own date is when the copy went up."""
    noon = datetime(2023, 5, 3, 12, tzinfo=UTC)
    found = post("x", ("source_link", "Source link", None), url="https://copies.example/1", publisher="Copies",
                 published_at=noon, published_precision=Precision.INSTANT, byline="Editor CPY",
                 attribution=Attribution(original_url="https://www.bryggan.se/nyheter/1"))  # fmt: skip
    assert found.attribution == Attribution(
        original_name="bryggan.se",
        original_url="https://www.bryggan.se/nyheter/1",
        original_language="sv",
        reposted_by="CPY",
        reposted_at=noon,
    )
    assert found.authors == ()


CUES = (
    "Reuters told laut „Bild“ (Regnum, April 1) skriver DN сообщает ТАСС by Ann Holt at Kiln House , . () – « » ’s"
    " expert Berlin (dpa) 2023-05-03 05/03/2023 https://a.se/b Might according to in an interview with the"
)
TEXTS = st.lists(st.sampled_from(CUES.split()) | st.text(max_size=6), max_size=40).map(" ".join)
READ = (
    "byline byline_organisation initials bare_url source_link source_line published_stamp modified_stamp"
    " aggregator_stamp site_line photo_credit caption navigation translator"
)
RULES = st.sampled_from(READ.split())


@given(
    texts=st.lists(TEXTS, max_size=4),
    taken=st.lists(st.tuples(RULES, TEXTS, st.none() | TEXTS), max_size=6),
    url=st.sampled_from(["https://www.reuters.com/a", FILE, "https://[bad"]),
    link=st.sampled_from(["https://dn.se/x", "http://[", "mailto:a@b", ""]),
)
def test_never_fails_and_twice_is_once(
    texts: list[str], taken: list[tuple[str, str, str | None]], url: str, link: str
) -> None:
    """Any text and residue can be attributed, and doing it twice changes nothing."""
    blocks = tuple(
        Block(text=text, role=role, anchors=(Anchor(text=text[:9], url=link),))
        for text, role in zip(texts, (Role.BODY, Role.QUOTE, Role.LIST, Role.HEADING), strict=False)
    )
    marks = tuple(Residue(rule=rule, text=text, value=value) for rule, text, value in taken)
    once = attribute(replace(make_article("x"), url=url, blocks=blocks, residue=marks, findings=findings_in(marks)))
    assert once == attribute(once)


def test_a_picture_that_an_agency_handed_on_is_credited_to_both() -> None:
    """A caption that says "released by X via Y" gives the credit "X via Y"."""
    text = "The picture released by the state-run Tessera news agency via AP shows the new weir at Aldersyke."
    article = attribute(make_article("The weir was opened.", findings=Findings(captions=(text,))))
    assert article.attribution.photo_credits == ("Tessera via AP",)


@pytest.mark.parametrize(
    ("opening", "dateline"),
    [
        ("TARN HARBOUR, May 6, 2025 (Quaywire) -- ", "TARN HARBOUR"),
        ("PORT-SABLON, 6 mai 2025 (Relais) -- ", "PORT-SABLON"),
        ("IMPORTANT (please read) -- ", None),
    ],
)
def test_dateline_of_a_press_release(opening: str, dateline: str | None) -> None:
    """A place that is not known is one in capitals with a day and a wire in parentheses behind it."""
    assert dateline == post(f"{opening}The port opens a nursery on a barge for its crews.").attribution.dateline


def test_a_stamp_tells_the_time_of_a_declared_day() -> None:
    """Where the page declares the day alone, a stamp of that day tells the instant; one of another day does not."""
    known: dict[str, Any] = {"published_at": datetime(2024, 5, 3, tzinfo=UTC), "published_precision": Precision.DAY}
    zoned = datetime(2024, 5, 3, 10, 15, tzinfo=timezone(timedelta(hours=2)))
    found = post("It sails.", ("published_stamp", "3 May 2024, 10:15 CEST"), **known)
    assert (zoned, Precision.INSTANT) == (found.published_at, found.published_precision)
    assert ("published_at", "text") in found.origins
    for other in ("4 May 2024, 10:15 CEST", "3 May 2024, 10:15", "3 May 2024"):
        found = post("It sails.", ("published_stamp", other), **known)
        assert (known["published_at"], Precision.DAY) == (found.published_at, found.published_precision)


def test_unknown_outlets_by_their_shape() -> None:
    """A source line names an outlet that is not listed, if the name is shaped like one."""
    assert post("It sails.", ("source_line", "Source: Tarn Mercury", "Tarn Mercury")).attribution.original_name == (
        "Tarn Mercury"
    )
    assert post("It sails.", ("source_line", "Source: Tarn census", "Tarn census")).attribution.original_name is None
    assert post("It sails (Tarn Courier, 4 May 2024).").citations == (
        Citation(name="Tarn Courier", date="2024-05-04", url=None),
    )


def test_hostile_residue_costs_little() -> None:
    """Neither thousands of bylines nor a caption that is one endless word take more than a moment."""
    names = [
        f"Ann {first}{second}{third}" for first in "BDGKLMNPRSTV" for second in "aeiouy" for third in "bdgklmnprst"
    ]
    with no_more_than_a_moment():
        article = post(
            "The ferry sails.",
            *(("byline", f"{name}{end}") for end in "aeiou" for name in names),
            ("caption", "A-" * 20_000),
        )
    assert len(article.authors) > 4.9 * len(names)
