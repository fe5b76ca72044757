"""Clusters as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.cli.passages import Pair, side_by_side
from flows.cli.screen import console, table
from storage.stats import Copy, Linked

_SHORT_ID = 12
_NARROW = 110  # characters: below this language and time of day are left out, and ids are shorter
_SHORTER_ID = 8
_MEMBERS = 20  # shown of a cluster among others
_PAIRS = 12
_LINKED = 20

_ORIGINAL = {
    "yes": "the original",
    "likely": "most likely the original",
    "no": "taken for the original, which is not certain",
}
_DUPLICATE = {"yes": "duplicate", "likely": "likely a duplicate", "no": "uncertain"}


def print_clusters(groups: Mapping[str, Sequence[Copy]], linked: Sequence[Linked]) -> None:
    """Clusters largest first, the canonical record on top of each; then what else is linked."""
    out = console()
    if not groups and not linked:
        out.print("no duplicates and no links")
    if groups:
        out.print(_members(out, groups, _MEMBERS))
    _print_linked(out, linked)


def print_cluster(groups: Mapping[str, Sequence[Copy]], linked: Sequence[Linked], pairs: Sequence[Pair]) -> None:
    """One cluster: its members, why the canonical record is it, and what each linked pair has in common."""
    out = console()
    if not groups and not linked:
        out.print("no duplicates and no links")
    if groups:
        (group,) = groups.values()
        out.print(_members(out, groups, len(group)))
        out.print(_reasons(group))
    _print_linked(out, linked)
    for pair in pairs[:_PAIRS]:
        out.print(side_by_side(pair, colour=out.is_terminal and not out.no_color))
    if len(pairs) > _PAIRS:
        out.print(f"{len(pairs) - _PAIRS} more linked pairs: --json has all of them")


def _members(out: Console, groups: Mapping[str, Sequence[Copy]], most: int) -> Table:
    narrow = out.width < _NARROW
    shown = Table(title="Duplicates", title_justify="left", title_style="bold", header_style="")
    shown.add_column("relation", no_wrap=True)
    shown.add_column("score", justify="right", no_wrap=True)
    shown.add_column("title", overflow="fold", min_width=12)
    shown.add_column("source", overflow="fold")
    if not narrow:
        shown.add_column("language")
    shown.add_column("published", no_wrap=True)
    shown.add_column("id", no_wrap=True)
    for group in groups.values():
        for copy in group[:most]:
            shown.add_row(*(escape(value) for value in _row(copy, narrow=narrow)))
        if len(group) > most:
            shown.add_row("", "", f"... and {len(group) - most} more")
        shown.add_section()
    return shown


def _row(copy: Copy, *, narrow: bool) -> list[str]:
    published = copy.published_at or ""
    return [
        copy.relation,
        "" if copy.score is None else f"{copy.score:.2f}",
        copy.title or "(no title)",
        copy.source or "",
        *([] if narrow else [copy.language]),
        published[:10] if narrow else published[:16],
        copy.record_id[: _SHORTER_ID if narrow else _SHORT_ID],
    ]


def _reasons(group: Sequence[Copy]) -> Table:
    """Who has it from whom, and by what evidence."""
    first = group[0]
    said = _ORIGINAL[first.certain]
    rows = [
        (
            copy.record_id[:_SHORT_ID],
            _DUPLICATE[copy.certain],
            "\n".join(f"{rule}: {detail}" for rule, detail in copy.evidence) or "no evidence of who was first",
        )
        for copy in group[1:]
    ]
    return table(f"{first.record_id[:_SHORT_ID]} is {said}", ("id", "is a", "because"), rows)


def _print_linked(out: Console, linked: Sequence[Linked]) -> None:
    """Each link in two rows: what one record is to the one below it."""
    if not linked:
        return
    narrow = out.width < _NARROW
    shown = Table(title="Linked, not duplicates", title_justify="left", title_style="bold", header_style="")
    shown.add_column("id", no_wrap=True)
    shown.add_column("title", overflow="fold", min_width=12)
    shown.add_column("relation", no_wrap=True)
    for name in ("score", "overlap", "conflicts"):
        shown.add_column(name, justify="right", no_wrap=True)
    for one in linked[:_LINKED]:
        numbers = (f"{one.score:.2f}", f"{one.overlap:.0%}", str(one.conflicts or ""))
        a, b = (key[: _SHORTER_ID if narrow else _SHORT_ID] for key in (one.a, one.b))
        shown.add_row(a, escape(one.title_a), one.relation, *numbers)
        shown.add_row(b, escape(one.title_b))
        shown.add_section()
    out.print(shown)
    if len(linked) > _LINKED:
        out.print(f"{len(linked) - _LINKED:,} more links: --json has all of them")
