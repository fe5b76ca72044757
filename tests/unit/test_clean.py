"""What the order of lines tells: titles twice, captions and credits, bylines over two lines, what follows the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment
from support.making import make_article
from support.pages import ARABIC, ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH

from ingest.clean import clean
from ingest.clean.draft import Draft
from ingest.clean.guard import restore, take_out_improbable
from ingest.clean.shape import line_of
from ingest.model import Anchor, Article, Block, Mark, MarkKind, Residue, Role

TITLE = "Old ferry sails again after two years in the yard"
LONG = (
    "The yard kept fourteen people at work through the winter, the chairman told the hall, and none of them is to be"
    " dismissed when the ferry leaves. A second ship is expected in the autumn, though nobody has seen a contract yet."
)
PROSE = (ENGLISH, ENGLISH_TOO, LONG)


def cleaned(*texts: str | Block, **fields: Any) -> Article:
    """A clean article of these lines."""
    blocks = tuple(text if isinstance(text, Block) else Block(text=text) for text in texts)
    return clean(make_article("", blocks=blocks, **fields))


def texts_of(article: Article) -> list[str]:
    """The lines that are kept."""
    return [block.text for block in article.blocks]


def rules_of(article: Article) -> list[tuple[str, str | None]]:
    """What was taken out: codes and values."""
    return [(residue.rule, residue.value) for residue in article.residue]


def heading(text: str, origin: str = "trafilatura") -> Block:
    """A heading of a page."""
    return Block(text=text, role=Role.HEADING, origin=origin)


def item(text: str) -> Block:
    """An item of a list of a page."""
    return Block(text=text, role=Role.LIST, origin="trafilatura")


def test_text_alone_is_left_alone() -> None:
    """An article without residue is unchanged."""
    article = make_article(f"{ENGLISH}\n\n{SWEDISH}\n\n{GERMAN}")
    assert article == clean(article)


@pytest.mark.parametrize(
    "line",
    [
        TITLE,
        TITLE.upper() + ".",
        f"Harbour {TITLE}",
        f"HarbourNews{TITLE}",
        "Old ferry sails again after long repair: two years in the yard",
    ],
    ids=["same", "capitals", "under a kicker", "glued to it", "for search engines"],
)
def test_the_title_above_the_text(line: str) -> None:
    """The title goes from the text, as it stands or under a kicker or reworded."""
    article = cleaned(heading(line), *PROSE, title=TITLE)
    assert (list(PROSE), [("repeated_title", line)]) == (texts_of(article), rules_of(article))


@pytest.mark.parametrize("line", ["A crew of fourteen", "What the yard says about it", "The ferry and the bus"])
def test_other_headings_are_kept(line: str) -> None:
    """A heading of the text is not its title, not even where it begins with one."""
    assert cleaned(heading(line), *PROSE, heading(line), GERMAN, title=TITLE).residue == ()


def test_a_kicker_above_the_title() -> None:
    """A short line above the title goes with it."""
    article = cleaned(Block(text="Harbour", origin="trafilatura"), heading(TITLE), *PROSE, title=TITLE)
    assert rules_of(article) == [("kicker", None), ("repeated_title", TITLE)]


def test_a_site_that_prints_its_name_first() -> None:
    """In plain text that repeats its headline, what stands above is the site's, and the headline is the title."""
    teaser = f"{TITLE} Created: 2024-04-08 04:51 By: Ann Lee {ENGLISH[:60]}"
    lines = ("The Tidy Times", "Read the whole world here...", TITLE, "2024-04-08T02:57:49.911Z", teaser, TITLE)
    article = cleaned(*lines, "Created: 2024-04-08 04:51", "By: Ann Lee", *PROSE, title=lines[0])
    assert (TITLE, list(PROSE)) == (article.title, texts_of(article))
    assert rules_of(article) == [
        ("site_line", "The Tidy Times"),
        ("site_line", None),
        ("repeated_title", TITLE),
        ("aggregator_stamp", "2024-04-08T02:57:49.911Z"),
        ("repeated_lead", None),
        ("repeated_title", TITLE),
        ("published_stamp", "2024-04-08 04:51"),
        ("byline", "Ann Lee"),
    ]


def test_a_standfirst_that_is_nearly_the_first_paragraph() -> None:
    """Of two versions of a paragraph the longer stays."""
    shorter = LONG.replace("through the winter, ", "")
    assert list(PROSE[::-1]) == texts_of(cleaned(shorter, LONG, ENGLISH_TOO, ENGLISH))


def test_a_pulled_quotation_stays() -> None:
    """A sentence of the text that stands there once more, further down, is text."""
    quotation = "Nobody has seen a contract yet."
    assert cleaned(*PROSE, quotation, GERMAN, SWEDISH).residue == ()


def test_a_long_paragraph_that_stands_twice() -> None:
    """One of two equal paragraphs goes: the copy above the text, or the second."""
    assert texts_of(cleaned(ENGLISH, LONG, SWEDISH, GERMAN, LONG, ENGLISH_TOO)) == [
        ENGLISH,
        SWEDISH,
        GERMAN,
        LONG,
        ENGLISH_TOO,
    ]
    assert texts_of(cleaned(*PROSE, GERMAN, GERMAN)) == [*PROSE, GERMAN]
    story = [f"{text} It was the {number}th year." for number, text in enumerate((*PROSE, LONG, GERMAN) * 3, start=4)]
    assert texts_of(cleaned(*story, *story[3:])) == story


def test_a_line_that_comes_again_is_the_writers() -> None:
    """A refrain, a meal of two days, terms that differ in a number: a paragraph stays where it does not stand twice."""
    refrain = (ENGLISH, LONG, SWEDISH, LONG, GERMAN)
    headings = [heading(f"Part {number}") for number in range(15)]
    assert texts_of(cleaned(LONG, *headings, *refrain)) == [LONG, *(one.text for one in headings), *refrain]
    terms = [
        f"For orders of {n} to {n + 9} pieces the price is reduced by {n} percent at the till, shipping included."
        for n in (10, 20)
    ]
    assert texts_of(cleaned(*terms, *PROSE)) == [*terms, *PROSE]


@pytest.mark.parametrize(
    ("caption", "credit", "value"),
    [
        (
            "The photo released by the port shows the ferry at its berth on Monday.",
            "© Mila Klement/dpa",
            "Mila Klement/dpa",
        ),
        ("The ferry at its berth", "Photograph: Getty Photos.", "Getty Photos"),
        ("Färjan (t.v.) vid kajen i måndags.", "Foto: Anna Ek/TT", "Anna Ek/TT"),
        ("Die Fähre (links) am Kai.", "Foto: Jörg Hansen/dpa", "Jörg Hansen/dpa"),
        ("Паром на фото у причала.", "Фото: Ирина Белова", "Ирина Белова"),
    ],
)
def test_a_caption_above_its_credit(caption: str, credit: str, value: str) -> None:
    """Both go, on two lines as on one, also from the middle of the text."""
    for lines in ((caption, credit), (f"{caption} {credit}" if caption.endswith(".") else f"{caption}. {credit}",)):
        article = cleaned(ENGLISH, *lines, ENGLISH_TOO, LONG)
        assert (list(PROSE), [("caption", None), ("photo_credit", value)]) == (texts_of(article), rules_of(article))


def test_a_paragraph_above_a_credit_stays() -> None:
    """Only what has the shape of a caption goes with the credit."""
    article = cleaned(ENGLISH, ENGLISH_TOO, "Foto: Anna Ek/TT", LONG)
    assert (list(PROSE), [("photo_credit", "Anna Ek/TT")]) == (texts_of(article), rules_of(article))


def test_a_credit_behind_a_long_paragraph() -> None:
    """From a paragraph the credit is cut off, and the paragraph stays."""
    article = cleaned(ENGLISH, f"{LONG} {ENGLISH_TOO} Photo: Ann Lee/TT", SWEDISH)
    assert f"{LONG} {ENGLISH_TOO}" == article.blocks[1].text
    assert (
        Residue(
            text="Photo: Ann Lee/TT", rule="photo_credit", value="Ann Lee/TT", moved_to="attribution.photo_credits"
        ),
    ) == article.residue


def test_blocks_that_are_captions() -> None:
    """What extraction says is a caption stays one, outside the text; the credit in it is found and taken out."""
    caption = Block(text="The ferry at its berth. (AP Photo/Ann Lee)", role=Role.CAPTION)
    article = cleaned(ENGLISH, caption, ENGLISH_TOO)
    assert rules_of(article) == [("photo_credit", "AP Photo/Ann Lee")]
    assert (article.blocks[1].text, article.blocks[1].role) == ("The ferry at its berth.", Role.CAPTION)
    assert "berth" not in article.text


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            ("Written for the River Residents' Office by", "Idris Penhallow"),
            [("byline_organisation", "River Residents' Office"), ("byline", "Idris Penhallow")],
        ),
        (
            ("Written for the River Residents' Office by Idris Penhallow",),
            [("byline_organisation", "River Residents' Office"), ("byline", "Idris Penhallow")],
        ),
        (("Skriven för Flodkansliet av", "Anna Ek"), [("byline_organisation", "Flodkansliet"), ("byline", "Anna Ek")]),
        (("Von", "Jörg Hansen"), [("byline", None), ("byline", "Jörg Hansen")]),
        (("Автор", "Ирина Белова"), [("byline", None), ("byline", "Ирина Белова")]),
        (
            ("By Ann Lee | Updated 3 May 2024, 11:20 | 12 comments",),
            [("byline", "Ann Lee"), ("modified_stamp", "3 May 2024, 11:20"), ("comments", None)],
        ),
        (
            ("Publicerad 8 april 2024 Uppdaterad 9 april 2024",),
            [("published_stamp", "8 april 2024 Uppdaterad 9 april 2024")],  # the reader of dates tells the two apart
        ),
    ],
)
def test_bylines_and_stamps_over_lines(lines: tuple[str, ...], found: list[tuple[str, str | None]]) -> None:
    """Opener and name may stand on two lines, and several facts on one; at the top as at the bottom."""
    for article in (cleaned(*lines, *PROSE), cleaned(*PROSE, *lines)):
        assert (list(PROSE), found) == (texts_of(article), rules_of(article))


def test_authors_on_a_line_of_their_own() -> None:
    """The name of the author whom the page gives is a byline, and what is said of her below the text her box."""
    box = "Maud Kerrigan is a reporter at the harbour desk and lives on a boat with two cats."
    article = cleaned("Maud Kerrigan", *PROSE, box, authors=("Maud Kerrigan",))
    assert (list(PROSE), [("byline", "Maud Kerrigan"), ("author_box", None)]) == (texts_of(article), rules_of(article))
    assert "Maud Kerrigan" in texts_of(cleaned(*PROSE, "Maud Kerrigan", LONG + " More.", GERMAN, SWEDISH))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Maud Kerrigan is a freelance journalist based in Tarn.", "Maud Kerrigan"),
        ("Maud Kerrigan writes for weeklies and is a columnist.", "Maud Kerrigan"),
        ("Helga Brandt ist freie Journalistin und lebt in Kiel.", "Helga Brandt"),
        ("Astrid Wallin är frilansjournalist i Kalmar.", "Astrid Wallin"),
        ("Camille Roussel est journaliste à Nantes.", "Camille Roussel"),
        ("Lucía Herrera es periodista.", "Lucía Herrera"),
        ("Chiara Fontana è una giornalista di Genova.", "Chiara Fontana"),
        ("Marijke Bakker is freelancejournalist.", "Marijke Bakker"),
        ("Agnieszka Mróz jest dziennikarką.", "Agnieszka Mróz"),
        ("Teresa Marques é jornalista no Porto.", "Teresa Marques"),
        ("Mette Holm er journalist og bor på Fyn.", "Mette Holm"),
        ("Helmi Virtanen on vapaa toimittaja.", "Helmi Virtanen"),
        ("Jana Novotná je novinářka na volné noze.", "Jana Novotná"),
        # No office of those who write; no name; a person of whom the text tells.
        ("Maud Kerrigan is president of the rowing club.", None),
        ("The chairman is a journalist by training.", None),
        ("Anna is a journalist.", None),
    ],
)
def test_a_note_on_who_wrote_is_a_byline(line: str, name: str | None) -> None:
    """What stands last and says that somebody writes for a living names the author, if nothing else does."""
    article = cleaned(*PROSE, line)
    assert rules_of(article) == ([("author_box", name)] if name else [])
    assert [one.names for one in article.findings.signatures] == ([name] if name else [])
    if name:
        told = f"{ENGLISH_TOO} {name.split()[-1]} waited on the quay."
        assert line in texts_of(cleaned(ENGLISH, told, LONG, line))
        signed = cleaned("By Clive Hanlon", *PROSE, line)
        assert name not in [one.names for one in signed.findings.signatures]


@pytest.mark.parametrize(
    "line", ["来源：海湾时报 作者：周文涛", "来源：海湾时报　作者：周文涛", "Source: Bay Herald | Author: Clive Hanlon"]
)
def test_a_source_and_an_author_on_one_line_are_two_facts(line: str) -> None:
    """What a line names as the source ends where it names the author."""
    article = cleaned(line, *PROSE)
    assert [rule for rule, _ in rules_of(article)] == ["source_line", "byline"]
    assert {"周文涛", "Clive Hanlon"} & {one.names for one in article.findings.signatures}
    assert [one.name for one in article.findings.sources] in (["海湾时报"], ["Bay Herald"])


def test_who_wrote_is_nobody_of_whom_the_text_tells() -> None:
    """A role and a name above the text are a by-line, unless the text goes on about that person."""
    line = "Our correspondent Maud Kerrigan"
    assert ("byline", line) in rules_of(cleaned(line, *PROSE))
    about = f"{ENGLISH_TOO} Kerrigan was freed on Sunday, two days after she had been taken."
    assert cleaned(line, ENGLISH, about, LONG).residue == ()


def test_who_wrote_may_stand_at_the_end() -> None:
    """A name with a role or an agency behind the last paragraph is a by-line as well."""
    assert ("byline", "（記者 大野健）") in rules_of(cleaned(*PROSE, "（記者 大野健）"))


def test_what_follows_a_trailer() -> None:
    """After the link to the source and the byline come a thumbnail's caption and foreign headlines."""
    trailer = (
        "Source link",
        "Written by Editor HBC",
        "File - Fishermen in the town of Ellery, near the northern lock.",
        "Minister confirms the loss of a second patrol boat in the northern sea",
        "This phone folds twice and still fits into a pocket",
    )
    article = cleaned(*PROSE, *trailer)
    assert list(PROSE) == texts_of(article)
    assert [rule for rule, _ in rules_of(article)] == ["source_link", "byline", "caption", "trailer", "trailer"]


def test_full_paragraphs_after_a_trailer_stay() -> None:
    """What goes on as text is text."""
    assert list(PROSE) == texts_of(cleaned(ENGLISH, ENGLISH_TOO, "Source link", LONG))


def test_headlines_below_the_last_paragraph() -> None:
    """Headings below the text head nothing; a list that ends a text is text."""
    below = (heading("Bridge closed until the end of the summer"), heading("Mayor to open the new school on Friday"))
    assert [rule for rule, _ in rules_of(cleaned(*PROSE, *below))] == ["trailer", "trailer"]
    assert cleaned(*PROSE, item("two hundred bolts"), item("forty metres of gutter")).residue == ()
    assert cleaned("One line of verse without an end", "another line that goes like that").residue == ()


@pytest.mark.parametrize("opener", ["Read more:", "Läs också", "Lesen Sie auch", "Читайте также", "À lire aussi"])
def test_teasers_in_a_list(opener: str) -> None:
    """Headlines in a list under "Read also" go, from the middle of the text too; the heading of what follows stays."""
    teasers = (item("Bridge closed until autumn"), item("Mayor opens a school"))
    article = cleaned(ENGLISH, heading(opener), *teasers, heading("A second ship"), ENGLISH_TOO, LONG)
    assert texts_of(article) == [ENGLISH, "A second ship", ENGLISH_TOO, LONG]
    assert rules_of(article) == [("navigation", None), ("teaser", None), ("teaser", None)]


def test_lines_that_are_one_link() -> None:
    """A headline that is a link to another page of the site is a teaser; one to this page or abroad is not."""
    line, url = "BRIDGE CLOSED UNTIL THE END OF SUMMER", "https://courier.example/bridge"

    def linked(target: str) -> Article:
        return cleaned(ENGLISH, Block(text=line, anchors=(Anchor(text=line, url=target),)), ENGLISH_TOO, LONG)

    assert rules_of(linked(url)) == [("teaser", None)]
    assert linked("https://courier.example/story#bridge").residue == linked("https://other.example/a").residue == ()


@pytest.mark.parametrize(
    ("line", "one", "two"),
    [
        ("السلام عليكم ورحمة الله", ENGLISH, ENGLISH_TOO),
        ("Слава морю", SWEDISH, GERMAN),
        ("Sea and Land", RUSSIAN, "Мост рухнул ещё весной, и с тех пор никто не знает, когда его построят."),
        ("Мир вам", ARABIC, "انهار الجسر في الربيع ولا أحد يعرف متى سيبنى من جديد في هذه المدينة."),
    ],
    ids=["Arabic", "Russian", "English", "in Arabic"],
)
def test_a_line_in_another_script(line: str, one: str, two: str) -> None:
    """At the top or the bottom it is no text; inside it is, and so is a quotation."""
    for article in (cleaned(line, two, one), cleaned(one, LONG, two, line)):
        assert ("foreign_line", None) in rules_of(article)
        assert line not in texts_of(article)
    assert line in texts_of(cleaned(one, line, GERMAN))
    assert f"«{line}»" in texts_of(cleaned(f"«{line}»", one))


def test_addresses_are_moved_never_lost() -> None:
    """Every address on a line of its own is residue with the address as its value."""
    urls = ("https://first.example/ferry", "http://[::1/a")
    article = cleaned(ENGLISH, urls[0], ENGLISH_TOO, f"<{urls[1]}>")
    assert [
        Residue(text=text, rule="bare_url", value=url, moved_to="links")
        for text, url in zip((urls[0], f"<{urls[1]}>"), urls, strict=True)
    ] == list(article.residue)


def test_the_guard_restores_text() -> None:
    """Where rules would take most of the sentences they are kept, and the article says so."""
    told = (
        "The old barge sank at its berth, and nobody had looked after the pumps.",
        "A school in the hills has lost its last teacher to the coast.",
        "Why the market women will not pay for the new roof this year.",
        "Nine herons were counted at the weir, more than ever since the war.",
        "Thieves took the bell from the chapel, but they left the rope behind.",
        "How a clockmaker kept the tower going through eleven frosts.",
    )
    teasers = [f"Read also: {sentence}" for sentence in told]
    article = cleaned(ENGLISH, *teasers, "[ad_1]")
    assert [ENGLISH, *teasers] == texts_of(article)
    assert (article.flags, rules_of(article)) == (("clean_guard",), [("ad_marker", None)])


def test_the_guard_restores_what_stands_in_the_flow() -> None:
    """A long paragraph between paragraphs is text, whatever it begins with."""
    flowing = "The information in this article came from two men " + LONG
    article = cleaned(ENGLISH, flowing, ENGLISH_TOO)
    assert [ENGLISH, flowing, ENGLISH_TOO] == texts_of(article)


def _draft(*words: int, probabilities: tuple[float, ...] = ()) -> Draft:
    """Sentences of so many words of equal length, and how probably each is text."""
    chances = probabilities or (1.0,) * len(words)
    return Draft.of(
        Block(text=f"{'Boats ' * (many - 1)}sail.", probability=chance)
        for many, chance in zip(words, chances, strict=True)
    )


@pytest.mark.parametrize(
    ("words", "taken", "undone"),
    [
        ((60, 39, 60), 1, False),  # in the flow, but short
        ((60, 40, 60), 1, True),
        ((60, 60, 100), 2, False),  # below the text: less than half of it
        ((60, 60, 140), 2, True),
    ],
)
def test_the_guard_keeps_to_its_bounds(words: tuple[int, ...], taken: int, *, undone: bool) -> None:
    """Forty words in the flow of a text come back, and sentences that are more than half of it."""
    draft = _draft(*words)
    draft.mark(taken, "navigation")
    assert restore(draft) is undone
    assert bool(draft.marks[taken]) is not undone


@pytest.mark.parametrize(("share", "gone"), [(0.95, True), (0.6, False)])
def test_a_menu_goes_from_beside_the_shortest_text(share: float, *, gone: bool) -> None:
    """Where so much is improbable that nothing else goes, a line that is hardly anything but links does."""
    draft = _draft(10, 12, 12, probabilities=(0.6, 0.2, 0.2))
    menu = draft.lines[2].block
    end = round(share * len(menu.text))
    links = (Mark(kind=MarkKind.LINK, start=0, end=end, words=menu.text[:end], url="https://bay.example.org/"),)
    draft.lines[2] = line_of(replace(menu, marks=links))
    take_out_improbable(draft)
    assert [bool(marks) for marks in draft.marks] == [False, False, gone]


@pytest.mark.parametrize(
    ("words", "chance", "gone"),
    [((65, 35), 0.24, True), ((65, 35), 0.26, False), ((55, 45), 0.01, False), ((62, 38), 0.01, True)],
)
def test_what_is_improbable_goes_within_bounds(words: tuple[int, ...], chance: float, *, gone: bool) -> None:
    """A line that is less probably text than a quarter goes, where such lines are at most two fifths of the words."""
    draft = _draft(*words, probabilities=(0.99, chance))
    take_out_improbable(draft)
    assert bool(draft.marks[1]) is gone


def test_nothing_but_residue() -> None:
    """Where there is no text, none is made up."""
    assert cleaned("[ad_1]", "Source link", "https://first.example/a").blocks == ()


@pytest.mark.parametrize(
    "text", ["-" * 60_000, "a" * 60_000, "by " * 20_000, "© " * 20_000, "a.b" * 20_000, "**a" * 20_000]
)
def test_hostile_lines_cost_little(text: str) -> None:
    """No line takes more than a moment, however it is made."""
    with no_more_than_a_moment():
        cleaned(ENGLISH, text, f"{text} photo:", title=text)


LINES = st.sampled_from(
    [
        *PROSE,
        SWEDISH,
        TITLE,
        "[ad_1]",
        "Source link",
        "By: Ann Lee",
        "(pm)",
        "*",
        "Read more:",
        "As the",
        "Courier",
        "writes, it is over.",
        "https://a.example/b",
        "© Ann Lee/dpa",
    ]
)


@given(st.lists(LINES, max_size=9))
def test_nothing_is_lost(texts: list[str]) -> None:
    """Every letter is in the text or in the residue."""
    article = cleaned(*texts, title=TITLE)
    there = [*texts_of(article), *(residue.text for residue in article.residue)]
    assert sorted("".join(texts).replace(" ", "")) == sorted("".join(there).replace(" ", ""))


@given(st.lists(LINES, max_size=9))
def test_cleaning_twice_is_cleaning_once(texts: list[str]) -> None:
    """What is clean stays as it is."""
    article = cleaned(*texts, title=TITLE)
    assert texts_of(article) == texts_of(clean(article))


@pytest.mark.parametrize("line", ["Ann Lee, 3 May 2024, 10:15", "Ann Lee 03.05.2024", "Ann Lee, 3 мая 2024"])
def test_an_author_and_a_stamp_on_one_line(line: str) -> None:
    """A name that the page gives as its author, or that is a person's, with a day behind it, is both facts."""
    for name, authors in (("Ann Lee", ()), ("Quay Lee", ("Quay Lee",))):
        written = line.replace("Ann Lee", name)
        found = rules_of(cleaned(written, *PROSE, authors=authors))
        assert found == [("byline", name), ("published_stamp", written[len(name) :].strip(" ,|–"))]
    unknown = line.replace("Ann Lee", "Quay Lee")
    assert texts_of(cleaned(unknown, *PROSE)) == [unknown, *PROSE]


def test_a_teaser_cut_short_above_the_text() -> None:
    """The beginning, with the title before it and cut off behind, is a copy though the title does not follow."""
    teaser = f"{TITLE} {ENGLISH} {ENGLISH_TOO[:40]} ..."
    assert [*PROSE] == texts_of(cleaned(teaser, *PROSE, title=TITLE))


def test_the_credit_of_a_synonym_spinner() -> None:
    """Spinners put the label in braces."""
    found = rules_of(cleaned("The yard in Might. {Photograph}: Ann Lee/TT", *PROSE))
    assert found == [("caption", None), ("photo_credit", "Ann Lee/TT")]


def test_a_name_alone_is_the_authors_only_beside_the_text() -> None:
    """Above the first paragraph and behind the last a name goes; not between them, nor if the text is about it."""
    for lines in (("Clive Hanlon", *PROSE), (*PROSE, "Clive Hanlon"), (*PROSE, "— Clive Hanlon")):
        assert [value for _, value in rules_of(cleaned(*lines))] == [next(one for one in lines if "Clive" in one)]
    between = (PROSE[0], "Clive Hanlon", PROSE[1])
    assert texts_of(cleaned(*between)) == [*between]
    about = ("Clive Hanlon", *PROSE[:-1], f"{PROSE[-1]} Mr Hanlon said nothing to that.")
    assert texts_of(cleaned(*about)) == [*about]
