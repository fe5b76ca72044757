"""What a text was found to say of itself in the lines that were taken out of it: facts, typed, for later stages.

Whoever takes a line out says what fact is in it. The residue says the same for people, and no stage reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from ingest.value import Value


class Signer(StrEnum):
    """Whom a by-line names, by its words and its place."""

    PEOPLE = "people"
    ORGANISATION = "organisation"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Value):
    """A by-line: the line as it stood, and the names in it, "" where they stand on another line."""

    text: str
    names: str
    signer: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate(Value):
    """A line that says when: as it stood, what stands behind its label, and whether it is labelled as a change."""

    text: str
    date: str
    is_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Value):
    """An address on a line of its own. `is_last`: what was taken out below it belongs below a text."""

    text: str
    url: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine(Value):
    """A line that names somebody: a source, a site, whose picture it is. `name` is "" where it only speaks of it."""

    text: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Value):
    """A line that says of the text that it is a translation, and the address of the original in it."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings(Value):
    """All facts in what was taken out of a text, each kind in reading order.

    Attributes:
        head: lines with a day beside the headline, their pieces parted by bars, on their way to the cleaner.
        signatures: by-lines, also of organisations and in initials.
        contributors: lines that name those who helped.
        dates: lines that say when.
        aggregated: times at which an aggregator took the page, above all that is about other pages.
        credits: whose the pictures are.
        captions: what stands below pictures.
        sources: lines that name where the text was first.
        site_lines: what a site says of itself.
        addresses: addresses on lines of their own.
        translators: lines that name who translated.
        notes: lines that say that the text is a translation.
        links_source: a line says "Source" and nothing else: its link led to the original.
        machine_translated: a line of the page says that a machine translated the text.
        is_offered: an offer to read on stood in the text.
    """

    head: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    contributors: tuple[str, ...] = ()
    dates: tuple[PrintedDate, ...] = ()
    aggregated: tuple[str, ...] = ()
    credits: tuple[NamedLine, ...] = ()
    captions: tuple[str, ...] = ()
    sources: tuple[NamedLine, ...] = ()
    site_lines: tuple[NamedLine, ...] = ()
    addresses: tuple[Address, ...] = ()
    translators: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    links_source: bool = False
    machine_translated: bool = False
    is_offered: bool = False

    @classmethod
    def joined(cls, every: Sequence[Findings]) -> Findings:
        """The findings of several texts, or of several stages, as those of one."""
        whole: dict[str, Any] = {one.name: one.default for one in fields(cls)}
        for findings in every:
            for name, before in whole.items():
                more = getattr(findings, name)
                whole[name] = before or more if isinstance(before, bool) else (*before, *more)
        return cls(**whole)


NOTHING_FOUND = Findings()
"""The findings of a text from which nothing was taken out."""
