"""What a page holds as data only: posts and paragraphs in its JSON-LD, and in the state that its scripts would show.

Pages that render in the browser carry their text as JSON: `__NEXT_DATA__`, Apollo's cache, `window.__STATE__ = {...}`.
No name is asked for: a post is an object with a time and a text, in a list of such; an article's text is markup in a
string, or a list of objects with texts, beside a headline that is the page's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from lxml.html import HtmlElement

from ingest.extract.details import body_paragraphs
from ingest.extract.linked import every_object, is_kind, strings
from ingest.extract.live import Post
from ingest.extract.names import alike, clean
from ingest.lang.dates import read_value
from ingest.lang.words import extent
from ingest.text import letters

_SCRIPTS: Final = re.compile(r"<script\b(?P<head>[^>]*)>(?P<text>.*?)</script", re.IGNORECASE | re.DOTALL)
_ASSIGNED: Final = re.compile(r"=\s*(?:JSON\.parse\(\s*)?(?=[{\[\"'])")
_MOST_SCRIPTS: Final = 60
_MOST_CHARACTERS: Final = 5_000_000
_MOST_NODES: Final = 20_000
_DEEPEST: Final = 24
_LEAST_POSTS: Final = 3
_LEAST_LETTERS: Final = 30
_LEAST_BODY: Final = 250  # letters: what is shorter is a summary
_TIMES: Final = re.compile(r"date|time|publish|created|posted|timestamp", re.IGNORECASE)
_STAMPS: Final = re.compile(r"ts|at|when|utc", re.IGNORECASE)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")  # which is a time, whatever its name
# Names under which objects of one make stand by their keys, and not in a list: those of posts, not of articles.
_KEYED: Final = re.compile(r"live|post|update|ticker|entr(?:y|ies)|message", re.IGNORECASE)
_CHANGED: Final = re.compile(r"modif|updat|expire|end", re.IGNORECASE)
_TEXTS: Final = (
    "articleBody",
    "body",
    "content",
    "html",
    "text",
    "bodyHtml",
    "value",
    "description",
    "children",
    "data",
)
_TITLES: Final = ("headline", "title", "heading", "name")
_IDS: Final = re.compile(r"[\w/+=-]{24,}")

Node = Mapping[str, Any]


def declared_posts(tree: HtmlElement) -> tuple[Post, ...]:
    """The posts of a page's LiveBlogPosting in JSON-LD, from the first to the last."""
    posts = [
        post
        for node in every_object(tree)
        if is_kind(node, "LiveBlogPosting")
        for update in _listed(node.get("liveBlogUpdate"))
        if (post := _post(update)) is not None
    ]
    return _by_time(posts)


def state_posts(markup: str) -> tuple[Post, ...]:
    """The posts in the data of a page: the longest list of objects that have a time and a text each."""
    best: tuple[Post, ...] = ()
    for value in _states(markup):
        for rows in _lists(value, 0):
            if len(rows) < _LEAST_POSTS:
                continue
            posts = [post for row in rows if (post := _post(row)) is not None and post.time]
            long = [post for post in posts if extent(post.letters) >= _LEAST_LETTERS]
            told = sum(len(post.letters) for post in long)
            if 2 * len(long) > len(rows) and len(long) >= _LEAST_POSTS and told > sum(len(one.letters) for one in best):
                best = _by_time(posts)
    return best


def state_paragraphs(markup: str, title: str | None) -> tuple[str, ...]:
    """The text of the page's article in its data, where an object with the page's headline has one; else none."""
    if not title:
        return ()
    best: tuple[str, ...] = ()
    for value in _states(markup):
        for node in _nodes(value, 0):
            if not any(isinstance(node.get(name), str) and alike(node[name], title) for name in _TITLES):
                continue
            found = _paragraphs(node, 0)
            if extent(letters("".join(found))) > max(_LEAST_BODY, extent(letters("".join(best)))):
                best = found
    return best


def paragraphs_at(markup: str, path: str) -> tuple[str, ...]:
    """The text at a path into the data of a page: the names of members, numbers or `*`, parted by dots."""
    best: tuple[str, ...] = ()
    for value in _states(markup, linked=True):
        found = tuple(text for one in _at(value, path.split(".")) for text in _texts(one, 0))
        best = found if len("".join(found)) > len("".join(best)) else best
    return best


def _at(value: object, names: Sequence[str]) -> list[object]:
    """What stands at a path, which may fork at a `*`: at most as many places as there are."""
    places = [value]
    for name in names:
        inner: list[object] = []
        for place in places:
            if isinstance(place, dict):
                inner += place.values() if name == "*" else [place[name]] if name in place else []
            elif isinstance(place, list):
                inner += place if name == "*" else place[int(name) : int(name) + 1] if name.isdecimal() else []
        places = inner[:_MOST_NODES]
    return places


def _listed(value: object) -> list[Node]:
    rows = value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, dict)]


def _by_time(posts: Sequence[Post]) -> tuple[Post, ...]:
    if all(post.time for post in posts):
        return tuple(sorted(posts, key=lambda post: post.time or ""))
    return tuple(posts)


def _post(row: Node) -> Post | None:
    """An object as a post: its text, its headline if it has one, the earliest name of a time in it."""
    texts = _own_text(row) or _paragraphs(row, 0)
    title = next((found for name in _TITLES if (found := _line(row.get(name)))), None)
    if title and texts and letters(texts[0]) == letters(title):
        texts = texts[1:] or texts
    if not texts:
        return None
    if texts == (title,):
        title = None
    author = next(
        (found for name in ("author", "byline") for one in strings(row.get(name)) if (found := _line(one))), None
    )
    return Post(texts=texts, title=title, time=_time(row), author=author)


def _line(value: object) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _own_text(row: Node) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for name in _TEXTS:
        texts = _texts(row.get(name), 0)
        if len("".join(texts)) > len("".join(found)):
            found = texts
    return found


def _texts(value: object, depth: int) -> tuple[str, ...]:
    """The paragraphs in a value: markup or text in a string, or in lists and objects of such."""
    if depth > _DEEPEST:
        return ()
    if isinstance(value, str):
        return () if _IDS.fullmatch(value) or value.startswith(("http:", "https:")) else body_paragraphs(value)
    if isinstance(value, list):
        return tuple(text for one in value[:500] for text in _texts(one, depth + 1))
    if isinstance(value, dict):
        return next((texts for name in _TEXTS if (texts := _texts(value.get(name), depth + 1))), ())
    return ()


def _paragraphs(node: Node, depth: int) -> tuple[str, ...]:
    """The longest text among the values of an object, whatever these are called."""
    best = _own_text(node)
    for value in node.values():
        if isinstance(value, list | dict) or (isinstance(value, str) and "<p" in value):
            texts = _texts(value, depth + 1)
            if len("".join(texts)) > len("".join(best)):
                best = texts
    return best


def _time(row: Node) -> str | None:
    for name, value in row.items():
        named = _TIMES.search(name) or _STAMPS.fullmatch(name) or (isinstance(value, str) and _ISO.match(value))
        if not named or _CHANGED.search(name) or isinstance(value, bool):
            continue
        line = read_value(str(value)) if isinstance(value, str | int) else None
        if line is not None and line.published is not None and line.published.clock is not None:
            stamp = line.published
            at = stamp.instant
            return at.isoformat() if at is not None else f"{stamp.day.isoformat()}T{stamp.clock}"
    return None


def _states(markup: str, *, linked: bool = False) -> Iterator[object]:
    """The data in the scripts of a page, each as JSON, with `linked` JSON-LD too; what is no JSON is left out.

    They are read from the markup: the tree has no scripts, which are most of a page's bytes.
    """
    for script in islice(_SCRIPTS.finditer(markup), _MOST_SCRIPTS):
        text = script["text"].strip()
        if ("ld+json" in script["head"] and not linked) or not _LEAST_BODY < len(text) < _MOST_CHARACTERS:
            continue
        if text[0] in "{[":
            yield from _decoded(text)
            continue
        for found in islice(_ASSIGNED.finditer(text), 5):
            yield from _decoded(text[found.end() :])


def _decoded(text: str) -> Iterator[object]:
    try:
        value = json.JSONDecoder(strict=False).raw_decode(text)[0]
        if isinstance(value, str):  # JSON in a string: JSON.parse("...")
            value = json.JSONDecoder(strict=False).raw_decode(value)[0]
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict | list):
        yield value


def _nodes(value: object, depth: int) -> Iterator[Node]:
    return islice(_every(value, depth), _MOST_NODES)


def _every(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _every(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _every(one, depth + 1)


def _lists(value: object, depth: int) -> Iterator[list[Node]]:
    """Lists of objects; and objects that stand by their keys: `{"posts": {"1": ...}}`, `{"LivePost:1": ...}`."""
    for node in _nodes(value, depth):
        for name, one in node.items():
            if isinstance(one, list) and one and all(isinstance(row, dict) for row in one):
                yield one
            elif isinstance(one, dict) and _KEYED.search(name):
                yield [row for row in one.values() if isinstance(row, dict)]
        yield [row for name, row in node.items() if isinstance(row, dict) and ":" in name and _KEYED.search(name)]
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        yield value
