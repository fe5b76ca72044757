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
    from flows.versions import all_changes
    from storage.store import Store
    from storage.versions import read_versions

    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url, must_exist=True) as store, store.reading() as tx:
        key = find(tx, key)
        known = read_versions(tx, key)
    kinds = {later.number: told for later, told in all_changes(known)}
    if as_json:
        versions = [_object(one, kinds.get(one.number, ())) for one in known]
        for one, before in _steps(known) if diff else ():
            versions[one.number - 1]["diff"] = _differences(before, one)
        typer.echo(json.dumps({"id": key, "versions": versions}, ensure_ascii=False))
        return
    for line in _lines(known, kinds, with_diff=diff):
        console().print(line, markup=False, soft_wrap=True)


def _object(one: Stored, kinds: Sequence[str]) -> dict[str, Any]:
    return {
        "number": one.number,
        "captured_at": one.captured_at,
        "change": one.change,
        "kinds": list(kinds),
        "title": one.title,
        "characters": None if one.text is None else len(one.text),
        "text": one.text,
        "archive": None if one.file is None else {"file": one.file, "offset": one.offset},
    }


def _differences(before: Stored, later: Stored) -> dict[str, Any]:
    """What differs between two texts: titles, and pairs of sentences, ``None`` where one text has none there."""
    from flows.versions import told
    from ingest.versions import align

    pairs = [[one.before, one.after] for one in align(told(before), told(later)) if not one.same]
    return {"title": [before.title, later.title] if before.title != later.title else None, "sentences": pairs}


def _steps(known: Sequence[Stored]) -> Iterator[tuple[Stored, Stored]]:
    """Each version that has a text, and the last one before it that has one."""
    last: Stored | None = None
    for one in known:
        if not one.gone:
            if last is not None:
                yield one, last
            last = one


def _lines(known: Sequence[Stored], kinds: dict[int, Any], *, with_diff: bool) -> Iterator[str]:
    steps = {one.number: before for one, before in _steps(known)}
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
    found = _differences(before, later)
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
