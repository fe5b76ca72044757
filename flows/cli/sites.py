"""`newsmill sites`: rules for pages of one site: take them over from other readers, try them, learn them."""

from __future__ import annotations

import json
import shutil
from difflib import ndiff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.groups import Group
from flows.cli.options import AsJson, Config, Verbose, settings_for
from ingest.errors import InputError

if TYPE_CHECKING:
    from flows.settings import Settings
    from ingest.model import Page, Record
    from ingest.outcome import Rejection

_LONGEST = 100  # characters of a line

app = typer.Typer(help="Rules for pages of one site: import, test, learn them.", cls=Group, no_args_is_help=True)


@app.command("import")
def import_files(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of site files (example.org.txt, .toml).")],
    every: Annotated[bool, typer.Option("--all", help="Also those of hosts that no source is at.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check them, and say what would be taken.")] = False,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Take over site files of other readers, or newsmill's own.

    Those of ftr-site-config are copied as they are; what is there already
    stays. What cannot be used in a file is named, with -v also what has no
    effect here.
    Exit status 1 if no file could be used.

    Example: newsmill sites import ftr-site-config --dry-run
    """
    from ingest.sites.rules import read_site_file, site_files

    settings = settings_for(config, None, verbose)
    if not folder.is_dir():
        raise InputError(f"no such folder: {folder}")
    target = settings.sites
    wanted = None if every else _hosts(config)
    taken = elsewhere = there = bad = 0
    for path in site_files(folder):
        try:
            found = read_site_file(path)
        except InputError as error:
            bad += 1
            typer.echo(f"{path.name}: {error}", err=True)
            continue
        if wanted is not None and not any(_is_of(found.rule.host, host) for host in wanted):
            elsewhere += 1
            continue
        for problem in found.problems:
            typer.echo(f"{path.name}: {problem}; left out", err=True)
        for one in found.unused if verbose else ():
            typer.echo(f"{path.name}: {one}: no effect here", err=True)
        if (target / path.name).exists():
            there += 1
            continue
        taken += 1
        if not dry_run:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.name)
    verb = "would be taken" if dry_run else "taken"
    typer.echo(
        f"{taken} files {verb} into {target}; {there} were there, {elsewhere} are of no host in sources.toml"
        f"{' (--all takes them)' if elsewhere else ''}, {bad} cannot be used"
    )
    if not (taken or there or elsewhere):
        raise typer.Exit(1)


@app.command("test")
def try_rule(
    page: Annotated[str, typer.Argument(metavar="URL|FILE", help="An address, or a saved page.")],
    file: Annotated[
        Path | None, typer.Option("--rule", metavar="FILE", help="A site file that is not in config/sites yet.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="The address that a saved page came from.")
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Read a page as always and by the rule of its site, and show both.

    Lines that only the general reading has begin with -, those that only the rule has with +. Nothing is stored.
    Exit status 1 if the rule is not used: there is none, or it finds too little.

    Example: newsmill sites test https://example.org/a-story
    """
    from dataclasses import replace

    from flows.tools import site_rules
    from ingest.pipeline import process_page
    from ingest.sites.rules import read_site_file

    settings = settings_for(config, None, verbose)
    got = _page(page, url, settings)
    found = read_site_file(file) if file is not None else None
    for problem in found.problems if found is not None else ():
        typer.echo(f"{file}: {problem}", err=True)
    ruled = replace(got, rule=found.rule) if found is not None else site_rules(settings).for_page(got)
    if ruled.rule is None:
        raise InputError(f"no rule for {got.final_url} in {settings.sites}; name a file with --rule")
    general, ours = process_page(replace(got, rule=None)), process_page(ruled)
    used = not _is_failed(ours)
    if as_json:
        told = {"url": got.final_url, "host": ruled.rule.host, "rule": ruled.rule.version, "used": used}
        typer.echo(json.dumps(told | {"general": _facts(general), "ruled": _facts(ours)}, ensure_ascii=False))
    else:
        typer.echo(_beside(general, ours))
        typer.echo(f"the rule {ruled.rule.host} {'is used' if used else 'is not used: it finds too little'}")
    if not used:
        raise typer.Exit(1)


@app.command("learn")
def learn(
    pages: Annotated[
        list[str], typer.Argument(metavar="URL|FILE...", help="Articles of one site: addresses, or saved pages.")
    ],
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="The site, where saved pages do not name it.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the file; one that is there stays.")] = False,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Propose a rule from several pages of one site, and show it.

    What differs from page to page is taken for the article, what repeats for the frame. Look at the proposal, and try
    it with `newsmill sites test`: it is only as good as the pages are different.

    Example: newsmill sites learn https://example.org/one https://example.org/two
    """
    from ingest.sites.learn import propose
    from ingest.sites.own import as_toml
    from ingest.sites.rules import host_of_page

    settings = settings_for(config, None, verbose)
    got = [_page(one, None, settings) for one in pages]
    hosts = {host} if host else {host_of_page(one) for one in got}
    if len(hosts) != 1 or not all(hosts):
        raise InputError("the pages are not of one site; of saved pages name it with --host")
    found = propose(got)
    said = {"body": (found.body,), "strip": found.strip, "title": (found.title,) if found.title else ()}
    words = f"# From {len(got)} pages: it holds {found.held:.0%} of their own text, and is {found.own:.0%} such.\n"
    text = words + as_toml(said)
    typer.echo(text, nl=False)
    if write:
        file = settings.sites / f"{hosts.pop()}.toml"
        if file.exists():
            raise InputError(f"{file} is there already: compare them, or remove it first")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        typer.echo(f"written to {file}; try it: newsmill sites test", err=True)


def _hosts(config: Path | None) -> set[str]:
    """The hosts that sources are at."""
    from flows.orders import choose_sources
    from ingest.urls import host_of

    listed = choose_sources(config, ())
    return {host_of(address) for one in listed for address in (*one.feeds, *one.sitemaps, *one.pages)}


def _is_of(rule: str, host: str) -> bool:
    """Whether a rule is meant for a host, or for another one of the same site: feeds have hosts of their own."""
    bare = rule.removeprefix(".")
    return host == bare or host.endswith(f".{bare}") or bare.endswith(f".{host}")


def _page(page: str, url: str | None, settings: Settings) -> Page:
    from contextlib import ExitStack

    from ingest.outcome import RejectedError, Rejection
    from ingest.reading import page_of

    with ExitStack() as stack:
        fetcher = None
        if "://" in page:
            from flows.policies import fetch_policy
            from flows.stop import at_stop
            from ingest.fetch.fetcher import HttpFetcher

            fetcher = stack.enter_context(HttpFetcher(fetch_policy(settings)))
            stack.enter_context(at_stop(fetcher.abandon))
        got = page_of(page if "://" in page else Path(page), url, fetcher=fetcher)
    if isinstance(got, Rejection):
        raise RejectedError(got)
    return got


def _is_failed(made: Record | Rejection) -> bool:
    from ingest.model import RULE_FAILED, Record

    return not isinstance(made, Record) or RULE_FAILED in made.article.flags or "rule " not in _reader(made)


def _reader(made: Record) -> str:
    return made.article.provenance.extractor


def _facts(made: Record | Rejection) -> dict[str, Any]:
    from ingest.model import Record

    if not isinstance(made, Record):
        return {"reason": str(made.reason), "detail": made.detail, "lines": []}
    article = made.article
    return {
        "title": article.title,
        "authors": list(article.authors),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "flags": list(article.flags),
        "lines": [block.text for block in article.blocks],
    }


def _beside(general: Record | Rejection, ruled: Record | Rejection) -> str:
    """The facts of both readings, then their lines with signs before those that only one of them has."""
    one, other = _facts(general), _facts(ruled)
    rows = []
    for name in dict.fromkeys((*one, *other)):
        if name != "lines":
            rows += [f"{name}:", f"  general  {_shown(one.get(name))}", f"  rule     {_shown(other.get(name))}"]
    lines = [line for line in ndiff(one["lines"], other["lines"]) if not line.startswith("?")]
    letters = [sum(map(len, facts["lines"])) for facts in (one, other)]
    return "\n".join([*rows, f"characters: general {letters[0]}, rule {letters[1]}", *map(_cut, lines)])


def _shown(value: object) -> str:
    return _cut("; ".join(value) if isinstance(value, list) else str(value or "")) or "-"


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
