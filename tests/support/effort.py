"""What may not take long, whatever it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

# Each of these blocks takes a hundredth of it, or some; with the fault that its test is there for, minutes.
_MOMENT_S = 10.0


@contextmanager
def no_more_than_a_moment(seconds: float = _MOMENT_S) -> Iterator[None]:
    """Fail where the block takes long: seconds that this thread works, not those that others keep it from working."""
    began = thread_time()
    yield
    took = thread_time() - began
    assert took < seconds, f"{took:.1f} s"
