"""Where in a page the article stands: in the element that holds most of its running text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml.etree import SubElement
from lxml.html import Element, HtmlElement
from trafilatura.settings import MANUALLY_CLEANED
from trafilatura.xpaths import (
    BODY_XPATH,
    DISCARD_IMAGE_ELEMENTS,
    OVERALL_DISCARD_XPATH,
    RAW_TREE_PRUNE_XPATH,
    REMOVE_COMMENTS_AND_LISTS_XPATH,
    TEASER_DISCARD_XPATH,
)

from ingest.extract.replies import name_replies
from ingest.extract.runs import INLINE, Prose, Run, runs_of

# Running text around the article and in windows above it does not count. That in <aside> does: where an end tag is
# missing the article stands in it. So do teasers, which then lie in the article's part and are taken out.
_AROUND = ("footer", "nav", "dialog")
_COMMENTS = ("comment", "disqus")
_NOT_THE_ARTICLE = ("modal", "cookie", "consent", *_COMMENTS)
_SHOWN_ABOVE = ("modal", "cookie", "consent", "lightbox", "tooltip", "popup", "popover", "dialog")
# The innermost element with so much of the text is the article's: the rest leaves room for boxes elsewhere.
# On 251 of 268 news pages the part found so holds two thirds of all paragraphs.
_MOST = 2 / 3
# What holds so much of the text around it, or more than half of the page's and its headline, holds the article.
_NEARLY_ALL = 0.9
_HALF = 0.5
_LOOSE = 0.1
_FEW = 0.1  # of the running text: a page that calls hardly a paragraph by that name
# An element that is never text swallows some where a tag is not closed. More characters than this, and a larger share
# of the page than this, stand in none for another reason.
_CONTROLS = frozenset(
    {"button", "datalist", "input", "label", "legend", "option", "picture", "select", "time", "video"}
)
_NO_BLOCKS = frozenset({"br", "noscript", "picture", "source"})
_BESIDE = frozenset({"aside", "figure", "form", "fieldset"})
_SWALLOWED, _SWALLOWED_PART, _BESIDE_PART = 300, 0.1, 0.4
_NAMES = ("aria-hidden", "class", "data-component", "data-lp-replacement-content", "hidden", "id", "role", "style")
_DROPPED_BY_NAME = (
    *RAW_TREE_PRUNE_XPATH,
    *REMOVE_COMMENTS_AND_LISTS_XPATH,
    *OVERALL_DISCARD_XPATH,
    *DISCARD_IMAGE_ELEMENTS,
    *TEASER_DISCARD_XPATH,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The article's part of a page.

    `element` holds headline, text and pictures; `runs` are those of the whole page and `page` measures them; `prose`
    is the running text in the article's part, in letters (`extent`); `replies` are what readers wrote below it.
    """

    element: HtmlElement
    prose: float
    page: Prose
    runs: tuple[Run, ...]
    replies: tuple[HtmlElement, ...] = ()

    def holds(self, element: HtmlElement) -> bool:
        """Whether an element stands in the article's part."""
        return element is self.element or any(one is self.element for one in element.iterancestors())


def find_scope(tree: HtmlElement) -> Scope:
    """The `<article>` or `<main>` around most running text, else the innermost element around it, else the page.

    What holds nearly all of the page's text is no button, no window and no list of comments, whatever it is called:
    it loses that name in the tree. So does what holds most of the text of the `<article>` or `<main>` with the
    headline.
    """
    runs = tuple(runs_of(tree))
    page = Prose(tree, runs)
    _name_paragraphs(runs, page)
    replies = name_replies(runs, page)
    spine = _spine(tree, page, replies)
    held = _held_by_headline(tree, page)
    _spare(spine, held, page)
    around = _around(page, spine)
    total = page.total - sum(page.of(one) for one in around)
    if total <= 0:
        body = tree.find("body")
        return Scope(element=tree if body is None else body, prose=0, page=page, runs=runs, replies=replies)
    inner = tree
    while (
        (child := next((one for one in inner if page.of(one) >= _MOST * total and one not in around), None)) is not None
        and child.tag != "p"
        and not _speaks_beside(inner, child, page)
    ):
        inner = child  # a paragraph with all running text has shorter ones beside it, or links
    _join_chunks(inner, page)
    named = (one for one in (inner, *inner.iterancestors()) if one.tag in ("article", "main"))
    element = next(named, inner)
    less = sum(page.of(one) for one in around if any(above is inner for above in one.iterancestors()))
    return Scope(element=element, prose=page.of(inner) - less, page=page, runs=runs, replies=replies)


def _speaks_beside(element: HtmlElement, child: HtmlElement, page: Prose) -> bool:
    """Whether much running text stands loose beside a child: a writer's own words around a long quotation."""
    if child.tag in ("article", "main", "body"):
        return False
    return page.of(element) - sum(map(page.of, element)) >= _LOOSE * page.of(child)


def _name_paragraphs(runs: Sequence[Run], page: Prose) -> None:
    """Call every box that holds running text and no further block `<p>`, and those like it or among them.

    A box is a `<div>`, a `<section>` or an element of the site's own making. Not on pages that have paragraphs of that
    name: what stands in boxes there is often a notice. Where hardly one has it, all that stands between the first and
    the last in the element around most of them is a paragraph too: short lines and headings, but no links.
    """
    paragraphs = sum(run.prose for run in runs if run.element.tag == "p")
    every = sum(run.prose for run in runs)
    if paragraphs >= _HALF * every:
        return
    leaves = [run for run in runs if _is_box(run.element.tag) and _is_leaf(run.element)]
    running = [run for run in leaves if run.prose]
    signs = {_sign(run.element) for run in running}
    among = _among(leaves, page) if paragraphs <= _FEW * every else ()
    for run in (*among, *(one for one in leaves if _sign(one.element) in signs)):
        run.element.tag = "p"


def _is_box(tag: str) -> bool:
    return tag in ("div", "section") or "-" in tag


def _among(leaves: Sequence[Run], page: Prose) -> Sequence[Run]:
    """The lines from the first to the last with running text in the innermost element around most of it."""
    inner = page.root
    while (child := next((one for one in inner if page.of(one) >= _MOST * page.total), None)) is not None:
        inner = child
    inside = [run for run in leaves if any(one is inner for one in run.element.iterancestors())]
    told = [place for place, run in enumerate(inside) if run.prose]
    between = inside[told[0] : told[-1] + 1] if told else []
    return [run for run in between if run.linked <= _HALF * len(run.text)]


def _sign(element: HtmlElement) -> tuple[str | None, str | None, HtmlElement | None]:
    """What is alike in elements of one kind: class, class of the box, and what stands around the box."""
    box = element.getparent()
    return (
        (element.get("class"), None, None) if box is None else (element.get("class"), box.get("class"), box.getparent())
    )


def _is_leaf(element: HtmlElement) -> bool:
    return all(one.tag in INLINE or one.tag in _NO_BLOCKS for one in element.iterdescendants())


def _around(page: Prose, spine: list[HtmlElement]) -> set[HtmlElement]:
    """The outermost elements whose text is not the article's, as their names say."""
    named = {one for one in page.within() if one not in spine and _is_around(one)}
    return {one for one in named if not any(above in named for above in one.iterancestors())}


def _is_around(element: HtmlElement) -> bool:
    if element.tag in _AROUND or element.get("role") == "dialog":
        return True
    named = element.get("class", "")
    return any(word in named for word in _NOT_THE_ARTICLE)


def _spine(tree: HtmlElement, page: Prose, replies: Collection[HtmlElement]) -> list[HtmlElement]:
    """From the root down the elements that hold the article, each inside the one before it, none of them `replies`."""
    spine = [tree]
    while True:
        inner = spine[-1]
        child = max(inner, key=page.of, default=None)
        if child is None or not page.of(child) or child in replies:
            return spine
        headed = page.of(child) > _HALF * page.total and child.find(".//h1") is not None
        if not headed and page.of(child) < _NEARLY_ALL * page.of(inner):
            return spine
        spine.append(child)


def _held_by_headline(tree: HtmlElement, page: Prose) -> list[HtmlElement]:
    """From the `<article>` or `<main>` with the headline down what holds most of its text; no list of comments."""
    inner = next((one for one in tree.iter("article", "main") if one.find(".//h1") is not None), None)
    most = _HALF * page.of(inner) if inner is not None else 0
    held: list[HtmlElement] = []
    while inner is not None and (inner := next((one for one in inner if page.of(one) > most), None)) is not None:
        if any(word in inner.get("class", "") for word in _COMMENTS):
            break
        held.append(inner)
    return held


def _spare(spine: list[HtmlElement], held: list[HtmlElement], page: Prose) -> None:
    """Take from what holds the article the tags and names for which it would be dropped."""
    for element, prose in page.within().items():
        least = max(_SWALLOWED, page.total * (_SWALLOWED_PART if element.tag in _CONTROLS else _BESIDE_PART))
        if element.tag in _CONTROLS | _BESIDE and prose > least:
            element.tag = "div"
    for element in spine:
        if element.tag in MANUALLY_CLEANED:
            element.tag = "div"
    above = [one for one in held if any(word in f"{one.get('class')} {one.get('id')}" for word in _SHOWN_ABOVE)]
    for element in (*_dropped_by_name(spine[1:]), *_dropped_by_name(held), *above):
        for name in _NAMES:
            element.attrib.pop(name, None)


def _join_chunks(inner: HtmlElement, page: Prose) -> None:
    """Put the parts of a text that advertisements have cut into boxes of one name together: only one would be read."""
    for parent in (inner, inner.getparent()):
        chunks: dict[tuple[str, str], list[HtmlElement]] = {}
        for child in parent if parent is not None else ():
            if child.tag != "article" and page.of(child) and (named := child.get("class")):
                chunks.setdefault((child.tag, named), []).append(child)
        for same in chunks.values():
            if len(same) > 1 and _is_chosen(same[0]):
                for chunk in same[1:]:
                    SubElement(same[0], "p").text = chunk.text
                    same[0].extend(list(chunk))
                    chunk.text = None


def _is_chosen(element: HtmlElement) -> bool:
    """Whether trafilatura would take an element for the article by its name."""
    root = Element("html")
    SubElement(root, element.tag, {name: element.get(name) for name in _NAMES if element.get(name)})
    return any(pattern(root) for pattern in BODY_XPATH)


def _dropped_by_name(spine: list[HtmlElement]) -> list[HtmlElement]:
    """Which of these elements trafilatura would drop for their names: asked of a copy without their contents."""
    root = inner = Element("html")
    copies: dict[HtmlElement, HtmlElement] = {}
    for element in spine:
        inner = SubElement(inner, element.tag, {name: element.get(name) for name in _NAMES if element.get(name)})
        copies[inner] = element
    dropped = dict.fromkeys(copy for pattern in _DROPPED_BY_NAME for copy in pattern(root))
    chosen = {copy for pattern in BODY_XPATH for copy in pattern(root)} if dropped else set()
    return [copies[copy] for copy in dropped if copy not in chosen]


def set_apart(scope: Scope) -> HtmlElement:
    """A page of the article's part alone, for pages that do not name it: old ones, whose layout is a table.

    Names by which trafilatura would choose a part of it are left out.
    """
    page: HtmlElement = Element("html")
    article = SubElement(SubElement(page, "body"), "article")
    article.text = scope.element.text
    article.extend(deepcopy(list(scope.element)))
    return page
