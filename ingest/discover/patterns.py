"""Patterns of addresses: what a source includes and excludes.

A pattern is a glob over the whole URL, in which `*` stands for any text ("https://example.org/sport/*"), or with "re:"
before it a regular expression that is searched for ("re:/\\d{4}/"). Addresses come from others, so no pattern may be
one that a long address can keep busy for hours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

MAX_URL = 1_000
"""Longer addresses match no pattern."""

_REGEX = "re:"
_MAX_PATTERN = 500

Match = Callable[[str], bool]


def compile_pattern(pattern: str) -> Match:
    """A function that tells whether a URL matches. Escaped letters (%D0%BF) match as such and as what they stand for.

    Raises:
        ValueError: the pattern is empty, too long, no regular expression, or one that may take for ever.
    """
    if not pattern.removeprefix(_REGEX).strip():
        raise ValueError("an empty pattern matches nothing: leave it out")
    if len(pattern) > _MAX_PATTERN:
        raise ValueError(f"a pattern has at most {_MAX_PATTERN} characters")
    if not pattern.startswith(_REGEX):
        parts = pattern.split("*")
        return lambda url: any(_globs(parts, form) for form in _forms(url))
    expression = pattern.removeprefix(_REGEX)
    try:
        searched = re.compile(expression)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    if _may_explode(expression):
        raise ValueError(
            f"{pattern!r} repeats a group that repeats or chooses, like (a+)+ or (a|b)*: such an expression can take"
            " for ever; write it without the outer repetition, or as two patterns"
        )
    return lambda url: any(searched.search(form) is not None for form in _forms(url))


def selects(url: str, include: Sequence[Match], exclude: Sequence[Match]) -> bool:
    """Whether a URL matches one of `include`, if there are any, and none of `exclude`."""
    if (include or exclude) and len(url) > MAX_URL:
        return False
    return (not include or any(match(url) for match in include)) and not any(match(url) for match in exclude)


def _forms(url: str) -> tuple[str, ...]:
    plain = unquote(url)
    return (url,) if plain == url else (url, plain)


def _globs(parts: Sequence[str], url: str) -> bool:
    """Whether the parts between the asterisks follow one another in a URL; in linear time, unlike `.*a.*b.*`."""
    if len(parts) == 1:
        return url == parts[0]
    first, *middle, last = parts
    if not url.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = url.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(url) - at >= len(last) and url.endswith(last)


def _may_explode(expression: str) -> bool:
    """Whether a group that is repeated holds a repetition or a choice, or the expression refers back to a group."""
    groups = [False]
    for token in re.finditer(r"\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P=|[\s\S]", expression):
        text = token.group()
        after = expression[token.end() : token.end() + 1]
        if text == "(?P=" or re.fullmatch(r"\\[1-9]", text):
            return True
        if text == "(":
            groups.append(False)
        elif text == ")" and len(groups) > 1:
            inner = groups.pop()
            if inner and after in ("*", "+", "{"):
                return True
            groups[-1] = groups[-1] or inner
        elif text in ("*", "+", "{", "|"):
            groups[-1] = True
    return False
