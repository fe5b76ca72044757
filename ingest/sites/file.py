"""What a file about a site comes to: its rule, and what of it could not be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import blake2b

from ingest.errors import InputError
from ingest.model import SiteRule


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """The rule of a site. `problems` are what is wrong in its file, `unused` what is not done here, `tests` addresses.

    What is wrong is left out: the rest of the file holds.
    """

    rule: SiteRule
    problems: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def versioned(rule: SiteRule) -> SiteRule:
    """Give a rule the digest of all that it says, by which a changed one is known; comments change nothing."""
    said = repr(astuple(replace(rule, version="")))
    return replace(rule, version=blake2b(said.encode(), digest_size=4).hexdigest())


def usable(written: Iterable[tuple[str, str]], read: Callable[[str], str], problems: list[str]) -> tuple[str, ...]:
    """Read expressions, each beside what it is called, as far as they can be used; what is wrong is noted."""
    good: list[str] = []
    for name, one in written:
        try:
            good.append(read(one))
        except InputError as error:
            problems.append(f"{name}: {one.strip()[:120]!r}: {error}")
    return tuple(good)


def named(name: str, several: Sequence[str]) -> list[tuple[str, str]]:
    """Pair each of some expressions with the name of their key."""
    return [(name, one) for one in several]
