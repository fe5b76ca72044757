"""One page in other dresses: markup that shows the reader the same text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from lxml import etree
from lxml.html import HtmlElement, document_fromstring, tostring

NAMES = ("modal", "lightbox", "tooltip", "cookie-wrapper", "share", "related", "consent", "popup")
"""What one more wrapper around the page or its text is called."""

_LEFT_OPEN = ("button", "header", "aside", "nav", "label", "select")
_BLOCK_TAGS = ("p", "section", "article", "main", "header", "footer", "h2", "h3", "h4", "blockquote")
_BLOCKS_JOINED = re.compile(
    r"(</?(?:p|div|section|article|ul|ol|li|h[1-6])>)\s+(<(?:p|div|section|article|ul|ol|li|h[1-6])\b)"
)
_BLOCKS = re.compile(
    r"(</?(?:p|div|section|article|ul|ol|li|h[1-6]|table|tr|td|figure|aside|header|footer|nav|main)\b)"
)


def dresses(markup: str, chance: Random) -> Iterator[tuple[str, str]]:
    """The page in every dress, each with the name of the dress."""
    for name in NAMES:
        yield f"all in {name}", _dressed(markup, partial(_wrap_body, name=name))
        yield f"text in {name}", _dressed(markup, partial(_wrap_text, name=name))
    for tag in _LEFT_OPEN:
        yield f"unclosed {tag}", _left_open(markup, tag)
    yield "unclosed p", re.sub(r"</(?:p|li)>", "", markup)
    yield "minified", re.sub(r">\s+<", "> <", markup).replace("\n", " ")
    yield "indented", _BLOCKS.sub(r"\n    \1", markup)
    yield "joined", _BLOCKS_JOINED.sub(r"\1\2", markup)
    yield "divs", _dressed(markup, partial(_as_divs, tags=("p",)))
    yield "only divs", _dressed(markup, partial(_as_divs, tags=_BLOCK_TAGS))
    yield "entities", "".join(sign if sign.isascii() else f"&#{ord(sign)};" for sign in markup)
    yield "decomposed", unicodedata.normalize("NFD", markup)
    yield "comments", re.sub(r"(?<=[a-z]\.) (?=[A-Z])", " <!-- here --> ", markup)
    yield "shuffled attributes", _dressed(markup, partial(_shuffle, chance=chance))
    yield "prefixed classes", _dressed(markup, _prefix)
    yield "hashed names", _dressed(markup, _hash)
    yield "upper case", re.sub(r"</?[a-z][a-z0-9]*", lambda found: found[0].upper(), markup)


def _dressed(markup: str, change: Callable[[HtmlElement], None]) -> str:
    tree = document_fromstring(markup)
    change(tree)
    dressed: str = tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")
    return dressed


def _wrap_body(tree: HtmlElement, name: str) -> None:
    body = tree.find("body")
    if body is not None:
        _wrap(body, list(body), name)


def _wrap_text(tree: HtmlElement, name: str) -> None:
    """Wrap what stands in the element with most paragraphs, as a theme does that shows a text in a window."""
    parents = [one.getparent() for one in tree.iter("p") if len(one.text_content()) > 60]
    parent = max(parents, key=lambda one: sum(other is one for other in parents), default=None)
    if parent is not None and sum(other is parent for other in parents) > len(parents) / 2:
        _wrap(parent, list(parent), name)


def _wrap(parent: HtmlElement, children: list[HtmlElement], name: str) -> None:
    wrapper = etree.SubElement(parent, "div", {"class": name, "id": f"{name}-1"})
    wrapper.text, parent.text = parent.text, None
    wrapper.extend(children)


def _left_open(markup: str, tag: str) -> str:
    """A menu above the page, of which one tag is not closed."""
    opened = f'<div class="top"><div><{tag} class="menu"><div>Menu</div></div></div>'
    return re.sub(r"(<body\b[^>]*>)", rf"\1{opened}", markup, count=1, flags=re.IGNORECASE)


def _as_divs(tree: HtmlElement, tags: tuple[str, ...]) -> None:
    """Call elements `<div>`, as a builder of pages does that knows no other."""
    for element in tree.iter(*tags):
        element.tag = "div"


def _shuffle(tree: HtmlElement, chance: Random) -> None:
    for element in tree.iter(etree.Element):
        attributes = list(element.attrib.items())
        chance.shuffle(attributes)
        element.attrib.clear()
        for name, value in attributes:
            element.attrib[name] = value


def _prefix(tree: HtmlElement) -> None:
    """What a build step makes of the names of classes: a prefix, and a hash behind."""
    for element in tree.iter(etree.Element):
        if named := element.get("class"):
            element.set("class", " ".join(f"x-{one}__a1b2" for one in named.split()))


def _hash(tree: HtmlElement) -> None:
    """Names that say nothing: each class a number of its own, and no ids."""
    numbers: dict[str, str] = {}
    for element in tree.iter(etree.Element):
        element.attrib.pop("id", None)
        if named := element.get("class"):
            element.set("class", " ".join(numbers.setdefault(one, f"c{len(numbers):x}q") for one in named.split()))
