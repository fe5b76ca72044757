"""Run the installed command as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# No run in the tests takes a tenth of this; a command that hangs must not hold up the others for ever.
_PATIENCE_S = 180

NEWSMILL = str(Path(sys.executable).parent / "newsmill")


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a user with an empty home and nothing set but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSMILL_", "PREFECT_", "XDG_"))}
    return kept | {"HOME": str(home)} | settings


def newsmill(
    *arguments: str | Path, home: Path, stdin: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run `newsmill` in the folder `home`, with settings such as NEWSMILL_FETCH__DELAY_S="0"."""
    return subprocess.run(
        [NEWSMILL, *map(str, arguments)],
        cwd=home,
        env=environment(home, **settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )


def counts(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The object that --json prints as the last line."""
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found
