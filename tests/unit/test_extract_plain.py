"""Plain text: paragraphs, headings and the title, told by their shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import ARABIC, ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, page

from ingest.extract.common import squeeze
from ingest.extract.page import extract
from ingest.extract.plain import PLAIN_READER, find_title, split_paragraphs
from ingest.model import Article, Role, Via
from ingest.outcome import Reason, Rejection

WRAPPED = [
    "Färjan ligger kvar vid kajen, och ingen vet riktigt när",
    "den ska gå igen, säger hamnkaptenen, som har väntat på en",
    "ny propeller sedan i våras och inte längre tror på löften.",
]

GREETING = "صباح الخير أيها القراء"


def _article(body: str | bytes) -> Article:
    article = extract(page(body, "text/plain; charset=utf-8"))
    assert isinstance(article, Article)
    return article


def test_every_line_is_a_paragraph() -> None:
    """Lines are paragraphs, with blank lines between them or without."""
    assert split_paragraphs(f"{ENGLISH}\n{SWEDISH}\n\n\n{RUSSIAN}\n") == (ENGLISH, SWEDISH, RUSSIAN)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends(end: str) -> None:
    """All line ends part lines; a byte order mark and white space at the edges go."""
    assert split_paragraphs(f"\ufeff {ENGLISH}\t{end}{end}\u00a0{ARABIC}{end}") == (ENGLISH, ARABIC)


def test_hard_wrapped_blocks_are_joined() -> None:
    """Lines that an editor broke in mid-sentence become one paragraph, block by block."""
    text = "\n".join(WRAPPED)
    assert (" ".join(WRAPPED), " ".join(WRAPPED)) == split_paragraphs(f"{text}\n\n{text}")


@pytest.mark.parametrize(
    "lines",
    [
        [line + "." for line in WRAPPED],
        ["- " + line for line in WRAPPED],
        [f"{number}. {line}" for number, line in enumerate(WRAPPED, 1)],
        ["Anna", "Bo", "Cecilia"],
        [ENGLISH, GERMAN, SWEDISH],
        WRAPPED[:2],
    ],
    ids=["sentences", "bullets", "numbers", "short lines", "long lines", "two lines"],
)
def test_other_blocks_are_not_joined(lines: list[str]) -> None:
    """Lines that are complete, short, long or items of a list stay apart."""
    assert tuple(lines) == split_paragraphs("\n".join(lines))


@given(st.text())
def test_no_letter_is_lost(text: str) -> None:
    """Paragraphs hold all that can be seen of the text, in order, and are never blank."""
    paragraphs = split_paragraphs(text)
    assert "".join(squeeze(text).split()) == "".join("".join(paragraphs).split())
    assert all(paragraph and paragraph == squeeze(paragraph) for paragraph in paragraphs)


@pytest.mark.parametrize(
    "title",
    [
        "The ferry sails again",
        "Kommer färjan att gå i juni?",
        "Fähre: Was jetzt wichtig ist",
        "Паром снова пойдёт",
        "العبارة تبحر من جديد",
        "U.S. port waits for a ferry",
        "3 ferries in 10 days",
        "x" * 150,
    ],
)
def test_titles(title: str) -> None:
    """A short first line that does not end like a sentence is the title, and a heading; a question may be one."""
    text = {"П": RUSSIAN, "ا": ARABIC}.get(title[0], ENGLISH)
    article = _article(f"{title}\n\n{text}")
    assert title == article.title
    assert [block.role for block in article.blocks] == [Role.HEADING, Role.BODY]


@pytest.mark.parametrize(
    "line",
    [
        "The ferry sails again.",
        "The ferry sails again!",
        "Նավը նորից լողում է գետով։",
        "नाव फिर से चलती है।",
        "کشتی پھر سے چلتی ہے۔",
        "សាឡាងដំណើរការម្ដងទៀត។",
        "The ferry sails. Nobody knows when",
        "“The ferry sails again”",
        "The ferry sails again,",
        "- The ferry sails again",
        "1. The ferry sails again",
        "(The ferry sails again",
        "[ad_1]",
        "https://bay.example.org/ferry",
        "© The Bay 2024",
        "No",
        "12/04/2024",
        "x" * 151,
    ],
)
def test_lines_that_are_no_title(line: str) -> None:
    """Sentences, two of them, list items, addresses, notices and lines without letters are no headline."""
    article = _article(f"{line}\n\n{ENGLISH}\n\n{ENGLISH_TOO}")
    assert article.title is None
    assert Role.HEADING not in {block.role for block in article.blocks}


def test_a_first_line_in_another_script_is_passed_over() -> None:
    """A line in another script than the text's stands above the title: it stays in the text."""
    article = _article(f"{GREETING}\nThe ferry sails again\n\n{ENGLISH}\n\n{ENGLISH_TOO}")
    assert article.title == "The ferry sails again"
    assert article.blocks[0].text == GREETING
    assert find_title([]) is None


def test_list_items() -> None:
    """Lines that start with a bullet or a number are items; a year is no number."""
    article = _article(f"{ENGLISH}\n- bread\n• ost\n12) чай\n2024 was a good year.")
    assert [block.role for block in article.blocks] == [Role.BODY, Role.LIST, Role.LIST, Role.LIST, Role.BODY]


@pytest.mark.parametrize("body", ["12 34\n\n-- 56 --", "...", "🙂🙂", "\u00ad\u200b"])
def test_text_without_letters(body: str) -> None:
    """What has no letters is no text."""
    result = extract(page(body, "text/plain"))
    assert isinstance(result, Rejection)
    assert Reason.NO_TEXT is result.reason


def test_ten_megabytes() -> None:
    """A text as large as any file is read to its end."""
    times = 10_000_000 // len(SWEDISH)
    assert (SWEDISH,) * times == split_paragraphs(f"{SWEDISH}\n\n" * times)


def test_what_else_is_known() -> None:
    """Provenance says what read it; a feed's title serves where the text has none."""
    seeded = extract(page(f"{ENGLISH}\n", "text/plain", title="From the feed"))
    assert isinstance(seeded, Article)
    assert (
        seeded.title,
        seeded.provenance.extractor,
        seeded.provenance.charset,
    ) == ("From the feed", PLAIN_READER, "utf-8")


@pytest.mark.parametrize("name", ["text.txt", "text"])
def test_local_files(name: str) -> None:
    """A local text that mentions a tag is plain text all the same."""
    article = extract(page(f"About <p>\n\n{ENGLISH}", "text/plain", url=f"file:///tmp/{name}", via=Via.FILE))
    assert isinstance(article, Article)
    assert (article.title, article.provenance.extractor) == ("About <p>", PLAIN_READER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a\u00a0\t\r\n b ", "a b"),
        ("hyphen\u00adation", "hyphenation"),
        ("zero\u200bwidth \u200b space\ufeff", "zerowidth space"),
        ("N\0U\x07L\x7f \x1b", "NUL"),
    ],
)
def test_squeeze(text: str, expected: str) -> None:
    """White space is one space; what cannot be seen, NUL among it, goes."""
    assert expected == squeeze(text)


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("– Folk är nöjdare nu, säger skepparen.", Role.BODY),
        ("– On s'habitue à tout, dit-elle.", Role.BODY),
        ("– two boats", Role.LIST),
        ("- The board wants to wait, it says.", Role.LIST),
    ],
)
def test_speech_behind_a_dash(line: str, role: Role) -> None:
    """A dash opens speech where a sentence follows, else the item of a list; a hyphen opens items."""
    assert [ENGLISH, line, ENGLISH_TOO] == [
        block.text for block in _article(f"{ENGLISH}\n{line}\n{ENGLISH_TOO}").blocks
    ]
    assert _article(f"{ENGLISH}\n{line}\n{ENGLISH_TOO}").blocks[1].role is role


@pytest.mark.parametrize(
    "question",
    ["Who will pay for it?", "Vem ska betala?", "Wer soll das bezahlen?", "Кто за это заплатит?", "من سيدفع؟"],
)
def test_questions(question: str) -> None:
    """A question on a line of its own is a heading above the text, and a sentence in it; alone it heads nothing."""
    inside = _article(f"The ferry\n\n{ENGLISH}\n\n{question}\n\n{ENGLISH_TOO}")
    assert [block.role for block in inside.blocks] == [Role.HEADING, Role.BODY, Role.BODY, Role.BODY]
    text = {"К": RUSSIAN, "م": ARABIC}.get(question[0], ENGLISH)
    above = _article(f"{question}\n\n{text}")
    assert (question, [Role.HEADING, Role.BODY]) == (above.title, [block.role for block in above.blocks])
    alone = _article(question)
    assert (alone.title, [block.role for block in alone.blocks]) == (None, [Role.BODY])
