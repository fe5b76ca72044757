"""XPath and CSS that people write: translated, checked before they are used, and compiled once.

Only XPath 1.0 without extensions is taken: no regular expressions, which can be made to run for ever. What would look
through the whole page for each element, and again for each of those, is refused; what is left costs seconds on the
largest page, and the deadline of workers stands behind it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPath, XPathError
from lxml.html import HtmlElement, fromstring

from ingest.errors import InputError

_LONGEST: Final = 2_000
_DEEPEST: Final = 2  # times that the page is looked through for each place of it
_STRINGS: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALLS: Final = re.compile(r"(?<![\w.-])([A-Za-z_][\w.-]*+(?::[A-Za-z_][\w.-]*+)?)\s*+\(")
# Predicates, unions, and what looks through the whole page: `//` at the start of a path, and two axes.
_WIDE: Final = re.compile(r"[\[\]|]|(?<![\w\])*.'\s])\s*//|^\s*//|\b(?:following|preceding)\s*::")
_KNOWN: Final = frozenset({
    "and", "boolean", "ceiling", "comment", "concat", "contains", "count", "div", "false", "floor", "id", "lang",
    "last", "local-name", "mod", "name", "namespace-uri", "node", "normalize-space", "not", "number", "or", "position",
    "processing-instruction", "round", "starts-with", "string", "string-length", "substring", "substring-after",
    "substring-before", "sum", "text", "translate", "true",
})  # fmt: skip
_SAMPLE: Final = fromstring("<html><body><div class='a' id='b'><p>c</p></div></body></html>")


def as_xpath(written: str) -> str:
    """Return what a person wrote as XPath: it is that from `/`, `(` or `./` on, or behind "xpath:"; else it is CSS.

    Raises:
        InputError: it is neither, or would cost too much; the message says why.
    """
    text = written.strip()
    if text.startswith("xpath:"):
        return checked(text.removeprefix("xpath:"))
    if text.startswith(("/", "(", "./")):
        return checked(text)
    try:
        return checked(HTMLTranslator().css_to_xpath(text))
    except SelectorError as error:
        raise InputError(f"no CSS selector: {error} (XPath begins with / or xpath:)") from error


def checked(text: str) -> str:
    """Return an XPath expression that can be used.

    Raises:
        InputError: it cannot be read, calls what XPath 1.0 does not have, or would cost too much.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise InputError("no XPath: nothing is written there" if not text else f"longer than {_LONGEST} characters")
    bare = _STRINGS.sub("''", text)
    unknown = [name for name in _CALLS.findall(bare) if name not in _KNOWN]
    if unknown:
        raise InputError(f"there is no {unknown[0]}() in XPath 1.0")
    if _cost(bare) > _DEEPEST:
        raise InputError("would look through the whole page for each place in it, again and again: be more exact")
    try:
        compiled(text)(_SAMPLE)
    except (XPathError, ValueError) as error:
        raise InputError(f"no XPath: {error}") from error
    return text


@lru_cache(maxsize=1 << 12)
def compiled(text: str) -> XPath:
    """Compile an expression that was checked."""
    return XPath(text, smart_strings=False)


def found_by(text: str, tree: HtmlElement) -> list[HtmlElement | str]:
    """Return what an expression finds in a page, elements and texts in their order; nothing where it fails there."""
    try:
        found = compiled(text)(tree)
    except (XPathError, ValueError):
        return []
    if isinstance(found, list):
        return [one for one in found if isinstance(one, str | HtmlElement)]
    return [found] if isinstance(found, str) and found.strip() else []


def literal(text: str) -> str:
    """Write a string in XPath, which knows no escapes."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    return "concat('" + "', \"'\", '".join(text.split("'")) + "')"


def _cost(bare: str) -> int:
    """Tell how often an expression looks through the page within one look: by paths from its root within predicates.

    `following::` and `preceding::` count wherever they stand, since each place has as many as the page.
    """
    deepest = level = 0
    around: list[int] = [0]
    for found in _WIDE.finditer(bare):
        sign = found[0].strip()
        if sign == "[":
            around.append(level)
        elif sign == "]":
            level = around.pop() if len(around) > 1 else 0
        elif sign == "|":
            level = around[-1]
        elif sign == "//":
            level = max(level, around[-1] + 1)
        else:
            level += 1
        deepest = max(deepest, level)
    return deepest
