"""Articles in PDF: columns, running heads, parted words, and files that are none."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import pytest
from support.making import make_page
from support.pdf import HEIGHT, Put, column, pdf

from ingest.extract import pdf as reader
from ingest.model import Record, Role
from ingest.outcome import Reason, Rejection
from ingest.pipeline import process_page

pytest.importorskip("pdfminer")
URL = "https://courier.example/files/quay.pdf"
TITLE = "Old ferry quay closes for the winter"
LEFT = [
    "The harbour board decided on Monday to close the",
    "old ferry quay for the winter, since many of its",
    "piles have rotted. Passengers will board at the fish",
    "market instead, where two local yards are build-",
    "ing a floating stage of steel and timber.",
    "",
    "The board expects the work to cost four million",
    "crowns, of which the county has promised to pay",
    "about a third. Skippers of smaller boats said that",
]
RIGHT = [
    "they had asked for new piles every spring since the",
    "last storm, and that nobody had listened to them.",
    "",
    "The mayor said on Tuesday that the new stage would",
    "be ready before the first ice, and no later.",
]
SECOND = [
    "Nobody from the county came to the meeting, but a",
    "letter was read in which it keeps to its promise.",
]
TEXT = [
    " ".join(LEFT[:5]).replace("build- ing", "building"),
    " ".join((*LEFT[6:], *RIGHT[:2])),
    " ".join(RIGHT[3:]),
    " ".join(SECOND),
]
FACTS = {"Title": TITLE, "Author": "Ann Lee", "CreationDate": "D:20260302120000Z"}


def frame(number: int) -> list[Put]:
    """What stands on every page of the paper."""
    return [Put(f"The Courier, No. {number + 40}", 72, HEIGHT - 36, 8), Put(f"Page {number} of 2", 280, 30, 8)]


def paper(facts: dict[str, str] | None = None, head: str = "By Ann Lee", title: str = TITLE) -> bytes:
    """An article in two columns, whose last paragraph is on the second page."""
    top = [Put(title, 72, 700, 20), Put(head, 72, 675, 10)]
    first = [*top, *column(LEFT, 72, 640), *column(RIGHT, 330, 640), *frame(1)]
    return pdf([first, [*column(SECOND, 72, 700), *frame(2)]], FACTS if facts is None else facts)


def read(body: bytes, content_type: str = "application/pdf") -> Record:
    """The record of a file."""
    made = process_page(make_page(body, URL, content_type))
    assert isinstance(made, Record), made
    return made


def test_an_article_in_columns_is_read_in_its_order() -> None:
    """Lines become paragraphs, parted words are whole, heads, feet and numbers of pages are gone."""
    article = read(paper()).article
    assert [block.text for block in article.blocks if block.role is Role.BODY] == TEXT
    assert (article.title, article.authors, article.published_at and article.published_at.date().isoformat()) == (
        TITLE,
        ("Ann Lee",),
        "2026-03-02",
    )
    assert article.provenance.extractor.startswith("pdfminer.six ")


@pytest.mark.parametrize(
    ("facts", "head", "expected"),
    [
        ({"Title": "Microsoft Word - x.docx", "Author": "admin"}, "By Ann Lee", (TITLE, ("Ann Lee",), None)),
        ({"Title": "Annual report 2019"}, "By Ann Lee", (TITLE, ("Ann Lee",), None)),
        ({**FACTS, "Author": "Olga Brandt"}, "By Ann Lee", (TITLE, ("Ann Lee",), "2026-03-02")),
        (FACTS, "Published 1 March 2026", (TITLE, (), "2026-03-01")),
        ({}, "", (TITLE, (), None)),
    ],
)
def test_what_a_file_says_of_itself_is_checked_by_its_first_page(
    facts: dict[str, str], head: str, expected: tuple[Any, ...]
) -> None:
    """Names of programs and users, other titles and days of making give way to what is printed."""
    article = read(paper(facts, head)).article
    day = article.published_at.date().isoformat() if article.published_at else None
    assert (article.title, article.authors, day) == expected


def _bomb() -> bytes:
    packed = zlib.compress(b" " * 70_000_000)
    stream = f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode() + packed + b"\nendstream"
    return paper().replace(b"trailer", b"99 0 obj" + stream + b"endobj\ntrailer", 1)


LOCKED = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>/ID[<{'43' * 16}><{'43' * 16}>]"


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (pdf([[], []]), Reason.NO_TEXT, "without text"),
        (pdf([]), Reason.BAD_TYPE, "without pages"),
        (pdf([column(SECOND, 72, 700)], trailer=LOCKED), Reason.BAD_TYPE, "encrypted"),
        (b"%PDF-1.4 x", Reason.BAD_TYPE, "PDF"),
        (paper()[:600], Reason.BAD_TYPE, "PDF"),
        (_bomb(), Reason.TOO_BIG, "decompresses to more than"),
        (pdf([[Put("x", 72, 700)]] * 101), Reason.TOO_BIG, "more than 100 pages"),
    ],
    ids=["scanned", "no pages", "encrypted", "no PDF", "cut off", "bomb", "too many pages"],
)
def test_a_file_that_is_no_article_is_rejected_with_the_reason(body: bytes, reason: Reason, detail: str) -> None:
    """Each is a counted rejection; nothing of it is stored."""
    made = process_page(make_page(body, URL, "application/pdf"))
    assert isinstance(made, Rejection)
    assert (made.reason, detail in made.detail) == (reason, True), made.detail


def test_without_the_extra_the_rejection_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that whoever reads it knows what to install."""
    monkeypatch.setattr(reader, "CAN_READ", False)
    made = process_page(make_page(paper(), URL, "application/pdf"))
    assert isinstance(made, Rejection)
    assert (made.reason, "newsmill[pdf]" in made.detail) == (Reason.BAD_TYPE, True)


def test_any_cut_of_a_file_ends_in_a_value() -> None:
    """No damage raises: a file that breaks off anywhere is read as far as it can be, or rejected."""
    whole = paper()
    for end in range(20, len(whole), 173):
        assert isinstance(process_page(replace(make_page(whole[:end], URL, "application/pdf"))), Record | Rejection)
