"""The command line. Each module holds the commands of one topic; what they call is imported when a command runs.

`newsmill --help` answers at once, so no heavy library is imported here (a test watches over it).
"""

from __future__ import annotations

import sys

from flows.cli.app import app
from ingest.errors import ConfigError, InputError, NewsmillError


def main() -> None:
    """Run the command line; a broken world is one line on standard error and an exit status.

    0: the run did its work. 1: something failed. 2: wrong usage or configuration. 130: interrupted.
    """
    try:
        app()
    except NewsmillError as error:
        if "-v" in sys.argv or "--verbose" in sys.argv:
            raise
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the command line's own output
        sys.exit(2 if isinstance(error, ConfigError | InputError) else 1)
    except KeyboardInterrupt:
        print("interrupted: what was committed is safe, and the next run goes on from there", file=sys.stderr)  # noqa: T201
        sys.exit(130)
