"""A record as Markdown (CommonMark, with the tables of GitHub's): what its marks say, and nothing else. Pure.

Every character that Markdown would take for a sign of its own is escaped. Emphasis that CommonMark could not read where
it stands (between a letter and a quotation mark, say) is left out: the words count more than their weight.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from ingest.record import captions_of

Mark: TypeAlias = Mapping[str, Any]
Segment: TypeAlias = Mapping[str, Any]

_SIGNS = re.compile(r"([\\`*_\[\]<>~|&$])")
_LINE_START = re.compile(r"^([^\S\n]*)([#+=-]|\d{1,9}[.)])", re.MULTILINE)
_ITEM = re.compile(r"(?:[-*•–]|(?P<number>\d{1,3})[.)])\s+")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_EMPHASIS = {"bold": "**", "italic": "_"}
_DEEPEST = 6


def markdown(record: Mapping[str, Any], *, translated: bool = False) -> str:
    """A record as docs/record.md describes it, as a Markdown document that ends with a line break.

    Args:
        record: the record.
        translated: in the target language as far as there is a translation. Of a translated paragraph the links are
            kept: on the words that stand in it as they stood, else behind it.
    """
    whole = record["translation"]
    title = (whole["title"] if translated else None) or record["title"]
    parts = [f"# {escaped(_one_line(title))}"] if title else []
    if facts := _facts(record):
        parts.append(facts)
    segments = [_in_target(one) for one in record["segments"]] if translated else record["segments"]
    parts += _body(list(_with_images(segments, record)))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """A text that Markdown reads as the very same text."""
    safe = _LINE_START.sub(lambda found: found[1] + found[2][:-1] + "\\" + found[2][-1], _SIGNS.sub(r"\\\1", text))
    return safe.replace("\n", "\\\n")


def _facts(record: Mapping[str, Any]) -> str:
    """Who wrote it, when it was published, and where it stands."""
    known = [escaped(_one_line(", ".join(record["authors"]))), (record["published_at"] or "")[:10]]
    address = record["url"]
    if address.startswith(("http://", "https://")):
        known.append(f"[{escaped(_one_line(record['publisher'] or address))}]({_target(address)})")
    return " · ".join(part for part in known if part)


def _with_images(segments: Sequence[Segment], record: Mapping[str, Any]) -> Iterator[Segment]:
    """Segments and pictures in their order. A caption stands below its picture, and not twice."""
    images = record["images"]
    below = captions_of(record["segments"], images)
    for place in (None, *range(len(segments))):
        if place is not None and place not in below:
            yield segments[place]
        for one, caption in zip(images, below, strict=True):
            if one["after"] == place:
                words = one["caption"] if caption is None else segments[caption]["text"]
                yield {**one, "role": "image", "caption": words}


def _picture(image: Mapping[str, Any]) -> str:
    caption, credit = (escaped(_one_line(image[name] or "")) for name in ("caption", "credit"))
    below = " · ".join(filter(None, (caption, credit)))
    return f"![{caption}]({_target(image['url'])})" + (f"\n\n*{below}*" if below else "")


def _body(segments: Sequence[Segment]) -> Iterator[str]:
    """The blocks of the document: lists, tables and quotations of several segments are one."""
    together: list[Segment] = []
    for segment in (*segments, None):
        if together and (segment is None or _kind(segment) != _kind(together[0]) or _kind(segment) == "alone"):
            yield _block(together)
            together = []
        if segment is not None:
            together.append(segment)


def _kind(segment: Segment) -> str:
    if segment["role"] == "quote":
        return "quote"
    if segment["role"] != "list":
        return "alone"
    return "table" if any(one["type"] == "cell" for one in segment["marks"]) else "list"


def _block(segments: Sequence[Segment]) -> str:
    kind = _kind(segments[0])
    if kind == "table":
        return _table(segments)
    if kind == "list":
        return "\n".join(_items(segments))
    if kind == "quote":
        return "\n>\n".join("> " + _inline(one).replace("\n", "\n> ") for one in segments)
    (segment,) = segments
    if segment["role"] == "image":
        return _picture(segment)
    text = _inline(segment).strip()
    if segment["role"] == "heading":
        level = min(_DEEPEST, max(2, segment["level"] or 2))  # the title alone is of the first
        return f"{'#' * level} {_flat(text)}"
    return f"*{text}*" if segment["role"] == "caption" and not segment["marks"] else text


def _items(segments: Sequence[Segment]) -> Iterator[str]:
    """The items of a list, each below the one that it belongs to."""
    indents: list[int] = []  # of the items above, by depth
    for one in segments:
        depth = min(one["level"] or 1, len(indents) + 1)
        del indents[depth - 1 :]
        sign, text = "-", _inline(one)
        if not one["marks"] and (found := _ITEM.match(one["text"])):  # a plain text brings its own
            sign = f"{found['number']}." if found["number"] else "-"
            text = escaped(one["text"][found.end() :])
        indent = sum(indents)
        indents.append(len(sign) + 1)
        yield " " * indent + f"{sign} " + text.replace("\n", "\n" + " " * (indent + len(sign) + 1))


def _table(rows: Sequence[Segment]) -> str:
    cells = [[_flat(_inline(row, one)) for one in row["marks"] if one["type"] == "cell"] for row in rows]
    width = max(map(len, cells))
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _in_target(segment: Segment) -> Segment:
    """A segment with its translation for text, and of the marks the links that can be kept."""
    text = segment["translation"]
    if not text:
        return segment
    links = [one for one in segment["marks"] if one["type"] == "link"]
    found: list[Mark] = []
    behind: list[str] = []
    reached = 0
    for one in links:
        words = segment["text"][one["start"] : one["end"]]
        at = text.find(words, reached)
        if at >= 0 and text.count(words) == 1 and _is_apart(text, at, at + len(words)):
            reached = at + len(words)
            found.append({**one, "start": at, "end": reached})
        else:
            behind.append(f"[{escaped(_one_line(words))}]({_target(one['href'])})")
    return {**segment, "text": text, "marks": found, "behind": behind}


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether words stand in a text as words, not as part of longer ones."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _inline(segment: Segment, within: Mark | None = None) -> str:
    """The text of a segment (or a cell of it) with its links and emphasis."""
    text = segment["text"]
    start, end = (within["start"], within["end"]) if within else (0, len(text))
    marks = _nested(
        [one for one in segment["marks"] if one["type"] != "cell" and start <= one["start"] < one["end"] <= end], text
    )
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for one in marks:  # an outer one before those inside it
        sign = _EMPHASIS.get(one["type"])
        opened.setdefault(one["start"], []).append(sign or "[")
        closed.setdefault(one["end"], []).insert(0, sign or f"]({_target(one['href'])})")
    cuts = sorted({start, end, *opened, *closed})
    parts: list[str] = []
    for first, last in zip(cuts, [*cuts[1:], end], strict=True):
        parts += [*closed.get(first, ()), *opened.get(first, ())]
        part = _escaped_part(text, first, last, start)
        parts.append(f"{part[:-1]}\\!" if part.endswith("!") and last < end else part)  # "![" would be a picture
    whole = "".join(parts)
    return " ".join([whole, *(f"({one})" for one in segment.get("behind", ()))]) if within is None else whole


def _escaped_part(text: str, first: int, last: int, start: int) -> str:
    """A part of a text: what begins no line needs no escape for that."""
    part = text[first:last]
    if first == start or text[first - 1] == "\n":
        return escaped(part)
    return escaped("." + part)[1:]


def _nested(marks: Sequence[Mark], text: str) -> list[Mark]:
    """The marks that can stand together, an outer one before those inside it; a link counts more than emphasis."""
    kept: list[Mark] = []
    for one in sorted(marks, key=lambda one: (one["type"] != "link", one["start"], -one["end"])):
        around = [other for other in kept if other["start"] < one["end"] and one["start"] < other["end"]]
        stands = one["type"] == "link" or _can_stand(one, text)
        if stands and not any(other["type"] == one["type"] or _cross(one, other) for other in around):
            kept.append(one)
    return sorted(kept, key=lambda one: (one["start"], -one["end"], one["type"]))


def _cross(one: Mark, other: Mark) -> bool:
    first, second = sorted((one, other), key=lambda mark: (mark["start"], -mark["end"]))
    return bool(second["end"] > first["end"])


def _can_stand(one: Mark, text: str) -> bool:
    """Whether CommonMark reads emphasis here: its signs hug the words, and no letter stands against them outside.

    It allows more (letters outside, if a letter is inside, too); what is met nearly always is allowed here.
    """
    start, end = one["start"], one["end"]
    inner = text[start:end]
    if inner != inner.strip() or "\n" in inner:
        return False
    return _is_open(text[start - 1 : start]) and _is_open(text[end : end + 1])


def _is_open(character: str) -> bool:
    return not character or character.isspace() or unicodedata.category(character).startswith("P")


def _target(address: str) -> str:
    """An address as the target of a link."""
    safe = quote(address, safe="".join(chr(code) for code in range(33, 127) if chr(code) not in '<>()\\"`'))
    return _ENTITY.sub("&amp;", safe)


def _flat(markdown: str) -> str:
    return markdown.replace("\\\n", " ")


def _one_line(text: str) -> str:
    return " ".join(text.split())
