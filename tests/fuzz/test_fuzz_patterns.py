"""No regular expression of ours can be kept busy by a text that was made for it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from inspect import getsource
from itertools import islice
from typing import Any

import pytest
from hypothesis import settings
from support.attacks import Attack, attacks
from support.fuzzing import LONG

import flows
import ingest
import storage
from ingest.clean.rules import all_rules, named
from ingest.lang import notes

LENGTH = 20_000
_PROBE = 2_000
# What is linear takes a millisecond or two for 20,000 characters; what is quadratic with a step of 10 ns takes two
# seconds, and what is worse does not end. CPU time, so that a busy machine changes nothing.
_SECONDS = 1.5
_SUSPICIOUS_S = 0.003
_SHORT_RUN = 14

# What reads no more than so many characters, by where that is seen to.
_SHORT_TEXTS = {
    "ingest.attribution.attribute._handed_on": 1_000,  # of a caption of 1,000
    "ingest.attribution.datelines._before_day": 120,  # the head of an opening of 120
    "ingest.attribution.origin._OWN_SITE": 300,  # of a line's first 300
    "ingest.attribution.citations._between_days": 300,  # of a parenthesis of 300
    "ingest.attribution.citations._before_day": 300,
    "ingest.discover.articles._CODE": 2_048,  # of an address: ingest.discover.listing.absolute
    "ingest.lang.bylines._LABELLED": 1_000,  # read_byline
    "ingest.lang.bylines._NO_NAME": 1_000,
    "ingest.lang.labels._label": 1_000,
    "ingest.clean.lead._split_byline": 1_000,  # the value of a rule
    "ingest.lang.notes._any_machine": 500,
    "ingest.lang.notes._machine": 500,  # says_machine_translated
    "flows.demo.corpus.LINK": 1_000,  # a paragraph of the demo's own articles
}
# What reads texts in which runs of white space have become one space (`check` in test_fuzz_pages.py).
_SQUEEZED = (
    "ingest.attribution.",
    "ingest.clean.",
    "ingest.extract.names.",
    "ingest.extract.bylines.",
    "ingest.lang.",
    "ingest.extract.head.",
    "ingest.discover.pages.",
    "ingest.language.",
)
# Used by the name of a loop's variable.
_USED_IN_LOOPS = {"_SESSION_IDS": "match"}


class TooSlowError(Exception):
    """A pattern is not done in time."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlowError where the block uses more CPU time; the matcher of `re` looks for signals as it goes."""

    def stop(_number: int, _frame: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def modules() -> Iterator[Any]:
    """All modules of ours, migrations aside."""
    for package in (ingest, storage, flows):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                yield importlib.import_module(module.name)


def compiled(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns in a constant: itself, the one whose method it is, those of a rule or in a collection."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(getattr(value, "__self__", None), re.Pattern):
        yield f"{name}.{value.__name__}", value.__self__
    elif isinstance(getattr(value, "pattern", None), re.Pattern):
        yield f"{name}({getattr(value, 'name', '')})", value.pattern
    elif depth < 4 and isinstance(value, tuple | list | frozenset | set):
        for number, one in enumerate(sorted(value, key=repr) if isinstance(value, frozenset | set) else value):
            yield from compiled(f"{name}[{number}]", one, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for key, one in value.items():
            yield from compiled(f"{name}[{key}]", one, depth + 1)


def written(module: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns that a module gives to functions like `re.sub` as they are."""
    for node in ast.walk(ast.parse(getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            called = node.func
            in_re = isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr != "compile"
            if in_re and isinstance(first, ast.Constant):
                yield f"{module.__name__}:{node.lineno}.{called.attr}", re.compile(first.value)


def of_lexicon() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns that are made of the lexicon when they are first used."""
    for rule in all_rules():
        phrases = "|".join(map(named, rule.phrases.values()))
        yield f"ingest.clean.rules.RULES[{rule.name}]", re.compile(rf"[\W_]*(?:{phrases}){named(rule.after)}")
    for module in modules():
        for name, made in vars(module).items():
            is_made_once = hasattr(made, "cache_info") and getattr(made, "__module__", "") == module.__name__
            if is_made_once and made.__annotations__ == {"return": "re.Pattern[str]"}:
                yield f"{module.__name__}.{name}", made()
    for number, trailer in enumerate(notes._trailers()):
        yield f"ingest.lang.notes.RULES[{number}]", trailer.pattern


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """All patterns by name, each once."""
    found: dict[str, re.Pattern[Any]] = {}
    seen: set[tuple[Any, int]] = set()
    for module in modules():
        constants = (
            one for name, value in vars(module).items() for one in compiled(f"{module.__name__}.{name}", value)
        )
        for name, pattern in (*constants, *written(module)):
            if (pattern.pattern, pattern.flags) not in seen:
                seen.add((pattern.pattern, pattern.flags))
                found[name] = pattern
    return found | dict(of_lexicon())


@cache
def source_of(name: str) -> str:
    """The code that uses a constant: its module, or all of ours where others may."""
    if name.rpartition(".")[2].startswith("_"):
        return getsource(importlib.import_module(name.rpartition(".")[0]))
    return "\n".join(getsource(module) for module in modules())


def method_of(name: str) -> str:
    """How a pattern is used: "fullmatch" or "match" if in no other way, else "search"."""
    if (said := name.rpartition(".")[2]) in ("fullmatch", "match"):
        return said
    constant = re.split(r"[\[(]", name)[0]
    short = constant.rpartition(".")[2]
    if short.startswith("RULES"):
        return "fullmatch"
    if ":" in name:
        return "search"
    if short in _USED_IN_LOOPS:
        return _USED_IN_LOOPS[short]
    used = set(re.findall(rf"\b{re.escape(short)}(?:\[[^\]]*\]|\(\))?\.(\w+)\b", source_of(constant)))
    return next((one for one in ("fullmatch", "match") if used and used <= {"fullmatch", one}), "search")


def run(name: str, pattern: re.Pattern[Any], text: str) -> float:
    """Use a pattern on a text as it is used; CPU seconds."""
    subject: Any = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    method = method_of(name)
    start = time.thread_time()
    with cpu_limit(_SECONDS):
        if method == "search":
            for _ in pattern.finditer(subject):
                pass
        else:
            getattr(pattern, method)(subject)
    return time.thread_time() - start


def text_of(name: str, attack: Attack, length: int) -> str:
    """The attack as it can reach a pattern."""
    limit = (
        420
        if name.startswith("ingest.lang.notes.RULES")
        else 1_000
        if ".RULES" in name
        else _SHORT_TEXTS.get(name, length)
    )
    text = attack.of(min(length, limit))[:limit]
    return " ".join(text.split()) if name.startswith(_SQUEEZED) else text


def chosen(pattern: re.Pattern[Any]) -> tuple[Attack, ...]:
    """The attacks that are tried: all of them in the long run, some from every part of the list else."""
    found = attacks(pattern)
    step = 1 if settings.get_current_profile_name() == LONG else -(-len(found) // _SHORT_RUN)
    return tuple(islice(found, 0, None, step))


def too_slow(name: str, pattern: re.Pattern[Any]) -> Attack | None:
    """An attack that a pattern does not withstand."""
    for attack in chosen(pattern):
        try:
            if run(name, pattern, text_of(name, attack, _PROBE)) > _SUSPICIOUS_S:
                run(name, pattern, text_of(name, attack, LENGTH))
        except TooSlowError:
            return attack
    return None


PACKAGES = sorted({".".join(module.__name__.split(".")[:2]) for module in modules()})


@pytest.mark.parametrize("package", PACKAGES)
def test_no_pattern_can_be_kept_busy(package: str) -> None:
    """20,000 characters made for a pattern, or as many as it ever reads, take it no time to speak of."""
    own = {name: one for name, one in patterns().items() if re.match(rf"{re.escape(package)}\b", name)}
    slow = {name: attack for name, one in own.items() if (attack := too_slow(name, one)) is not None}
    assert slow == {}, f"rewrite so that no two repetitions can share a text, or bound what is read: {slow}"


def test_the_patterns_are_found() -> None:
    """The walk sees constants, rules, methods that were kept, and patterns that stand in calls."""
    names = set(patterns())
    assert len(names) > 250
    assert any(name.startswith("ingest.clean.") and "[byline" in name for name in names)
    assert any(name.endswith("_AGENT_LINE.fullmatch") for name in names)
    assert any(name.startswith("ingest.discover.listing:") for name in names)


@pytest.mark.parametrize("bad", [r"(a+)+b", r"(?:a|a)*b", r"\s*,?\s*x", r"(.+)-(.+)-(.+)!"])
def test_a_bad_pattern_is_noticed(bad: str) -> None:
    """The attacks find what they are for."""
    assert too_slow("bad", re.compile(bad)) is not None
