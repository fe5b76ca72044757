"""Live tickers: the posts of a page that is written while something happens, each with its time.

Three witnesses tell posts: the page's JSON-LD (LiveBlogPosting), the page itself (boxes or lines that each begin with a
time, whatever their markup is called), and the data of pages that a script would show. Who tells most is believed; what
another tells beside it is added. Comments, lists of teasers and timetables have times too: posts are mostly text
outside links, stand in order of time, and make up most of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.moments import AROUND, LONGEST_LINE, Moment, is_around, moments, order_of, upwards
from ingest.extract.runs import Run
from ingest.lang.words import extent
from ingest.model import Block, Role
from ingest.text import letters

LIVE: Final = "live"

_LEAST_POSTS: Final = 3
_LEAST_LETTERS: Final = 30  # of a post's text, of most posts
_MOST_LINKED: Final = 0.5
_LEAST_SHARE: Final = 0.5  # of the page's running text
_IN_ORDER: Final = 0.8  # of neighbours
_MOST_RUNS: Final = 20_000
_COMMENTS: Final = re.compile(
    r"comment|kommentar|disqus|discuss|respon|repl(?:y|ies)|forum|reader|reviews?\b", re.IGNORECASE
)
_NAMED_LIVE: Final = re.compile(r"live|ticker|minut|timeline|liveblog|update", re.IGNORECASE)
_TEXT_TAGS: Final = frozenset({"p", "ul", "ol", "blockquote", "figure", "table", "pre", "dd", "h3", "h4", "h5"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt"})
_LONGEST_TITLE: Final = 160
_LONGEST_MINUTES: Final = 36 * 60  # from the first to the last post, where nothing else tells a ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a ticker: when (as the page tells it), who wrote it, its heading and its paragraphs."""

    texts: tuple[str, ...]
    title: str | None = None
    time: str | None = None
    author: str | None = None

    @property
    def letters(self) -> str:
        """What is compared to see whether two witnesses tell the same post."""
        return letters("".join(self.texts))


def shown_posts(runs: Sequence[Run], now: datetime, day: datetime | None) -> tuple[Post, ...]:
    """The posts that a page shows, in the order of their times; none where it is no ticker.

    Args:
        runs: the lines of the page.
        now: when it was captured.
        day: when it was published, as far as it is known: times without a day count from there.
    """
    marks = moments(runs[:_MOST_RUNS], now)
    if len(marks) < _LEAST_POSTS:
        return ()
    best: tuple[int, list[Post]] = (0, [])
    for group in _groups(marks):
        posts = _posts_of(group, runs)
        size = sum(len(post.letters) for _, post in posts)
        if size > best[0] and _is_ticker(group, posts, runs):
            best = (size, _inorder_of(posts, day or now))
    return tuple(best[1])


def _groups(marks: Sequence[Moment]) -> Iterator[list[tuple[Moment, HtmlElement]]]:
    """Marks whose boxes stand side by side: a box is the largest element that holds one mark only."""
    count: Counter[HtmlElement] = Counter(one for mark in marks for one in upwards(mark.element))
    groups: dict[HtmlElement | None, list[tuple[Moment, HtmlElement]]] = {}
    for mark in marks:
        box = mark.element
        while (parent := box.getparent()) is not None and count[parent] == 1:
            box = parent
        around = box.getparent()
        if count[box] > 1:  # several marks in one element, parted by <br>
            around = box
        groups.setdefault(around, []).append((mark, box))
    sections: dict[HtmlElement | None, list[tuple[Moment, HtmlElement]]] = {}
    for around, group in groups.items():
        above = around.getparent() if around is not None else None
        sections.setdefault(above, []).extend(group)
    return (group for group in (*groups.values(), *sections.values()) if len(group) >= _LEAST_POSTS)


def _posts_of(group: Sequence[tuple[Moment, HtmlElement]], runs: Sequence[Run]) -> list[tuple[Moment, Post]]:
    """The text of each post: its box, and the paragraphs behind it that stand beside the boxes."""
    group = _without_common_rest(group)
    ends = [mark.place for mark, _ in group[1:]]
    common = _common([box for _, box in group])
    shared = Counter(box for _, box in group)
    boxed = [_within(mark, box, runs) if shared[box] == 1 else [runs[mark.place]] for mark, box in group]
    filled = sum(
        sum(extent(run.text) for run in inside) - extent(runs[mark.place].text) + extent(mark.rest) >= _LEAST_LETTERS
        for (mark, _), inside in zip(group, boxed, strict=True)
    )
    flat = 2 * filled < len(group)
    if flat and all(_is_below_title(mark, inside[0], runs) for (mark, _), inside in zip(group, boxed, strict=True)):
        boxed = [[runs[mark.place - 1], *inside] for (mark, _), inside in zip(group, boxed, strict=True)]
        ends = [end - 1 for end in ends]
    usual = Counter(line for inside in boxed for line in {run.text for run in inside})
    often = {line for line, times in usual.items() if times >= max(3, len(group) / 2)}
    posts: list[tuple[Moment, Post]] = []
    for (mark, box), inside, end in zip(group, boxed, [*ends, None], strict=True):
        behind = _behind(inside[-1] if inside else runs[mark.place], end, common, runs, flat=flat, last=end is None)
        lines = [run for run in (*inside, *behind) if run is not runs[mark.place] and run.text not in often]
        posts.append((mark, _post(mark, runs[mark.place], lines, box)))
    return posts


def _is_below_title(mark: Moment, first: Run, runs: Sequence[Run]) -> bool:
    """Whether a box begins with its time, and the heading of the post stands before it."""
    below = mark.place > 0 and runs[mark.place - 1].element.tag in _HEADINGS
    return below and first is runs[mark.place]


def _without_common_rest(group: Sequence[tuple[Moment, HtmlElement]]) -> list[tuple[Moment, HtmlElement]]:
    """Marks without the words that stand behind most of them: a zone, "update", or the "ago" behind minutes.

    Minutes with such a word are a distance from now, not the minute of a match: the larger the earlier.
    """
    usual = Counter(mark.rest for mark, _ in group if mark.rest)
    common = {rest for rest, times in usual.items() if times >= max(3, len(group) / 2)}
    found: list[tuple[Moment, HtmlElement]] = []
    for mark, box in group:
        order = -mark.order if mark.label else mark.order
        bare = replace(mark, rest="", label=None, order=order) if mark.rest in common else mark
        found.append((bare, box))
    return found


def _common(boxes: Sequence[HtmlElement]) -> HtmlElement | None:
    ways = [list(upwards(box))[::-1] for box in boxes]
    common = None
    for level in zip(*ways, strict=False):
        if any(one is not level[0] for one in level):
            break
        common = level[0]
    return common


def _within(mark: Moment, box: HtmlElement, runs: Sequence[Run]) -> list[Run]:
    """The runs of a box, which stand around its mark."""

    def is_inside(run: Run) -> bool:
        return run.element is box or any(one is box for one in run.element.iterancestors())

    first = last = mark.place
    if box is mark.element and not len(box):
        return [runs[mark.place]]
    while first > 0 and is_inside(runs[first - 1]):
        first -= 1
    while last + 1 < len(runs) and is_inside(runs[last + 1]):
        last += 1
    return list(runs[first : last + 1])


def _behind(
    last_run: Run, end: int | None, common: HtmlElement | None, runs: Sequence[Run], *, flat: bool, last: bool
) -> list[Run]:
    """The runs between a box and the next that belong to it."""
    start = next(place for place, run in enumerate(runs) if run is last_run) + 1
    found: list[Run] = []
    for run in runs[start : end if end is not None else start + 40]:
        ways = list(upwards(run.element))
        if common is None or not any(one is common for one in ways):
            break
        child = (
            ways[next(place for place, one in enumerate(ways) if one is common) - 1]
            if ways[0] is not common
            else common
        )
        if last and (child.tag in _HEADINGS or child.tag in AROUND):
            break
        if flat or child is common or child.tag in _TEXT_TAGS:
            found.append(run)
        elif last:
            break
    return found


def _post(mark: Moment, marked: Run, lines: Sequence[Run], box: HtmlElement) -> Post:
    texts = [mark.rest] if letters(mark.rest) else []
    title: str | None = None
    rest_is_title = marked.element.tag in _HEADINGS and len(mark.rest) <= _LONGEST_TITLE
    if texts and (rest_is_title or (lines and marked.bold >= len(marked.text) - 3)):
        title = texts.pop()
    author = _author(box)
    if author and texts and letters(texts[0]) == letters(author):
        texts.pop()
    for run in lines:
        if run.element.tag == "button" or (run.linked > _MOST_LINKED * len(run.text) and len(run.text) < LONGEST_LINE):
            continue
        if author and letters(run.text) in {letters(author), letters(f"by{author}"), letters(f"von{author}")}:
            continue
        if title is None and not texts and _heads(run):
            title = run.text
        else:
            texts.append(run.text)
    if not texts and title:
        texts, title = [title], None
    if mark.label:
        title = f"{mark.label} {title or ''}".strip()
    return Post(texts=tuple(texts), title=title, time=mark.time, author=author)


def _heads(run: Run) -> bool:
    headed = any(one.tag in _HEADINGS for one in list(upwards(run.element))[:3])
    return len(run.text) <= _LONGEST_TITLE and (headed or run.bold >= len(run.text) - 3)


def _author(box: HtmlElement) -> str | None:
    found = box.xpath(
        ".//*[@rel='author' or @itemprop='author' or contains(@class, 'author') or contains(@class, 'byline')]"
    )
    text = squeeze(found[-1].text_content()) if found else ""
    return text if 3 <= len(text) <= 60 and not any(map(str.isdigit, text)) else None


def _is_ticker(
    group: Sequence[tuple[Moment, HtmlElement]], posts: Sequence[tuple[Moment, Post]], runs: Sequence[Run]
) -> bool:
    """Whether posts are those of a ticker, and no comments, teasers or timetable."""
    told = [post for _, post in posts if extent(post.letters) >= _LEAST_LETTERS]
    if len(told) < _LEAST_POSTS or 2 * len(told) < len(posts):
        return False
    names = [f"{one.get('class', '')} {one.get('id', '')} {one.get('itemtype', '')}" for one in upwards(group[0][1])]
    if any(map(_COMMENTS.search, names)):
        return False
    orders = [mark.order for mark, _ in group]
    steps = [(after > before) - (after < before) for before, after in pairwise(orders)]
    sorted_steps = max(sum(step >= 0 for step in steps), sum(step <= 0 for step in steps))
    turns = 1 if group[0][0].clock_only else 0  # midnight
    if sorted_steps + turns < _IN_ORDER * len(steps) or len(set(orders)) < _LEAST_POSTS - 1:
        return False
    own = sum(len(post.letters) for post in told)
    everything = sum(len(letters(run.text)) for run in runs if run.prose and not is_around(run.element))
    by_clock = sum(mark.clock_only for mark, _ in group) >= _IN_ORDER * len(group)
    named = any(map(_NAMED_LIVE.search, names))
    linked = sum(run.linked for run in runs if any(one is group[0][1] for one in upwards(run.element)))
    if linked > _MOST_LINKED * max(1, len(told[0].letters)):
        return False
    authors = [post.author for post in told if post.author]
    if 2 * len(authors) > len(told) and 2 * len(set(authors)) > len(authors) and not named:
        return False  # a conversation
    brief = max(orders) - min(orders) <= _LONGEST_MINUTES
    return (by_clock or named or brief) and own >= _LEAST_SHARE * everything


def _inorder_of(posts: Sequence[tuple[Moment, Post]], day: datetime) -> list[Post]:
    """Posts from the first to the last, times without a day counted from the day of the first."""
    orders = [mark.order for mark, _ in posts]
    falls = sum(after < before for before, after in pairwise(orders))
    rises = sum(after > before for before, after in pairwise(orders))
    rows = list(reversed(posts)) if falls > rises else list(posts)
    found: list[Post] = []
    before, at = -1.0, day.date()
    for mark, post in rows:
        time = post.time
        if time is not None and len(time) == 5:
            if mark.order < before:
                at += timedelta(days=1)
            before = mark.order
            time = f"{at.isoformat()}T{time}:00"
        if post.texts:
            found.append(replace(post, time=time))
    return found


def posts_to_blocks(posts: Sequence[Post], origin: str) -> tuple[Block, ...]:
    """Posts as blocks: the heading of each, then its paragraphs; all of them know their time and author."""
    return tuple(
        Block(text=text, role=role, origin=origin, time=post.time, author=post.author)
        for post in posts
        for role, text in (
            *(((Role.HEADING, post.title),) if post.title else ()),
            *((Role.BODY, text) for text in post.texts),
        )
    )


def united(first: Sequence[Post], second: Sequence[Post]) -> tuple[Post, ...]:
    """The posts of two witnesses, each once, in the order of their times where all have one."""
    known = [post.letters for post in first]
    more = [
        post
        for post in second
        if post.letters and not any(post.letters[:80] in one or one[:80] in post.letters for one in known)
    ]
    if not more:
        return tuple(first)
    posts = [*first, *more]
    if all(post.time for post in posts):
        posts.sort(key=lambda post: order_of(post.time or ""))
    return tuple(posts)
