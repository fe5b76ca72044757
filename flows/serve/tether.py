"""A process ends when the one that started it is gone, whatever way that went: kill -9 leaves no time to say goodbye.

The starter holds the other end of standard input, and the system closes it with the starter. The server, which is not
ours, is started through this module: `python -m flows.serve.tether MODULE ARGUMENTS`.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

# Set for the processes of runs that `newsmill serve` starts, not for those of a worker: these may outlive it.
VARIABLE = "_NEWSMILL_TETHERED"


def tether() -> None:
    """From now on end with the process that started this one, and take along all that was started in our group."""
    threading.Thread(target=_wait, args=(sys.stdin.fileno(),), name="newsmill-tether", daemon=True).start()


def _wait(inherited: int) -> None:
    while os.read(inherited, 1):
        pass
    # Nobody is left to be told of an orderly end, and what is worth keeping is committed.
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    tether()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
