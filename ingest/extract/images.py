"""The pictures of an article: where each lies, what stands below it, and behind which words of the text it comes.

Pages load pictures late and name them in many attributes. What is small, named like the page's frame, or leads to
another page is no picture of the article. The tree is only read: the text is the same with and without pictures.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from ingest.extract.captions import FEW, caption_text, is_caption
from ingest.extract.scope import Scope
from ingest.extract.surroundings import rule_named
from ingest.model import Block, Picture, Role
from ingest.text import letters
from ingest.urls import absolute

_IMAGES = ("img", "amp-img")
_NO_TEXT = frozenset({"head", "option", "script", "style", "svg", "template", "textarea", "noscript"})
_MOST = 200
_LONGEST = 2_048  # characters of an address: what is longer is a picture in the page itself, or a counter
_SMALLEST = 100  # pixels: icons, portraits beside a by-line, pictures that count readers
_HEAD = 80  # letters by which a block is found

# Where an address stands: `src`, and what scripts copy into it ("data-src", "data-lazy-src", "data-original").
_NAMES = re.compile(r"(?:data-)?(?:[a-z]+-)*(?:src|original|hi-?res|full|large)(?:-[a-z]+)?")
_SETS = re.compile(r"(?:data-)?(?:[a-z]+-)*srcset")
_OFFERED = re.compile(r"(\S*[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)")
_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|svg|bmp|tiff?)$", re.IGNORECASE)
_DRAWN = re.compile(r"\.(?:svg|gif)$", re.IGNORECASE)  # without a caption: a logo, or nothing at all
_PIXELS = re.compile(r"\s*(\d{1,6})(?:\.\d*)?(?:px)?\s*")
_STYLED = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(\d{1,2})px|display\s*:\s*none", re.IGNORECASE)
_SIZED = re.compile(r"[-_](\d{1,2})x(\d{1,2})\.\w+$")
_JOINTS = re.compile(r"[^a-z]+")
_FRAME = frozenset(
    {
        "logo",
        "logos",
        "avatar",
        "avatars",
        "gravatar",
        "icon",
        "icons",
        "emoji",
        "emoticon",
        "smiley",
        "sprite",
        "pixel",
    }
    | {
        "spacer",
        "blank",
        "badge",
        "byline",
        "headshot",
        "mugshot",
        "tracking",
        "tracker",
        "beacon",
        "counter",
        "captcha",
    }
    | {"vgwort", "favicon", "placeholder"}
)
_WRITERS = frozenset({"author", "authors", "autor", "autoren", "profile", "contributor", "reporter"})
_BOXES = frozenset({"related", "advertisement", "author_box", "share", "newsletter", "consent", "feedback"})
_NAMING = ("class", "id", "itemprop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """The letters of an article's part of a page, and its pictures with how many of these stand before each."""

    letters: str = ""
    shown: tuple[tuple[int, Picture], ...] = ()


def find_pictures(scope: Scope, url: str) -> Pictures:
    """Find the pictures in the article's part of a page, before its captions are taken out of the tree."""
    if next(scope.element.iter(*_IMAGES), None) is None:
        return Pictures()
    walk = _Walk(scope=scope, url=url)
    events = iterwalk(scope.element, events=("start", "end"))
    for event, element in events:
        start = event == "start"
        if start and walk.enters(element):
            events.skip_subtree()
        elif start:
            walk.pieces.append(element.text or "")
        elif element is not scope.element:
            walk.pieces.append(element.tail or "")
    walk.place()
    return Pictures(letters="".join(walk.read), shown=tuple(walk.found.values()))


def with_pictures(blocks: Sequence[Block], pictures: Pictures) -> tuple[tuple[Block, ...], tuple[Picture, ...]]:
    """The blocks, numbered where there are pictures, and each picture with the number of the block that it follows.

    A picture whose caption is a block stands before that; any other behind the last block that begins before it.
    """
    if not pictures.shown:
        return tuple(blocks), ()
    begins, numbers = _beginnings(blocks, pictures.letters)
    captions = {block.text: number for number, block in enumerate(blocks) if block.role is Role.CAPTION}
    placed: list[Picture] = []
    for before, picture in pictures.shown:
        behind = bisect_left(begins, before)
        after = numbers[behind - 1] if behind else None
        if picture.caption in captions:
            after = captions[picture.caption] - 1
        placed.append(replace(picture, after=after if after is not None and after >= 0 else None))
    placed.sort(key=lambda one: -1 if one.after is None else one.after)
    return tuple(replace(block, number=number) for number, block in enumerate(blocks)), tuple(placed)


def _beginnings(blocks: Sequence[Block], text: str) -> tuple[list[int], list[int]]:
    """Where in a text blocks begin, ascending, and the number of each."""
    begins: list[int] = []
    numbers: list[int] = []
    reached = 0
    for number, block in enumerate(blocks):
        head = letters(block.text)[:_HEAD]
        at = text.find(head, reached) if head and block.role is not Role.CAPTION else -1
        if at >= 0:
            begins.append(at)
            numbers.append(number)
            reached = at + 1
    return begins, numbers


@dataclass(slots=True)
class _Walk:
    """What was read of the article's part of a page so far, and the pictures in it by their files."""

    scope: Scope
    url: str
    pieces: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    length: int = 0
    found: dict[str, tuple[int, Picture]] = field(default_factory=dict)

    def place(self) -> int:
        """How many letters stand before this place."""
        if self.pieces:
            self.read.append(letters("".join(self.pieces)))
            self.length += len(self.read[-1])
            self.pieces = []
        return self.length

    def enters(self, element: HtmlElement) -> bool:
        """Take the pictures of an element; whether what is in it needs no further look."""
        tag = element.tag
        if tag in _IMAGES:
            self._note(element, None)
        elif tag == "noscript":
            self._stand_in(element)
        elif isinstance(tag, str) and tag not in _NO_TEXT and is_caption(element):
            self._captioned(element)
            return True
        return not isinstance(tag, str) or tag in _NO_TEXT

    def _captioned(self, element: HtmlElement) -> None:
        """Take the pictures of a figure; of a caption that stands alone those beside it, or around it."""
        above = element.getparent()
        small = above is not None and len(above) <= FEW and above is not self.scope.element
        near = (element, element.getprevious(), element.getnext(), above if small else None)
        own = next(filter(None, (list(_shown_in(one)) for one in near if one is not None)), [])
        caption = caption_text(element)
        for number, image in enumerate(own):
            self._note(image, caption if number == 0 and any(map(str.isalpha, caption)) else None, in_figure=True)

    def _stand_in(self, element: HtmlElement) -> None:
        """Take what is shown where no script runs, if what stands before it has no address of its own."""
        before = element.getprevious()
        if before is None or not any(_address(one, self.url) for one in before.iter(*_IMAGES)):
            for image in element.iter(*_IMAGES):
                self._note(image, None)

    def _note(self, image: HtmlElement, caption: str | None, *, in_figure: bool = False) -> None:
        address = _address(image, self.url)
        if address is None or len(self.found) >= _MOST:
            return
        known = self.found.get(key := _file(address))
        if known is not None and (known[1].caption is not None or caption is None):
            return
        if _is_picture(image, address, self.scope, self.url, told=in_figure):
            before = known[0] if known else self.place()
            self.found[key] = before, Picture(url=known[1].url if known else address, caption=caption)


def _shown_in(element: HtmlElement) -> Iterator[HtmlElement]:
    """The pictures of an element; those for readers without scripts only where there are no others with an address."""
    images = list(element.iter(*_IMAGES))
    outside = [one for one in images if not any(around.tag == "noscript" for around in one.iterancestors())]
    usable = [one for one in outside if _address(one, "http://a/")]
    yield from usable or images


def _address(image: HtmlElement, url: str) -> str | None:
    """The absolute address of a picture, the largest that it offers."""
    # An open <source> is no empty element to libxml2, so that the image may stand in it.
    around = next((one for one in image.iterancestors() if one.tag != "source"), image)
    sources = list(around.iter("source")) if around.tag == "picture" else []
    named = [(name, value) for one in (image, *sources) for name, value in one.items() if value]
    sets = [value for name, value in named if _SETS.fullmatch(name)]
    late = [value for name, value in named if name != "src" and _NAMES.fullmatch(name) and _looks_like_one(value)]
    offered = [*filter(None, map(_largest, sets)), *late, image.get("src") or ""]
    return next(filter(None, (_absolute(one.strip(), url) for one in offered)), None)


def _absolute(offered: str, url: str) -> str | None:
    if not offered or len(offered) > _LONGEST or "{" in offered:  # a pattern that a script fills
        return None
    address = absolute(url, offered)
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~") if address and address != url else None


def _looks_like_one(value: str) -> bool:
    return "/" in value or _FILE.search(value) is not None


def _largest(offered: str) -> str | None:
    """The address of the largest picture in a `srcset`."""
    found = [(float(size), name) for name, size in _sizes(offered[:20_000]) if not name.startswith("data:")]
    return max(found, key=lambda one: one[0])[1] if found else None


def _sizes(offered: str) -> Iterator[tuple[str, str]]:
    for name, size, _ in _OFFERED.findall(offered):
        yield name, size if size.count(".") < 2 and size.strip(".") else "1"


def _file(address: str) -> str:
    """What is the same of a picture in several sizes."""
    path = address.partition("?")[0]
    return path if _FILE.search(path) else address


def _is_picture(image: HtmlElement, address: str, scope: Scope, url: str, *, told: bool) -> bool:
    """Whether an image is one of the article's pictures; `told` is whether it stands in a figure."""
    if _is_small(image) or _leads_away(image, scope, url):
        return False
    names = [_names(image, *_NAMING)]
    for around in image.iterancestors():
        if around is scope.element or scope.page.of(around):
            break
        names.append(_names(around, *_NAMING))
        if rule_named(" ".join(filter(None, map(around.get, _NAMING[:2])))) in _BOXES:
            return False
    parts = urlsplit(address)
    if any(one & (_FRAME if told else _FRAME | _WRITERS) for one in names):
        return False
    if told:
        return True
    words = frozenset(_JOINTS.split(f"{parts.netloc} {parts.path.rpartition('/')[2]}".lower()))
    words |= frozenset({(image.get("alt") or "").strip().lower()})
    return not (words & _FRAME or _DRAWN.search(parts.path) or _SIZED.search(parts.path))


def _names(element: HtmlElement, *names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in _JOINTS.split((element.get(name) or "").lower()))


def _is_small(image: HtmlElement) -> bool:
    for side in ("width", "height"):
        pixels = _PIXELS.fullmatch(image.get(side) or "")
        if pixels is not None and int(pixels[1]) < _SMALLEST:
            return True
    return _STYLED.search(image.get("style") or "") is not None


def _leads_away(image: HtmlElement, scope: Scope, url: str) -> bool:
    """Whether an image is a link to another page: a teaser or an advertisement. One to a larger picture is none."""
    for around in image.iterancestors():
        if around is scope.element:
            return False
        if around.tag == "a" and (target := absolute(url, around.get("href") or "")):
            parts, here = urlsplit(target), urlsplit(url)
            same = (parts.netloc, parts.path, parts.query) == (here.netloc, here.path, here.query)
            return not (same or _FILE.search(parts.path))
    return False
