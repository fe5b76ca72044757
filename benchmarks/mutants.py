"""Which rows of the tables of words, and which bounds of the guard, can be changed without a test that fails.

    python benchmarks/all.py mutants            a row for each table: the share that survives
    python benchmarks/mutants.py [--list]       the same, with the names of those that survive

One at a time: a zone is moved by an hour; a month, a day, a unit or a number is taken for the next; a phrase of a rule
is left out; a word of by-lines, of citing or of lines is taken out of all languages; a bound of `ingest.clean.guard` is
doubled and halved. Then the checks that stand for the table run in this process: of words those whose line holds the
word. It takes some minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.results import ROOT, Row, Scope

MOST_SURVIVORS = 0.05
_GUARDED = (
    "test_the_guard_keeps_to_its_bounds",
    "test_what_is_improbable_goes_within_bounds",
    "test_a_menu_goes_from_beside_the_shortest_text",
)

Mutant = tuple[str, bool]  # its name, and whether it survives


def zones() -> Iterator[Mutant]:
    """Each zone an hour further east."""
    from ingest.lang.zones import ZONES

    checks = list(_cases("test_lang_dates", "test_zones_are_where_they_are"))
    for name, minutes in list(ZONES.items()):
        ZONES[name] = minutes + 60
        yield name, _survives(checks)
        ZONES[name] = minutes


def words_of_dates() -> Iterator[tuple[str, Mutant]]:
    """Each word of dates with another meaning, under its table."""
    from ingest.lang.vocabulary import key_of, vocabulary

    phrases = import_module("support.phrases")
    lines = [one for code in phrases.CODES for one in phrases.told(code)]
    lines += [one for code in phrases.LOCALES for one in phrases.of_calendar(code)]
    keyed = [(key_of(one.line), one) for one in lines]
    for word, means in vocabulary().items():
        asked = [one for line, one in keyed if word in line]
        for table, numbers in (("months", means.months), ("units", means.units)):
            for number, languages in list(numbers.items()):
                for language in sorted(languages):
                    with _moved(numbers, number, language):
                        yield table, (f"{language} {word}", _survives([partial(_hold, asked)]))
        for letter, table in (("D", "relative days"), ("n", "numbers")):
            if letter in means.kinds:
                means.kinds[letter] += 1
                _forget()
                yield table, (word, _survives([partial(_hold, asked)]))
                means.kinds[letter] -= 1
    _forget()


def rules() -> Iterator[Mutant]:
    """Each phrase of each rule left out."""
    from ingest.lang.lexicon import tables

    phrases = import_module("support.phrases")
    for code, table in tables("rules").items():
        for rule in table:
            for row in range(phrases.count_of_rows(code, rule)):
                yield f"{code} {rule} {row}", code not in phrases.CODES or not phrases.untold(code, rule, row)


def words() -> Iterator[tuple[str, Mutant]]:
    """Each word of by-lines, of citing and of lines left out of all languages, under its table."""
    from ingest.lang.lexicon import languages

    told = import_module("support.meanings")
    lines: dict[tuple[str, str, str], list[Any]] = {
        row: [] for code in (*languages(), "und") for row in told.rows_of(code)
    }
    for code in told.CODES:
        for one in told.meanings(code):
            lines.setdefault((one.section, one.key, one.row), []).append(one)
    for (section, key, row), asked in lines.items():
        with told.without(section, key, row):
            yield section, (f"{key} {row}", _survives([partial(_hold, asked)]))


def bounds() -> Iterator[Mutant]:
    """Each bound of the guard doubled and halved."""
    guard = import_module("ingest.clean.guard")
    checks = [case for name in _GUARDED for case in _cases("test_clean", name)]
    for name, value in list(vars(guard).items()):
        if isinstance(value, int | float) and not isinstance(value, bool) and name.isupper():
            for factor in (2, 0.5):
                setattr(guard, name, value * factor)
                yield f"{name} x {factor}", _survives(checks)
            setattr(guard, name, value)


def tables_of_mutants() -> dict[str, dict[str, bool]]:
    """All mutants by table, each with whether it survives."""
    for folder in (ROOT / "tests", ROOT / "tests" / "unit"):
        sys.path.insert(0, str(folder))
    found: dict[str, dict[str, bool]] = {"zones": dict(zones())}
    for table, (name, alive) in (*words_of_dates(), *words()):
        found.setdefault(table, {})[name] = alive
    return found | {"rules": dict(rules()), "bounds of the guard": dict(bounds())}


def rows(_scope: Scope) -> Iterator[Row]:
    """The share of survivors of each table."""
    for table, mutants in tables_of_mutants().items():
        share = sum(mutants.values()) / len(mutants)
        yield Row(
            name=f"Survivors: {table}", value=share, on=f"{len(mutants)} mutants", higher=False, goal=MOST_SURVIVORS
        )


def _cases(module: str, name: str) -> Iterator[Callable[[], None]]:
    """The cases of a test, each as a call without arguments."""
    test = getattr(import_module(module), name)
    for mark in getattr(test, "pytestmark", ()):
        for values in mark.args[1]:
            yield partial(test, **dict(zip(mark.args[0], values, strict=True)))
    if not hasattr(test, "pytestmark"):
        yield test


def _survives(checks: Sequence[Callable[[], Any]]) -> bool:
    try:
        for check in checks:
            check()
    except Exception:  # noqa: BLE001 - whatever a check raises, it has noticed
        return False
    return True


def _hold(lines: Sequence[Any]) -> None:
    if not all(one.holds for one in lines):
        raise AssertionError


@contextmanager
def _moved(numbers: dict[int, set[str]], number: int, language: str) -> Iterator[None]:
    """A word that in one language is another month, or another unit."""
    before = {one: set(languages) for one, languages in numbers.items()}
    other = number + 1 if number not in (12, 112) else number - 11
    numbers[number].discard(language)
    if not numbers[number]:
        del numbers[number]
    numbers.setdefault(other, set()).add(language)
    _forget()
    yield
    numbers.clear()
    numbers.update(before)


def _forget() -> None:
    from ingest.lang.scan import scan

    scan.cache_clear()


def main() -> int:
    """Print how many mutants of each table survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name those that survive")
    options = parser.parse_args()
    for table, mutants in tables_of_mutants().items():
        alive = [name for name, lives in mutants.items() if lives]
        print(f"{table:20} {len(alive):5} of {len(mutants):5} survive ({len(alive) / len(mutants):.1%})")
        if options.list:
            print(*(f"    {name}" for name in alive), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
