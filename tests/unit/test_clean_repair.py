"""Sentences cut at their links are joined; verses, lists, labels and speeches are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment
from support.making import make_article
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH

from ingest.clean import clean
from ingest.model import Anchor, Block, Role


def kept(*lines: str, origin: str = "plain") -> list[str]:
    """The lines of a clean article between two paragraphs, headings by their shape as in plain text."""
    blocks = [Block(text=line, role=_role(line, origin), origin=origin) for line in lines]
    around = Block(text=ENGLISH, origin=origin), Block(text=ENGLISH_TOO, origin=origin)
    article = clean(make_article("", blocks=(around[0], *blocks, around[1])))
    assert article.residue == ()
    return [block.text for block in article.blocks[1:-1]]


def _role(line: str, origin: str) -> Role:
    return Role.HEADING if origin == "plain" and line[-1:] not in '.,!"”:' else Role.BODY


BROKEN = [
    (
        ("The news that the island portal", "TIDEWAY spread", "this Tuesday (5 April) has stirred the port."),
        "The news that the island portal TIDEWAY spread this Tuesday (5 April) has stirred the port.",
    ),
    (
        ("As the", "Hafenbote", "writes, the port has no money left."),
        "As the Hafenbote writes, the port has no money left.",
    ),
    (
        ('"We hope it ends," the deputy chairman told', "COURIER", ': "Nobody asked us before it was sold.'),
        '"We hope it ends," the deputy chairman told COURIER: "Nobody asked us before it was sold.',
    ),
    (
        ("The yard, which has stood there since the great storm of", "1871", ", is to be sold."),
        "The yard, which has stood there since the great storm of 1871, is to be sold.",
    ),
    (("Wie der", "Hafenbote", "berichtet, ist die Kasse leer."), "Wie der Hafenbote berichtet, ist die Kasse leer."),
    (("Som", "Hamnbladet", "skriver är kassan tom i dag."), "Som Hamnbladet skriver är kassan tom i dag."),
    (("Как пишет издание", "Портовый вестник", ", касса пуста."), "Как пишет издание Портовый вестник, касса пуста."),
    (
        ("He said that the", "harbour board", "and the", "fish hall", "had both agreed to the sale."),
        "He said that the harbour board and the fish hall had both agreed to the sale.",
    ),
    (
        (
            "The chairman of the old harbour board has said in a long interview that the",
            "ferry will sail again in June.",
        ),
        None,
    ),
    (
        (
            "The chairman of the old harbour board has said in a long interview with the paper that the",
            "ferry will sail again in June, after two years.",
        ),
        None,
    ),
]


@pytest.mark.parametrize(("lines", "joined"), BROKEN)
def test_broken_sentences_are_joined(lines: tuple[str, ...], joined: str | None) -> None:
    """Pieces of two, three and five lines become one, with a space or none as the sign wants it."""
    assert [joined or " ".join(lines)] == kept(*lines)


def test_a_joined_sentence_is_a_paragraph_with_its_links() -> None:
    """The pieces looked like headings and are body text; their anchors are kept in order."""
    anchor = Anchor(text="Hafenbote", url="https://hafenbote.example/a")
    pieces = (
        Block(text="As the", role=Role.HEADING),
        Block(text="Hafenbote", role=Role.HEADING, anchors=(anchor,)),
        Block(text="writes, the port has no money left."),
    )
    (_, block, _) = clean(make_article("", blocks=(Block(text=ENGLISH), *pieces, Block(text=ENGLISH_TOO)))).blocks
    assert (Role.BODY, (anchor,)) == (block.role, block.anchors)


@pytest.mark.parametrize(
    "lines",
    [
        ("Roses are red", "violets are blue", "the tide is low", "and so are you"),
        ("The tide goes out", "the tide comes in", "and what was lost", "is lost again"),
        ("Die Wellen gehen", "und kommen wieder", "wie alle Lieder"),
        ("apples", "pears", "a sack of flour"),
        ("- apples", "- pears", "- a sack of flour"),
        ("1. apples", "2. pears"),
        ("Comment:", "the yard has lost money for years and nobody asks why."),
        ("– Will it sail?", "– it will, said the mate."),
        ("A second ship", "The yard expects another ship in the autumn."),
        ("iPhones sold out", "iPads are still there, says the shop on the quay."),
        ("The end.", "and that was that, he says, looking out on the empty quay."),
        ("What about the fish hall?", "nobody knows, says the mayor, and nobody has asked her either."),
    ],
    ids=[
        "verse",
        "open verse",
        "Verse",
        "words",
        "list",
        "numbers",
        "label",
        "dialogue",
        "heading",
        "brand",
        "sentence",
        "question",
    ],
)
def test_what_is_no_broken_sentence_stays_apart(lines: tuple[str, ...]) -> None:
    """Lower case alone does not make a broken sentence."""
    assert list(lines) == kept(*lines)


def test_headings_and_items_of_a_page_are_never_joined() -> None:
    """What the page marks as a heading, a list or a table is whole."""
    for role in (Role.HEADING, Role.LIST, Role.TABLE):
        blocks = (
            Block(text=ENGLISH, origin="trafilatura"),
            Block(text="As the chairman of the board and the", role=role, origin="trafilatura"),
            Block(text="harbour master said, the ferry will sail again in June.", origin="trafilatura"),
            Block(text=ENGLISH_TOO, origin="trafilatura"),
        )
        assert blocks == clean(make_article("", blocks=blocks)).blocks


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("The harbour war* broke out, and the ferry* stayed.", "The harbour war broke out, and the ferry stayed."),
        ("Der Krieg*, der Kai* und das Boot*", "Der Krieg, der Kai und das Boot"),
        ("It was **not** the first **quarrel of all**.", "It was not the first quarrel of all."),
        ("She had *never* seen it.", "She had never seen it."),
        ("Bürger*innen, 2 * 3 * 4, f**k and B00001*", "Bürger*innen, 2 * 3 * 4, f**k and B00001*"),
    ],
)
def test_asterisks_of_links_and_bold_type_go(text: str, tidy: str) -> None:
    """Marks of a converter go; those that mean something stay."""
    assert [tidy] == kept(text)


def test_an_asterisk_that_leads_to_a_note_stays() -> None:
    """Where a note begins with an asterisk, the one behind a name belongs to it."""
    lines = ["The boy Tim* saw the bridge fall.", "*Name changed by the editors of this paper."]
    assert lines == kept(*lines)


@pytest.mark.parametrize(
    "label", ["News:", "Comment:", "Driving the news:", "Hintergrund:", "Kommentar:", "Комментарий:"]
)
def test_labels_are_headings(label: str) -> None:
    """A label on a line of its own is a heading; at the beginning of a paragraph it stays."""
    text = ENGLISH if label.isascii() else RUSSIAN
    blocks = (Block(text=label), Block(text=text), Block(text=f"{label} {GERMAN}"))
    assert [block.role for block in clean(make_article("", blocks=blocks)).blocks] == [
        Role.HEADING,
        Role.BODY,
        Role.BODY,
    ]


@pytest.mark.parametrize("line", ["She said:", "Er sagte:", "Hon skriver:", "Он сказал:"])
def test_what_leads_to_a_quotation_is_no_label(line: str) -> None:
    """Somebody speaks in the next line."""
    article = clean(make_article("", blocks=(Block(text=ENGLISH), Block(text=line), Block(text=ENGLISH_TOO))))
    assert article.blocks[1].role is Role.BODY


@given(st.lists(st.sampled_from([ENGLISH, ENGLISH_TOO, SWEDISH, GERMAN, RUSSIAN]), unique=True))
def test_whole_paragraphs_are_never_joined(texts: list[str]) -> None:
    """Sentences that end where they should stay where they are."""
    article = make_article("", blocks=tuple(Block(text=text) for text in texts))
    assert article.blocks == clean(article).blocks


def test_endless_verses_cost_little() -> None:
    """Whether a line is one of a verse is told by its neighbours, however long the poem is."""
    verses = tuple(f"of the red sea and {number} sails" for number in range(8_000))
    with no_more_than_a_moment():
        assert list(verses) == kept(*verses, origin="html")
