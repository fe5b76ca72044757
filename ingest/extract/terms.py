"""What a page says of its use: meta elements, its licence, lines of copyright."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.declared import Declared
from ingest.extract.names import clean
from ingest.rights import STATED, Stated, kinds_of, read_directives, read_signal

_FIELDS = ("tdm-reservation", "content-usage", "content-signal")
_SIGNED = XPath("/descendant::*[not(self::script or self::style)]/text()[contains(., '©') or contains(., '(c)')]")
_COPYRIGHT = re.compile(r"^(?:copyright\s*)?(?:©|\(c\))", re.IGNORECASE)
_LINES, _LONGEST = 3, 200


def read_terms(tree: HtmlElement, declared: Declared, licence: str | None, origin: str | None) -> tuple[Stated, ...]:
    """What a parsed page says of its use; `licence` is what it names as such, found in `origin`."""
    return tuple(_terms(tree, declared, licence, origin))


def _terms(tree: HtmlElement, declared: Declared, licence: str | None, origin: str | None) -> Iterator[Stated]:
    for name, values in declared.metas.items():
        if name == "robots" or any(kinds_of(name)):
            said = [one for value in values for one in read_directives(value, None if name == "robots" else name)]
        elif name in _FIELDS:
            said = [one for value in values for one in read_signal(name, value)]
        else:
            continue
        yield from (("meta", one) for one in said)
    if licence:
        yield origin or "meta", ("licence", STATED, licence)
    lines = (clean(text) for text in _SIGNED(tree))
    for line in [one for one in lines if one and len(one) <= _LONGEST and _COPYRIGHT.match(one)][:_LINES]:
        yield "text", ("copyright", STATED, line)
