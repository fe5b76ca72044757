"""A flow's process ends within seconds when it is told to.

Prefect cancels a run by SIGTERM, which its handler makes an exception in the main thread; and it waits half a minute
before it kills. The exception may come late: Python runs the handler between two of its own instructions, so not while
a model translates, and the run then waits for what its threads are at, a batch of slow pages for example. All that is
worth keeping is committed, so at the signal what asks other machines is let go, the run says that it ends, and a
process that is not done soon after simply ends.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flows import stop
from flows.serve.tether import VARIABLE, tether

GRACE_S = 0.8
"""Less than `newsmill serve` waits for the processes of its runs."""


@contextmanager
def ends_when_told(grace_s: float = GRACE_S) -> Iterator[None]:
    """End this process so many seconds after SIGTERM, unless it has ended by then.

    Python's own handlers stay as they are. Outside the main thread, which alone may ask for signals, nothing is done.
    """
    if os.environ.get(VARIABLE):
        tether()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_wait, args=(heard, grace_s), name="newsmill-ending", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before, warn_on_full_buffer=False)
        told.close()


def _wait(heard: socket.socket, grace_s: float) -> None:
    """The numbers of signals come as bytes, from the interpreter itself and at once."""
    with heard:
        while numbers := heard.recv(16):
            if signal.SIGTERM in numbers:
                threading.Thread(target=lambda: list(stop.let_go()), name="newsmill-tidy", daemon=True).start()
                threading.Event().wait(grace_s)
                # No exit handlers, no waiting for threads. Status 0, for the one who told us decides how the run ended.
                os._exit(0)
