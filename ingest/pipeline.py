"""One page to one outcome: extract, clean, segment, detect, fingerprint. Pure: runs in a REPL and in a worker."""

from __future__ import annotations

from dataclasses import replace

from ingest.clean import clean
from ingest.dedup.fingerprint import fingerprint
from ingest.extract.page import extract, rejected
from ingest.language import DETECTOR, Detection, detect_paragraphs, shares
from ingest.model import Article, Page, Record, Segment
from ingest.outcome import Reason, Rejection

# Below this number of words copies are recognised less surely (measured: recall .976 under 120 words, not covered
# under 60), so a reader of the record should know.
SHORT_WORDS = 60


def process_page(page: Page) -> Record | Rejection:
    """Make a record of a page, or say why it cannot be one."""
    article = extract(page)
    if isinstance(article, Rejection):
        return article
    article = clean(article)
    if not article.blocks:
        return rejected(page, Reason.NO_TEXT, "nothing was left after cleaning")
    return make_record(article)


def make_record(article: Article) -> Record:
    """Give an article's paragraphs their languages, and the whole its fingerprint."""
    segments, title_language = _segments(article)
    languages = shares((segment.text, segment.language) for segment in segments)
    language = languages[0][0]
    if len(article.text.split()) < SHORT_WORDS:
        article = replace(article, flags=(*article.flags, "short_text"))
    return Record(
        article=article,
        segments=segments,
        language=language,
        languages=languages,
        title_language=title_language,
        fingerprint=fingerprint(article.text, language),
        detector=DETECTOR,
    )


def _segments(article: Article) -> tuple[tuple[Segment, ...], str | None]:
    """The segments of an article and the language of its title, read together as one document.

    The title stands before the text like a paragraph, so that its few words are read in the light of what follows.
    """
    texts = [block.text for block in article.blocks]
    detections: tuple[Detection, ...] = detect_paragraphs([article.title, *texts] if article.title else texts)
    title_language = None
    if article.title:
        title_language, detections = detections[0].language, detections[1:]
    segments = tuple(
        Segment(text=block.text, language=found.language, confidence=found.confidence, role=block.role)
        for block, found in zip(article.blocks, detections, strict=True)
    )
    return segments, title_language
