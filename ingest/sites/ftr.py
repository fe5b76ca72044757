"""Site files of other readers (FiveFilters' Full-Text RSS, wallabag, Instapaper before them): lines of `key: value`.

The format is described at https://help.fivefilters.org/full-text-rss/site-patterns.html. What concerns other programs'
ways of fetching and parsing has no effect here; headers are not sent, for newsmill says who it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.model import SiteRule
from ingest.sites.file import SiteFile, usable, versioned
from ingest.xpath import checked, literal

_LINE: Final = re.compile(r"\s*(?P<key>[A-Za-z_]+)\s*(?:\((?P<of>.*?)\))?\s*:(?P<value>.*)", re.DOTALL)
_EXPRESSIONS: Final = ("title", "body", "author", "date", "strip", "dissolve", "next_page_link", "single_page_link")
_NAMES: Final = ("strip_id_or_class", "strip_image_src")
_READ_AS: Final = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p"})
_NO_EFFECT: Final = frozenset({
    "autodetect_on_failure", "convert_double_br_tags", "footnotes", "http_header", "if_page_contains",
    "insert_detected_image", "login_extra_fields", "login_password_field", "login_uri", "login_username_field",
    "move_into", "native_ad_clue", "not_logged_in_xpath", "parser", "post_strip_attr", "prune", "requires_login",
    "single_page_link_in_feed", "skip_id_or_class", "skip_json_ld", "src_lazy_load_attr",
    "strip_attr", "strip_comments", "test_contains", "tidy",
})  # fmt: skip
KEYS: Final = frozenset({*_EXPRESSIONS, *_NAMES, *_NO_EFFECT, "find_string", "replace_string", "test_url", "wrap_in"})
"""All keys of the format."""


def read_ftr(text: str, host: str) -> SiteFile:
    """Read the file of a site; whatever stands in it, there is a rule, of what can be used."""
    said = _Said()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            said.add(number, line.strip())
    said.problems += [f"find_string: {one[:120]!r}: no replace_string follows" for one in said.finds]
    good = {key: usable(said.values[key], checked, said.problems) for key in _EXPRESSIONS}
    rule = SiteRule(
        host=host,
        version="",
        body=good["body"],
        title=good["title"],
        author=good["author"],
        date=good["date"],
        strip=(*good["strip"], *usable(_by_name(said.values), checked, said.problems)),
        dissolve=good["dissolve"],
        renders=tuple(said.renders),
        replace=tuple(said.replaces),
        next_page=good["next_page_link"],
        single_page=good["single_page_link"],
    )
    return SiteFile(
        rule=versioned(rule),
        problems=tuple(said.problems),
        unused=tuple(said.unused),
        tests=tuple(value for _, value in said.values["test_url"]),
    )


@dataclass(slots=True)
class _Said:
    """What the lines of a file say, as they are read; expressions each with the place that they stand at."""

    values: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: {key: [] for key in KEYS})
    finds: list[str] = field(default_factory=list)
    replaces: list[tuple[str, str]] = field(default_factory=list)
    renders: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def add(self, number: int, line: str) -> None:
        """Read a line."""
        found = _LINE.match(line)
        key, of, value = (found["key"].lower(), found["of"], found["value"].strip()) if found else ("", None, "")
        where = f"line {number}: {key}"
        if key not in KEYS:
            self.unused.append(f"line {number}: {line[:60]}")
        elif key in ("find_string", "replace_string"):
            self._change(key, of, value, where)
        elif key == "wrap_in" and of in _READ_AS:
            self.renders += [(of, one) for one in usable([(where, value)], checked, self.problems)]
        elif key in _NO_EFFECT or key == "wrap_in" or not (_bare(value) if key in _NAMES else value):
            self.unused.append(where)
        else:
            self.values[key].append((where, value))

    def _change(self, key: str, of: str | None, value: str, where: str) -> None:
        if of is not None:
            self.replaces.append((of, value))
        elif key == "find_string":
            self.finds.append(value)
        elif self.finds:
            self.replaces.append((self.finds.pop(0), value))
        else:
            self.problems.append(f"{where}: {value[:120]!r}: no find_string stands before it")


def _by_name(said: dict[str, list[tuple[str, str]]]) -> Sequence[tuple[str, str]]:
    """What is stripped by a part of its name, or of the address of a picture, as XPath."""
    named = [(where, literal(_bare(value))) for where, value in said["strip_id_or_class"]]
    pictures = [(where, literal(_bare(value))) for where, value in said["strip_image_src"]]
    return (
        *((where, f"//*[contains(@class, {one}) or contains(@id, {one})]") for where, one in named),
        *((where, f"//img[contains(@src, {one})]") for where, one in pictures),
    )


def _bare(value: str) -> str:
    return value.strip("'\"")
