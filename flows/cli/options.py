"""Options that many commands share, and what they mean for the settings."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from flows.settings import Settings

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        help="Folder of settings.toml and sources.toml. [default: config]",
    ),
]
Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Database. [default: sqlite:///data/newsmill.db]"),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more; show a traceback when something breaks.")]
AsJson = Annotated[bool, typer.Option("--json", help="The last line of output is one JSON object.")]
NoTranslate = Annotated[bool, typer.Option("--no-translate", help="Leave translations pending.")]
Target = Annotated[
    str | None, typer.Option("--target", metavar="LANG", help="Language of the translations. [default: en]")
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="Only this source; may be given more than once.")
]

UrlOnly = Annotated[
    bool, typer.Option("--url-only", help="Only list the URLs that would be fetched, one a line; store nothing.")
]

# Which records.
Language = Annotated[str | None, typer.Option("--language", metavar="LANG", help="Only records in this language.")]
SourceName = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="Only records of this source, as lists show it."),
]
FirstDay = Annotated[
    datetime | None,
    typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="Only records published on this day or later."),
]
LastDay = Annotated[
    datetime | None,
    typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"], help="Only records published on this day or earlier."),
]


def settings_for(config: Path | None, db: str | None, verbose: bool, target: str | None = None) -> Settings:
    """Load the settings with what the options say, and set up logging.

    Raises:
        ConfigError: a setting or an option is wrong.
    """
    from flows.settings import load_settings

    set_up_logging(verbose)
    overrides: dict[str, dict[str, Any]] = {}
    if db is not None:
        overrides["storage"] = {"url": db}
    if target is not None:
        overrides["translate"] = {"target": target}
    return load_settings(config, **overrides)


def day(given: datetime | None) -> str | None:
    """The value of --from or --to as YYYY-MM-DD."""
    return given.date().isoformat() if given else None


def set_up_logging(verbose: bool) -> None:
    """Our own messages to standard error; those of libraries only when they are warnings and -v is given."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(message)s", stream=sys.stderr)
    for name in ("flows", "ingest", "storage"):
        logging.getLogger(name).setLevel(logging.DEBUG if verbose else logging.WARNING)
