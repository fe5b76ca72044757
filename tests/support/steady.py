"""Whether tests hang on who is quicker: the same tests again and again, alone and beside busy loops.

    python tests/support/steady.py [--times N] [TEST...]     by default five times each, tests/e2e and tests/chaos

Says for each round how it ended, and at the end which tests have failed in which rounds. Exit status 1 if any has.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ("tests/e2e", "tests/chaos")
LOOPS = 2
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Repeat the tests; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, metavar="N", help="rounds of each kind")
    parser.add_argument(
        "tests", nargs="*", default=TESTS, metavar="TEST", help="files, folders or names, as for pytest"
    )
    given = parser.parse_args(arguments)
    failed: dict[str, list[str]] = {}
    for loops in (0, LOOPS):
        for number in range(1, given.times + 1):
            name = f"round {number} {f'beside {loops} busy loops' if loops else 'alone'}"
            began = time.monotonic()
            with busy(loops):
                said = repeat(given.tests)
            for test in said:
                failed.setdefault(test, []).append(name)
            print(f"{name}: {len(said)} failed, {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201 - a script that prints what it finds
    for test, rounds in sorted(failed.items()):
        print(f"{test}: {', '.join(rounds)}")  # noqa: T201
    return int(bool(failed))


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Have so many processes do nothing, as fast as they can, for the length of a `with` block."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for one in started:
            one.kill()
            one.wait()


def repeat(tests: Sequence[str]) -> list[str]:
    """Run tests once; the names of those that failed, or what pytest said where it came to no end."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-rfE", "--no-header", *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    failed = _FAILED.findall(done.stdout)
    if done.returncode and not failed:
        failed = [f"pytest: {(done.stdout + done.stderr).strip().splitlines()[-1]}"]
    return failed


if __name__ == "__main__":
    sys.exit(main())
