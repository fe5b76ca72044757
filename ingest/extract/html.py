"""HTML to an article: metadata, then the text by trafilatura, from the part of the page that is the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version

from lxml import etree
from lxml.html import HtmlElement

from ingest.charset import Decoded
from ingest.extract.blocks import extract_blocks, finds_article
from ingest.extract.bulk import take_bulk
from ingest.extract.bylines import read_byline
from ingest.extract.captions import take_captions, with_captions
from ingest.extract.common import article_of
from ingest.extract.head import head_byline, head_lines
from ingest.extract.joints import join_cut_sentences
from ingest.extract.links import with_anchors
from ingest.extract.metadata import Metadata, read_metadata
from ingest.extract.scope import Scope, find_scope, set_apart
from ingest.extract.surroundings import take_surroundings
from ingest.extract.tree import parse
from ingest.model import Article, Attribution, Block, Page, Residue, Role
from ingest.text import letters
from ingest.urls import host_of

HTML_READER = f"trafilatura {version('trafilatura')}, newsmill 2"

_LINKS = etree.XPath("/descendant::a[@href]")
# What trafilatura drops in any case, and would copy several times before.
_NEVER_READ = etree.XPath(
    "/descendant::*[self::svg or self::button or self::iframe or self::input or self::noscript or self::picture"
    " or self::select or ((self::aside or self::footer or self::nav or self::figure[not(.//table)]) and not(.//p))]"
)
_LITTLE = 250
_MOST = 0.7
_SHORT_LINE = 80
_FEW_WORDS, _FRAME_WORDS = 25, 60
_LARGE_PART = 0.4  # of a title: a heading that repeats less of it heads a part of the text
_TELLING = 8  # letters: what is shorter stands in many a heading by chance
_LEAD = 6  # where a page repeats its title: above the text, after a kicker, a site line or a stamp


def read_html(page: Page, decoded: Decoded) -> Article | None:
    """The article in an HTML page, or ``None`` where there is no main text.

    The page is parsed once; comments below the article are left out. Not guarded against pages that take for ever:
    run it in a process that can be killed (`ingest.workers`).
    """
    tree = parse(decoded.text)
    if tree is None:
        return None
    metadata = read_metadata(tree, page.final_url, page.fetched_at, page.seed)
    head = _head(tree, metadata)
    blocks, residue = _read_text(tree, page.final_url, metadata)
    if not blocks:
        return None
    blocks = _without_glued(blocks, head)
    residue = (*_other_than(blocks, head), *_other_than(head, residue))
    article = article_of(
        page, decoded, blocks, title=metadata.title, reader=HTML_READER, canonical_url=metadata.canonical_url
    )
    return replace(
        article,
        publisher=metadata.publisher or host_of(page.final_url) or None,
        subtitle=metadata.subtitle,
        authors=metadata.byline.names,
        organisations=metadata.byline.organisations,
        byline=metadata.byline.printed,
        published_at=metadata.published_at,
        published_precision=metadata.published_precision,
        modified_at=metadata.modified_at,
        declared_language=metadata.language,
        section=metadata.section,
        tags=metadata.tags,
        image=metadata.image,
        licence=metadata.licence,
        is_free=metadata.is_free,
        origins=metadata.origins,
        residue=residue,
        attribution=_attribution(metadata),
        flags=(*metadata.flags, *(("not_free",) if metadata.is_free is False else ())),
    )


def _read_text(tree: HtmlElement, url: str, metadata: Metadata) -> tuple[tuple[Block, ...], tuple[Residue, ...]]:
    bulk = take_bulk(tree)
    scope = find_scope(tree)
    join_cut_sentences(scope)
    residue = (*bulk, *take_surroundings(scope, url))
    captions = take_captions(scope)
    prose = sum(len(paragraph.text_content()) for paragraph in scope.element.iter("p"))
    blocks = _main_text(tree, scope, url, metadata, prose)
    declared = sum(map(len, metadata.body))
    if declared > max(_LITTLE, 2 * prose) and len(blocks) <= 2:
        # The page shows its text by a script. trafilatura falls back on the declaration too, but makes it one block.
        return tuple(Block(text=text, origin="json-ld") for text in metadata.body), residue
    if not blocks:
        return (), residue
    blocks, headline = _without_headline(blocks, metadata.title)
    return with_captions(with_anchors(blocks, scope.element, url), captions), (*residue, *headline)


def _main_text(tree: HtmlElement, scope: Scope, url: str, metadata: Metadata, prose: int) -> tuple[Block, ...]:
    """The blocks of the main text; none where trafilatura finds none.

    Its fall-backs (two more extractors, whose results it compares with its own) take about a quarter of its time and
    are run only where it found little (less than half of what stands in paragraphs) or a menu.
    """
    linked = Counter(" ".join([link.text_content() for link in _LINKS(tree)]).split())
    for element in _NEVER_READ(tree):
        element.drop_tree()
    blocks = extract_blocks(tree, url, wide=False)
    found = _length(blocks)
    if not finds_article(tree):
        apart = extract_blocks(set_apart(scope), url, wide=False)
        if _length(apart) >= _MOST * found and _keeps_prose(apart, blocks):
            blocks, found = apart, _length(apart)
    if found >= max(_LITTLE, prose / 2) and not _is_navigation(blocks, linked, metadata, prose):
        return blocks
    blocks = extract_blocks(tree, url, wide=True)
    return () if _is_navigation(blocks, linked, metadata, prose) else blocks


def _keeps_prose(apart: Sequence[Block], blocks: Sequence[Block]) -> bool:
    """Whether of what the whole page gives the article's part lacks short lines only, up to where they end alike."""
    texts = {block.text for block in apart}
    common = [place for place, block in enumerate(blocks) if block.text in texts]
    return bool(common) and all(block.text in texts or len(block.text) < _SHORT_LINE for block in blocks[: common[-1]])


def _head(tree: HtmlElement, metadata: Metadata) -> tuple[Residue, ...]:
    """The day and the byline that the page shows beside its headline, where it declares none."""
    head = head_lines(tree, metadata.title) if metadata.published_at is None else ()
    line = None if metadata.byline.names else head_byline(tree, metadata.title)
    people = [name for name in read_byline(line, metadata.publisher).people if " " in name]  # no stray word behind "By"
    if line is None or not people:
        return head
    return (*head, Residue(text=line, rule="byline", value=", ".join(people), moved_to="authors"))


def _without_glued(blocks: tuple[Block, ...], head: Iterable[Residue]) -> tuple[Block, ...]:
    """The blocks but for those into which trafilatura glued the pieces of a line beside the headline."""
    glued = {"".join(line.text.split()) for line in head if " | " in (line.value or "")}
    return tuple(block for block in blocks if not glued or "".join(block.text.split()) not in glued)


def _other_than(seen: Iterable[Block | Residue], residue: Iterable[Residue]) -> tuple[Residue, ...]:
    """The residue but for what is also seen elsewhere."""
    known = {letters(one.text) for one in seen}
    return tuple(one for one in residue if letters(one.text) not in known)


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _without_headline(blocks: Sequence[Block], title: str | None) -> tuple[tuple[Block, ...], tuple[Residue, ...]]:
    """The blocks without the title above them, which may have a kicker before it or be another wording."""
    kept: list[Block] = []
    residue: list[Residue] = []
    for position, block in enumerate(blocks):
        if position < _LEAD and block.role is Role.HEADING and title and _repeats(block.text, title):
            residue.append(Residue(text=block.text, rule="repeated_title", moved_to="title"))
        else:
            kept.append(block)
    return tuple(kept), tuple(residue)


def _repeats(heading: str, title: str) -> bool:
    """Whether a heading is the title: with a kicker before it, a large part of it, or most of its words."""
    one, other = letters(heading), letters(title)
    if not one or not other:
        return False
    if one == other or (len(other) >= _TELLING and other in one and len(one) < len(other) + 80):
        return True
    if len(one) < _LARGE_PART * len(other):
        return False
    if len(one) > 12 and one in other:
        return True
    words, wanted = set(heading.casefold().split()), set(title.casefold().split())
    return len(words & wanted) >= 0.6 * min(len(words), len(wanted)) and min(len(words), len(wanted)) >= 4


def _is_navigation(blocks: Sequence[Block], linked: Counter[str], metadata: Metadata, prose: int) -> bool:
    """Whether trafilatura found no main text, and took headings or the menu.

    In a menu nine words of ten stand in links, or hardly any stand outside them and the page does not say that it is
    an article: a notice of two sentences is one if it has a date. Where the article's part holds no paragraph (`prose`
    is the length of all), what was found is the frame of the site. `linked` are the words of all links of the page.
    """
    if all(block.role is Role.HEADING for block in blocks):
        return True
    words = Counter(" ".join([block.text for block in blocks]).split())
    total = words.total()
    own = sum([max(0, count - linked[word]) for word, count in words.items()])
    # What a feed announces with a date may be a list of links all the same.
    dated = metadata.published_at is not None and dict(metadata.origins).get("published_at") != "feed"
    undeclared = not dated and not metadata.says_article
    few = _FEW_WORDS if prose else _FRAME_WORDS
    return own <= 0.1 * total or (undeclared and own < few and own < total)


def _attribution(metadata: Metadata) -> Attribution:
    if metadata.source_link is None:
        return Attribution()
    name = metadata.source_name or host_of(metadata.source_link)
    return Attribution(original_url=metadata.source_link, original_name=name, reposted_by=metadata.publisher)
