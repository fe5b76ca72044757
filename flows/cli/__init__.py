"""The command line. A module has the name of its command; `run` holds `retry` too, and `look` holds `show` and `stats`.

    app         all commands, in order                    options     options that several commands have
    screen      progress, tables, the end of a run        record      a record for people: `show`
    clusters    clusters for people: `duplicates`         passages    what two records share: `duplicates`
    new_source  `sources add`                         opml        `sources import`, `sources export`

What a command calls is imported when it runs: `newsmill --help` answers at once, so no heavy library is imported here
(a test watches over it).
"""

from __future__ import annotations

import sys
from contextlib import nullcontext

from flows.stop import stoppable
from ingest.errors import ConfigError, InputError, NewsmillError


def main() -> None:
    """Run the command line; a broken world is one line on standard error and an exit status.

    0: the run did its work. 1: something failed. 2: wrong usage or configuration. 130, 143: told to stop.
    """
    try:
        # `browse` has nothing to go on with: it answers the last requests, and ends.
        with nullcontext() if sys.argv[1:2] == ["browse"] else stoppable():
            from flows.cli.app import app

            app()
    except NewsmillError as error:
        if "-v" in sys.argv or "--verbose" in sys.argv:
            raise
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the command line's own output
        sys.exit(2 if isinstance(error, ConfigError | InputError) else 1)
