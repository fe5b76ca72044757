"""A page as the rule of its site reads it, and whether that is to be believed beside the general reading.

A rule is right until the site changes: one that finds nothing, next to nothing beside what the general reading is sure
of, or little but links is not believed. Where both readings have little in common, a reader of the record is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from lxml.html import Element, HtmlElement

from ingest.extract.bylines import declared_byline
from ingest.extract.captions import take_captions, with_captions
from ingest.extract.common import squeeze, visible_text
from ingest.extract.links import with_anchors
from ingest.extract.marked import with_marks
from ingest.extract.names import clean
from ingest.extract.runs import Prose, Run, runs_of
from ingest.extract.scope import Scope
from ingest.extract.states import paragraphs_at
from ingest.extract.tree import parse
from ingest.extract.when import read_stated
from ingest.model import RULE_FAILED, Block, Byline, Page, Precision, Role, SiteRule
from ingest.text import letters
from ingest.xpath import found_by

BY_RULE: Final = "site rule"
"""The origin of what a rule found."""
RULE_DIFFERS = "site_rule_differs"
"""The flag of a record that was read by a rule, of whose text the general reading has little."""

_LEAST = 0.3  # of the letters that the general reading is sure of
_COMMON = 0.3  # of the letters of the shorter one
_LINKED = 0.7
_GROWS = 4  # times the size of the page that literal changes may make of it
_MOST_FOUND = 2_000  # elements for one expression
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTED, _QUOTED, _CELLS = frozenset({"li", "dd", "dt"}), frozenset({"blockquote"}), frozenset({"td", "th"})
_FURNITURE = frozenset({"script", "style", "noscript", "template", "button", "select", "svg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What a rule finds in a page: its text, the share of that which stands in links, and the facts that it names."""

    blocks: tuple[Block, ...] = ()
    title: str | None = None
    byline: Byline = field(default_factory=Byline)
    published: tuple[datetime, Precision] | None = None
    linked: float = 0.0


def read_by_rule(markup: str, rule: SiteRule, page: Page, language: str | None) -> Ruled | None:
    """Read a page by the rule of its site; ``None`` where the rule is not meant for it.

    Facts are read before anything is stripped: titles and dates often stand in what is no text.
    """
    markup = _replaced(markup, rule)
    tree = parse(markup)
    if tree is None or (rule.only_if and not any(found_by(one, tree) for one in rule.only_if)):
        return None
    url = page.final_url
    title = next((text for one in _texts(rule.title, tree) if (text := clean(one))), None)
    byline = declared_byline(list(_texts(rule.author, tree)), [], language)
    dates = _texts(rule.date, tree, attribute=None if rule.date_format else "datetime")
    published = read_stated(dates, rule.date_format, tree, url, page.fetched_at, language)
    _prepare(tree, rule)
    body = _body(tree, rule)
    blocks, linked = _blocks(body, url) if body is not None else ((), 0.0)
    if told := max((paragraphs_at(markup, path) for path in rule.data), key=lambda one: len("".join(one)), default=()):
        blocks, linked = tuple(Block(text=squeeze(text), origin=BY_RULE) for text in told), 0.0
    return Ruled(blocks=blocks, title=title, byline=byline, published=published, linked=linked)


def doubt(ruled: Ruled, general: Sequence[Block], rule: SiteRule) -> str | None:
    """The flag for what speaks against a rule's text beside the general reading, if anything does."""
    ours, theirs = _letters(ruled.blocks), _letters(general)
    if not ours:
        return RULE_FAILED
    if rule.trusted:
        return None
    sure = sum(len(letters(one.text)) * _sureness(one) for one in general if one.role is not Role.CAPTION)
    if len(ours) < _LEAST * sure or ruled.linked > _LINKED:
        return RULE_FAILED
    shorter, longer = sorted((ruled.blocks, tuple(general)), key=lambda blocks: len(_letters(blocks)))
    whole = _letters(longer)
    common = sum(len(text) for block in shorter if (text := letters(block.text)) in whole)
    return RULE_DIFFERS if theirs and common < _COMMON * len(_letters(shorter)) else None


def _sureness(block: Block) -> float:
    return block.probability if block.probability is not None else 1.0


def _letters(blocks: Sequence[Block]) -> str:
    return "".join([letters(block.text) for block in blocks if block.role is not Role.CAPTION])


def _replaced(markup: str, rule: SiteRule) -> str:
    most = _GROWS * len(markup)
    for written, instead in rule.replace:
        if written:
            changed = markup.replace(written, instead)
            markup = changed if len(changed) <= most else markup
    return markup


def _texts(expressions: Sequence[str], tree: HtmlElement, attribute: str | None = None) -> Iterator[str]:
    """The texts that the first expression which finds any finds; of an element that has it, those of an attribute."""
    for expression in expressions:
        found = found_by(expression, tree)[:_MOST_FOUND]
        texts = [one if isinstance(one, str) else _text(one, attribute) for one in found]
        if any(map(str.strip, texts)):
            yield from dict.fromkeys(text for text in texts if text.strip())
            return


def _text(element: HtmlElement, attribute: str | None) -> str:
    stated = element.get(attribute) if attribute else None
    return stated or element.get("content") or visible_text(element)


def _prepare(tree: HtmlElement, rule: SiteRule) -> None:
    """Strip, dissolve and rename what the rule says, in this order."""
    for expression in rule.strip:
        for one in _elements(expression, tree):
            if one.getparent() is not None and one.tag not in ("html", "body"):
                one.drop_tree()
    for expression in rule.dissolve:
        for one in _elements(expression, tree):
            if one.getparent() is not None and one.tag not in ("html", "body"):
                one.drop_tag()
    for tag, expression in rule.renders:
        for one in _elements(expression, tree):
            if one.tag not in ("html", "body"):
                one.tag = tag


def _elements(expression: str, tree: HtmlElement) -> list[HtmlElement]:
    return [one for one in found_by(expression, tree)[:_MOST_FOUND] if isinstance(one, HtmlElement)]


def _body(tree: HtmlElement, rule: SiteRule) -> HtmlElement | None:
    """What the first expression that finds text finds, in an element of its own."""
    for expression in rule.body:
        found = found_by(expression, tree)[:_MOST_FOUND]
        whole: HtmlElement = Element("article")
        chosen: set[HtmlElement] = set()
        for one in found:
            if isinstance(one, str):
                part: HtmlElement = Element("p")
                part.text = squeeze(one)
                whole.append(part)
            elif not any(above in chosen for above in one.iterancestors()):
                chosen.add(one)
        for one in found:  # moved last: while it stands in the page, what is around it can be told
            if not isinstance(one, str) and one in chosen:
                chosen.discard(one)
                one.tail = None
                whole.append(one)
        if any(map(str.isalnum, whole.text_content())):
            return whole
    return None


def _blocks(body: HtmlElement, url: str) -> tuple[tuple[Block, ...], float]:
    """The text of an element as blocks, and the share of it that stands in links."""
    for one in list(body.iterdescendants(*_FURNITURE)):
        one.drop_tree()
    captions = take_captions(Scope(element=body, prose=0, page=Prose(body, ()), runs=()))
    runs = runs_of(body)
    linked = sum(run.linked for run in runs) / max(1, sum(len(run.text) for run in runs))
    rows = groupby(runs, lambda run: _row_of(run, body))
    blocks = tuple(block for row, same in rows for block in _of_row(row, list(same)))
    blocks = with_marks(with_anchors(blocks, body, url), body, url)
    return with_captions(blocks, captions), linked


def _row_of(run: Run, body: HtmlElement) -> HtmlElement:
    """The row of the table that a run is a cell of, else its own element."""
    if run.element.tag in _CELLS and (row := run.element.getparent()) is not None and row is not body:
        return row
    return run.element


def _of_row(row: HtmlElement, runs: Sequence[Run]) -> list[Block]:
    if row.tag == "tr":
        return [Block(text=" | ".join(run.text for run in runs), role=Role.TABLE, origin=BY_RULE)]
    return [Block(text=run.text, role=_role(run.element), origin=BY_RULE) for run in runs]


def _role(element: HtmlElement) -> Role:
    tags = [element.tag, *(one.tag for one in element.iterancestors())]
    if any(tag in _QUOTED for tag in tags):
        return Role.QUOTE
    if tags[0] in _HEADINGS:
        return Role.HEADING
    return Role.LIST if any(tag in _LISTED for tag in tags) else Role.BODY
