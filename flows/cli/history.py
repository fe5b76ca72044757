"""`newsmill history`: what an article said when, and what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.look import find
from flows.cli.options import AsJson, Config, Database, Verbose, settings_for

if TYPE_CHECKING:
    from storage.versions import Stored


def history(
    key: Annotated[str, typer.Argument(metavar="KEY|URL", help="The record.", show_default=False)],
    diff: Annotated[bool, typer.Option("--diff", help="Show what has changed, sentence by sentence.")] = False,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show the versions of an article, and what changed.

    Example: newsmill history 3fa94c --diff
    """
    from flows.cli.screen import console
    from flows.versions import all_changes, version_values
    from storage.store import Store
    from storage.versions import read_versions

    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url, must_exist=True) as store, store.reading() as tx:
        key = find(tx, key)
        known = read_versions(tx, key)
    if as_json:
        typer.echo(json.dumps({"id": key, "versions": version_values(known, diff=diff)}, ensure_ascii=False))
        return
    kinds = {later.number: told for later, told in all_changes(known)}
    for line in _lines(known, kinds, with_diff=diff):
        console().print(line, markup=False, soft_wrap=True)


def _lines(known: Sequence[Stored], kinds: dict[int, Any], *, with_diff: bool) -> Iterator[str]:
    from flows.versions import steps_of

    steps = {one.number: before for one, before in steps_of(known)}
    for one in known:
        size = "no text" if one.text is None else f"{len(one.text):,} characters"
        change = ", ".join(kinds.get(one.number, ())) or "first"
        yield f"{one.number}  {one.captured_at[:19].replace('T', ' ')}Z  {change}  {size}  {one.title or ''}".rstrip()
        if with_diff and one.number in steps:
            yield from _diff_lines(steps[one.number], one)
    if known and known[-1].gone:
        yield "withdrawn: the last known text is kept"


def _diff_lines(before: Stored, later: Stored) -> Iterator[str]:
    """The sentences that differ; words that only one of them has in brackets: [-gone-], {+come+}."""
    from flows.versions import differences

    found = differences(before, later)
    pairs = [found["title"]] if found["title"] else []
    for old, new in [*pairs, *found["sentences"]]:
        marked = _marked(old or "", new or "", later.language)
        if old:
            yield f"   - {marked[0]}"
        if new:
            yield f"   + {marked[1]}"


def _marked(old: str, new: str, language: str) -> tuple[str, str]:
    from flows.versions import word_runs

    left, right = word_runs(old, new, language)
    return _joined(left, "[-{}-]"), _joined(right, "{{+{}+}}")


def _joined(runs: Sequence[tuple[str, bool]], mark: str) -> str:
    return "".join(text if same else mark.format(text) for text, same in runs)
