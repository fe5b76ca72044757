"""The pipeline: one page to one outcome."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import replace

import pytest
from support.making import make_article
from support.pages import ARABIC, ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, article_html, html, page

from ingest.dedup.fingerprint import fingerprint
from ingest.language import DETECTOR
from ingest.model import Article, Page, Record, Residue, Role
from ingest.outcome import Reason, Rejection, Stage
from ingest.pipeline import SHORT_WORDS, make_record, process_page


def _record(made_of: Page) -> Record:
    record = process_page(made_of)
    assert isinstance(record, Record), record
    return record


def _mixed() -> Page:
    """A forum post: two paragraphs of its author's, two that he quotes in another language."""
    quoted = f"<blockquote><p>{ENGLISH}</p><p>{ENGLISH_TOO}</p></blockquote>"
    comment = "Så skriver de i tidningen, och jag undrar om någon av er har hört mer om saken?"
    return page(html(f"<p>{SWEDISH}</p>{quoted}<p>{comment}</p>", title=""))


def test_an_article_in_two_languages() -> None:
    """Each paragraph has its language and keeps its role; the article's is that of most of its characters."""
    record = _record(_mixed())
    assert [(segment.language, segment.role) for segment in record.labels.segments] == [
        ("sv", Role.BODY),
        ("en", Role.QUOTE),
        ("en", Role.QUOTE),
        ("sv", Role.BODY),
    ]
    shares = dict(record.labels.languages)
    assert {"sv", "en"} == set(shares)
    assert max(shares, key=lambda language: shares[language]) == record.labels.language == record.labels.languages[0][0]
    assert pytest.approx(sum(shares.values())) == 1.0
    assert all(0.5 < segment.confidence <= 1 for segment in record.labels.segments)


@pytest.mark.parametrize(
    ("text", "language"), [(ENGLISH, "en"), (SWEDISH, "sv"), (GERMAN, "de"), (RUSSIAN, "ru"), (ARABIC, "ar")]
)
def test_an_article_in_one_language(text: str, language: str) -> None:
    """A text in one language is wholly in it, HTML and plain text alike."""
    for made_of in (page(html(f"<p>{text}</p>", title="")), page(text, "text/plain")):
        record = _record(made_of)
        assert (language, ((language, 1.0),)) == (record.labels.language, record.labels.languages)
        assert record.detector == DETECTOR


@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (SWEDISH, "sv"), (ENGLISH, "en")])
def test_the_title_is_read_with_the_text(text: str, language: str) -> None:
    """A title of names alone, which could be in any language, is in that of the text below it."""
    record = _record(page(f"Berlin – Stockholm – London\n\n{text}\n\n{text}", "text/plain"))
    assert ("Berlin – Stockholm – London", language) == (record.article.title, record.labels.title_language)


def test_no_title() -> None:
    """Without a title there is no language of it, and no segment is lost."""
    record = _record(page(f"{ENGLISH}\n\n{SWEDISH}", "text/plain"))
    assert (record.article.title, record.labels.title_language) == (None, None)
    assert [segment.text for segment in record.labels.segments] == [ENGLISH, SWEDISH]


def test_short_texts_are_flagged() -> None:
    """A text under sixty words says so; one of sixty does not."""
    words = (ENGLISH + " " + ENGLISH_TOO).split()
    assert len(words) < SHORT_WORDS
    padded = words + ["ferry"] * (SHORT_WORDS - len(words))
    for count, flags in ((SHORT_WORDS - 1, ("short_text",)), (SHORT_WORDS, ())):
        assert flags == _record(page(" ".join(padded[:count]) + ".", "text/plain")).article.flags


@pytest.mark.parametrize(("sentences", "flags"), [(3, ("short_text",)), (12, ())])
def test_words_are_counted_where_no_spaces_part_them(sentences: int, flags: tuple[str, ...]) -> None:
    """A long article in Japanese is not short."""
    text = "港の事務所は古い渡し船が六月に戻ると発表した。" * sentences
    assert flags == _record(page(text, "text/plain")).article.flags


def test_flags_of_the_page_are_kept() -> None:
    """The flag is added to what the page was flagged for."""
    record = _record(page(article_html('<link rel=canonical href="https://other.example.com/">')))
    assert record.article.flags == ("canonical_elsewhere", "short_text")


def test_residue_is_taken_out_before_languages_are_counted() -> None:
    """What is residue is no segment, and has no part in the fingerprint."""
    clean, littered = (_record(page(f"{text}{ENGLISH}\n\n{ENGLISH_TOO}", "text/plain")) for text in ("", "[ad_1]\n\n"))
    assert (Residue(text="[ad_1]", rule="ad_marker"),) == littered.article.residue
    assert (clean.labels.segments, clean.fingerprint) == (littered.labels.segments, littered.fingerprint)


@pytest.mark.parametrize(
    ("made_of", "reason"),
    [
        (page("[ad_1]\n\nSource link\n\nhttps://first.example.com/a\n", "text/plain"), Reason.NO_TEXT),
        (page("<html><body></body></html>"), Reason.NO_TEXT),
        (page(b"%PDF-1.7"), Reason.BAD_TYPE),
        (page(b""), Reason.EMPTY),
    ],
)
def test_rejections(made_of: Page, reason: Reason) -> None:
    """What has no text, or nothing but residue, is rejected under its seed's names."""
    made_of = replace(made_of, seed=replace(made_of.seed, source="bay"), final_url="https://bay.example.org/moved")
    rejection = process_page(made_of)
    assert isinstance(rejection, Rejection)
    assert (made_of.seed.url, "bay", Stage.EXTRACT, reason) == (
        rejection.url,
        rejection.source,
        rejection.stage,
        rejection.reason,
    )


def test_segments_are_the_blocks() -> None:
    """Segments have the article's blocks, in order, and the fingerprint is that of its text."""
    record = _record(_mixed())
    assert [(block.text, block.role) for block in record.article.blocks] == [
        (segment.text, segment.role) for segment in record.labels.segments
    ]
    assert fingerprint(record.article.text, record.labels.language) == record.fingerprint


def test_equal_input_gives_equal_output() -> None:
    """Twice the same page is twice the same record, also made again from its article, and after the way of a worker."""
    record = _record(_mixed())
    assert record == _record(_mixed()) == pickle.loads(pickle.dumps(record))
    article: Article = replace(record.article, flags=())
    assert record == make_record(article)
    assert hashlib.sha256(_mixed().body).hexdigest() == record.article.provenance.body_sha256


def test_a_flag_stands_once() -> None:
    """An article is flagged at most once for the same thing, and is the same object where nothing is new."""
    article = make_article("The ferry sails.", flags=("not_free",))
    flagged = article.flagged("not_free", "short_text", "short_text")
    assert flagged.flags == ("not_free", "short_text")
    assert flagged.flagged("short_text") is flagged
