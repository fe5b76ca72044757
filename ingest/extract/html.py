"""HTML to an article: metadata, then the text by trafilatura, from the part of the page that is the article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise

from lxml.html import HtmlElement

from ingest.charset import Decoded, mend
from ingest.extract.body import main_text
from ingest.extract.bulk import take_bulk
from ingest.extract.canonical import is_amp, saved_from
from ingest.extract.captions import Caption, take_captions, with_captions
from ingest.extract.common import article_of
from ingest.extract.guard import TEXT_FALLBACK, Text, fall_back, told_elsewhere
from ingest.extract.head import head_lines
from ingest.extract.images import find_pictures, with_pictures
from ingest.extract.indexes import count_teasers, is_dated_list
from ingest.extract.joints import join_cut_sentences
from ingest.extract.judged import judge
from ingest.extract.kinds import kind_of
from ingest.extract.likely import Lines, Reading, describe
from ingest.extract.links import with_anchors
from ingest.extract.live import LIVE, Post, posts_to_blocks, shown_posts, united
from ingest.extract.loose import wrap_loose
from ingest.extract.marked import with_marks
from ingest.extract.metadata import Metadata, read_metadata
from ingest.extract.names import shown_headlines
from ingest.extract.overlays import without_window
from ingest.extract.quoted import take_labels
from ingest.extract.runs import Run
from ingest.extract.scope import Scope, find_scope
from ingest.extract.series import find_series
from ingest.extract.standins import StandIn, asks_for_password, forms_of, has_no_words, is_form, stand_in, visible_lines
from ingest.extract.states import declared_posts, state_paragraphs, state_posts
from ingest.extract.surroundings import is_board, take_surroundings
from ingest.extract.tree import parse
from ingest.extract.witnesses import count_witnesses
from ingest.findings import Findings
from ingest.lang.clauses import is_open
from ingest.lang.notes import says_machine_translated
from ingest.lang.pages import is_row
from ingest.lang.words import extent
from ingest.model import Article, Attribution, Block, Kind, Page, Picture, Residue, Role, Via
from ingest.outcome import Reason
from ingest.rights import rights_in
from ingest.text import letters
from ingest.urls import host_of

HTML_READER = f"trafilatura {version('trafilatura')}, newsmill 3"

_DECLARED = frozenset({"json-ld", "opengraph", "microdata"})
_LITTLE = 250
_MORE, _SAME = 1.4, 0.8
_LARGE_PART = 0.4  # of a title: a heading that repeats less of it heads a part of the text
_TELLING = 8  # letters: what is shorter stands in many a heading by chance
_AROUND = frozenset({"nav", "footer", "aside", "form", "header"})
_MOST_BETWEEN = 12  # lines
_LEAD = 6  # where a page repeats its title: above the text, after a kicker, a site line or a stamp


def read_html(page: Page, decoded: Decoded) -> Article | StandIn | None:
    """The article in an HTML page, what the page is in its place, or ``None`` where there is no main text.

    The page is parsed once; comments below the article are left out. Not guarded against pages that take for ever:
    run it in a process that can be killed (`ingest.workers`).
    """
    markup = mend(decoded.text)
    tree = parse(markup)
    if tree is None:
        return None
    address = saved_from(tree, page.final_url) if page.seed.via is Via.FILE else None
    if address is not None:
        page = replace(page, final_url=address)
    metadata = read_metadata(tree, page.final_url, page.fetched_at, page.seed)
    if not metadata.says_kind and (teasers := count_teasers(tree, page.final_url)):
        return StandIn(reason=Reason.NO_TEXT, detail=f"an index: the page is a list of {teasers} teasers")
    is_article = metadata.says_article or metadata.published_at is not None or bool(metadata.byline)
    series, rows = find_series(tree, page.final_url, metadata.canonical_url, page.rule, is_article=is_article)
    password = asks_for_password(tree)
    forms = forms_of(tree) if not is_article and has_no_words(metadata.language) else ()
    head = _head(tree, metadata)
    witnesses = count_witnesses(tree, page.final_url, metadata.title, metadata.published_at, metadata.byline.people)
    shown = shown_headlines(tree)
    (blocks, residue, expected, flags), pictures = _read_text(tree, markup, page, metadata)
    blocks = tuple(block for block in blocks if series is None or not is_row(block.text))
    lines = [block.text for block in blocks] or visible_lines(tree)
    dated = dict(metadata.origins).get("published_at") in _DECLARED
    standing = stand_in((metadata.title or "", *shown), lines, dated=dated, password=password)
    if standing is not None or not blocks:
        beside = without_window(markup, metadata.title) if standing and standing.reason is Reason.CONSENT_WALL else None
        article = read_html(page, replace(decoded, text=beside)) if beside is not None else None
        return article if isinstance(article, Article) else standing
    if is_form(lines, forms):
        return StandIn(
            reason=Reason.NO_TEXT, detail="a few lines beside a form, and nothing that says it is an article"
        )
    if not metadata.says_kind and not metadata.says_article and is_dated_list(lines):
        return StandIn(reason=Reason.NO_TEXT, detail="an index: the page is a list of days with a headline each")
    blocks = _without_glued(blocks, head)
    residue = (*rows, *other_than(head, residue))
    article = article_of(
        page, decoded, blocks, title=metadata.title, reader=HTML_READER, canonical_url=metadata.canonical_url
    )
    return replace(
        article,
        publisher=metadata.publisher or host_of(page.final_url) or None,
        subtitle=metadata.subtitle,
        authors=metadata.byline.people,
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
        rights=rights_in(page, metadata.terms),
        is_free=metadata.is_free,
        origins=(*metadata.origins, *((("url", "canonical"),) if address is not None else ())),
        residue=residue,
        findings=_findings(head, blocks, residue),
        expected_length=expected,
        witnesses=witnesses,
        attribution=_attribution(metadata),
        kind=_kind(metadata, blocks),
        pictures=pictures,
        series=series,
        twins=metadata.twins,
        is_twin=article.is_twin or (address is not None and is_amp(tree)),
        flags=(*metadata.flags, *flags, *(("not_free",) if metadata.is_free is False else ())),
    )


def _read_text(tree: HtmlElement, markup: str, page: Page, metadata: Metadata) -> tuple[Text, tuple[Picture, ...]]:
    """What was read of the page, and the pictures in its text."""
    url = page.final_url

    def untouched() -> HtmlElement | None:
        return parse(markup)

    bulk = take_bulk(tree)
    scope = find_scope(tree)
    if not is_board(scope) and (blocks := _ticker(tree, markup, scope, page, metadata)):
        return told_elsewhere(blocks, bulk, scope, url, untouched), ()
    lines = describe(scope)
    join_cut_sentences(scope)
    residue = (*bulk, *take_surroundings(scope, url), *take_labels(scope))
    pictures = find_pictures(scope, url)
    captions = take_captions(scope)
    wrap_loose(scope.element)
    taken = (*residue, *(Residue(text=caption.text, rule="caption") for caption in captions))
    blocks = main_text(tree, scope, url, metadata, taken, untouched)
    if _shows_less(blocks, scope, metadata.body):
        declared = tuple(Block(text=text, origin="json-ld") for text in metadata.body)
        return told_elsewhere(declared, residue, scope, url, untouched), ()
    if hidden := _only_in_data(markup, blocks, metadata.title):
        return told_elsewhere(hidden, residue, scope, url, untouched), ()
    flags: tuple[str, ...] = ()
    if theirs := fall_back(blocks, scope, url, untouched):
        blocks, residue, captions, flags = theirs, (), (), (TEXT_FALLBACK,)
    if not blocks:
        return ((), residue, None, flags), ()
    blocks = _parted(blocks, lines)
    blocks, expected = judge(blocks, lines, _reading(blocks, residue, captions, metadata))
    blocks, headline = without_headline(blocks, metadata.title)
    blocks = with_marks(with_anchors(blocks, scope.element, url), scope.element, url)
    blocks, shown = with_pictures(with_captions(blocks, captions), pictures)
    return (blocks, (*residue, *headline), expected, flags), shown


def _ticker(tree: HtmlElement, markup: str, scope: Scope, page: Page, metadata: Metadata) -> tuple[Block, ...]:
    """The posts of a live ticker, from the first to the last, with the page's own words above them."""
    is_declared = metadata.kind is Kind.LIVE
    found = [shown_posts(scope.runs, page.fetched_at, metadata.published_at)]
    if is_declared:
        found.append(declared_posts(tree))
    if is_declared or scope.prose < 2 * _LITTLE:
        found.append(state_posts(markup))
    found.sort(key=lambda posts: -sum(len(post.letters) for post in posts))
    posts: tuple[Post, ...] = ()
    for more in found:
        posts = united(posts, more) if posts else more
    if not posts:
        return ()
    told = "".join(post.letters for post in posts)
    starts = [post.letters[:80] for post in posts if extent(post.letters) >= _TELLING]  # a time may stand before
    above: list[Block] = []
    for run in scope.runs:
        text = letters(run.text)
        if extent(text) >= _TELLING and (text[:80] in told or any(one in text for one in starts)):
            break
        around = any(one.tag in _AROUND for one in run.element.iterancestors())
        if run.prose and not around and letters(run.text) != letters(metadata.subtitle or ""):
            above.append(Block(text=run.text, origin=LIVE))
    return (*above, *posts_to_blocks(posts, LIVE))


def _only_in_data(markup: str, blocks: Sequence[Block], title: str | None) -> tuple[Block, ...]:
    """The text that a script of the page would show, where the page itself shows hardly any; none otherwise."""
    shown = sum(extent(letters(block.text)) for block in blocks)
    if shown >= 2 * _LITTLE:
        return ()
    found = state_paragraphs(markup, title)
    if extent(letters("".join(found))) <= max(_LITTLE, _MORE * shown):
        return ()
    return tuple(Block(text=text, origin="state") for text in found)


def _parted(blocks: tuple[Block, ...], lines: Lines) -> tuple[Block, ...]:
    """The blocks, but one that holds several lines of the page as these: trafilatura glues what is not marked as text.

    A row of a table holds several lines by its nature, a quotation and a list keep what they are, and a sentence that
    was cut stays whole.
    """
    whole = set(lines.keys)
    return tuple(
        part
        for block in blocks
        for part in (_parts(block, lines) if block.role is Role.BODY and letters(block.text) not in whole else (block,))
    )


def _parts(block: Block, lines: Lines) -> Sequence[Block]:
    whole = letters(block.text)
    for start, key in enumerate(lines.keys):
        if not key or not whole.startswith(key) or key == whole:
            continue
        places = _places(whole, lines.keys, start)
        runs = [lines.runs[place] for place in places]
        apart = all(
            after > before + 1 or lines.runs[before].element is not lines.runs[after].element
            for before, after in pairwise(places)
        )
        if runs and apart and not _one_sentence(runs):
            return [_part(block, run) for run in runs if run.text]
    return [block]


def _places(whole: str, keys: Sequence[str], start: int) -> list[int]:
    """The lines from `start` on that make up a text; between them may stand what was taken out of the page."""
    places: list[int] = []
    rest, missed = whole, 0
    for place in range(start, len(keys)):
        if not rest or missed > _MOST_BETWEEN:
            break
        if keys[place] and rest.startswith(keys[place]):
            rest = rest[len(keys[place]) :]
            places.append(place)
            missed = 0
        else:
            missed += 1
    return [] if rest else places


def _one_sentence(runs: Sequence[Run]) -> bool:
    """Whether lines were cut in the middle of a sentence, which `join_cut_sentences` has mended."""
    return any(run.text[:1].islower() for run in runs[1:]) or any(is_open(run.text) for run in runs[:-1])


def _part(block: Block, run: Run) -> Block:
    anchors = tuple(anchor for anchor in block.anchors if anchor.text in run.text)
    return replace(block, text=run.text, role=_role(run.element.tag), anchors=anchors)


def _role(tag: str) -> Role:
    return Role.HEADING if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else Role.BODY


def _reading(
    blocks: Sequence[Block], residue: Sequence[Residue], captions: Sequence[Caption], metadata: Metadata
) -> Reading:
    return Reading(
        found=[letters(block.text) for block in blocks],
        taken=[letters(one.text) for one in residue],
        captions=[letters(caption.text) for caption in captions],
        declared=letters(" ".join(metadata.body)),
        title=letters(metadata.title or ""),
        subtitle=letters(metadata.subtitle or ""),
    )


def _shows_less(blocks: Sequence[Block], scope: Scope, declared: Sequence[str]) -> bool:
    """Whether the page shows hardly anything of the text that it declares, or only a part of it.

    Such a page shows its text by a script, or the rest after a click. trafilatura falls back on the declaration too,
    but makes it one block. Text that is shown and not declared is never given up for it.
    """
    length = sum(map(extent, declared))
    if length > max(_LITTLE, 2 * scope.prose) and len(blocks) <= 2:
        return True
    shown = [letters(block.text) for block in blocks if block.role is not Role.HEADING]
    if length < _LITTLE or length < _MORE * sum(map(extent, shown)):
        return False
    whole = letters("".join(declared))
    return sum(len(text) for text in shown if text in whole) >= _SAME * sum(map(len, shown))


def _findings(head: Iterable[str], blocks: Iterable[Block], taken: Sequence[Residue]) -> Findings:
    """The facts in what was taken out, and in the lines beside the headline that are not in the text."""
    return Findings(
        head=lines_other_than(blocks, head),
        machine_translated=any(says_machine_translated(one.text) for one in taken),
        is_offered=any(one.rule == "paywall" for one in taken),
    )


def _head(tree: HtmlElement, metadata: Metadata) -> tuple[str, ...]:
    """The lines with a day that the page shows beside its headline, where it declares none."""
    undeclared = dict(metadata.origins).get("published_at", "html") == "html"
    return head_lines(tree, metadata.title) if undeclared else ()


def _without_glued(blocks: tuple[Block, ...], head: Iterable[str]) -> tuple[Block, ...]:
    """The blocks but for those into which trafilatura glued the pieces of a line beside the headline."""
    glued = {"".join(line.replace(" | ", " ").split()) for line in head if " | " in line}
    return tuple(block for block in blocks if not glued or "".join(block.text.split()) not in glued)


def other_than(seen: Iterable[str], residue: Iterable[Residue]) -> tuple[Residue, ...]:
    """The residue but for what is also seen elsewhere."""
    known = set(map(letters, seen))
    return tuple(one for one in residue if letters(one.text) not in known)


def lines_other_than(blocks: Iterable[Block], lines: Iterable[str]) -> tuple[str, ...]:
    """The lines but for those that stand in the text."""
    known = {letters(block.text) for block in blocks}
    return tuple(line for line in lines if letters(line) not in known)


def _kind(metadata: Metadata, blocks: Sequence[Block]) -> Kind:
    return Kind.LIVE if any(block.origin == LIVE for block in blocks) else kind_of(metadata.kind, blocks)


def without_headline(blocks: Sequence[Block], title: str | None) -> tuple[tuple[Block, ...], tuple[Residue, ...]]:
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
    if one == other or (extent(other) >= _TELLING and other in one and extent(one) < extent(other) + 80):
        return True
    if len(one) < _LARGE_PART * len(other):
        return False
    if extent(one) > 12 and one in other:
        return True
    words, wanted = set(heading.casefold().split()), set(title.casefold().split())
    return len(words & wanted) >= 0.6 * min(len(words), len(wanted)) and min(len(words), len(wanted)) >= 4


def _attribution(metadata: Metadata) -> Attribution:
    translated = metadata.machine_translated or None
    if metadata.source_link is None:
        return Attribution(machine_translated=translated)
    name = metadata.source_name or host_of(metadata.source_link)
    return Attribution(
        original_url=metadata.source_link,
        original_name=name,
        reposted_by=metadata.publisher,
        machine_translated=translated,
    )
