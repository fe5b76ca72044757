"""One page to one outcome: extract, clean, attribute, detect languages, fingerprint. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.attribution.attribute import attribute
from ingest.clean import candidate_lines, clean, without_lines
from ingest.confidence import confidence_of
from ingest.dedup.fingerprint import fingerprint
from ingest.extract.joined import extract_whole
from ingest.extract.page import rejected
from ingest.lang.notices import is_withdrawal
from ingest.lang.words import count_words
from ingest.language import DETECTOR, detect_paragraphs, quoted, shares
from ingest.marks import fitting
from ingest.model import (
    LOW,
    LOW_CONFIDENCE,
    UNDETERMINED,
    WITHDRAWAL_NOTICE,
    Article,
    Block,
    Labels,
    Page,
    Record,
    Role,
    Segment,
)
from ingest.outcome import Reason, Rejection
from ingest.value import repairs

# Below this number of words copies are recognised less surely (measured: recall .976 under 120 words, not covered
# under 60), so a reader of the record should know.
SHORT_WORDS = 60
SHORT_TEXT = "short_text"
TEXT_REPAIRED = "text_repaired"


def process_page(page: Page) -> Record | Rejection:
    """Make a record of a page, or say why it cannot be one."""
    with repairs() as repaired:
        made = _process(page)
    if repaired and isinstance(made, Record):
        return replace(made, article=made.article.flagged(TEXT_REPAIRED))
    return made


def _process(page: Page) -> Record | Rejection:
    article = extract_whole(page)
    if isinstance(article, Rejection):
        return article
    article = attribute(clean(article))
    if not article.text:
        return rejected(page, Reason.NO_TEXT, "nothing was left after cleaning")
    return make_record(article)


def make_record(article: Article) -> Record:
    """Give an article's paragraphs their languages, and the whole its fingerprint."""
    labels = label(article.title, article.blocks)
    if is_withdrawal(article.title, article.text):
        article = article.flagged(WITHDRAWAL_NOTICE)
    if count_words(article.text) < SHORT_WORDS:
        article = article.flagged(SHORT_TEXT)
    confidence = confidence_of(article)
    if confidence.text is not None and confidence.text < LOW:
        article = article.flagged(LOW_CONFIDENCE)
    return Record(
        article=article,
        labels=labels,
        fingerprint=fingerprint(article.text, labels.language),
        detector=DETECTOR,
        site_lines=candidate_lines(article),
        confidence=confidence,
    )


def forget_lines(record: Record, boilerplate: Collection[int]) -> Record:
    """The record without lines that turned out to be its site's (keys of `ingest.clean.candidate_lines`)."""
    article = without_lines(record.article, boilerplate)
    return record if article is record.article else make_record(article)


def label(title: str | None, blocks: Sequence[Block]) -> Labels:
    """Tell the languages of an article: its blocks become segments.

    The title stands before the text like a paragraph, so that its few words are read in the light of what follows.
    """
    texts = [block.text for block in blocks]
    detections = detect_paragraphs([title, *texts] if title else texts)
    title_language = None
    if title:
        title_language, detections = detections[0].language, detections[1:]
    told = [found.language for found in detections]
    quotes: Sequence[bool] = (False,) * len(texts)
    if len(set(told)) > 1:  # letters are counted only where there is something to tell
        quotes = quoted(told, [sum(map(str.isalpha, text)) for text in texts])
    segments = tuple(
        Segment(
            text=block.text,
            language=found.language,
            confidence=found.confidence,
            role=_role(block.role, quote=quote and found.language != UNDETERMINED),
            time=block.time,
            author=block.author,
            marks=fitting(block.marks, block.text),
            level=block.level,
        )
        for block, found, quote in zip(blocks, detections, quotes, strict=True)
    )
    languages = shares((segment.text, segment.language) for segment in segments)
    return Labels(segments=segments, title_language=title_language, language=languages[0][0], languages=languages)


def _role(role: Role, *, quote: bool) -> Role:
    """The role of a segment: paragraphs in another language than the writer's are quoted, and the record has no tables.

    A row of a table is an item of a list to whoever reads it.
    """
    if role is Role.BODY and quote:
        return Role.QUOTE
    return Role.LIST if role is Role.TABLE else role
