"""What an origin says of the use of its pages: robots.txt by groups for others and signals for all, tdmrep.json."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from protego import Protego

from ingest.rights import RESERVED, Said, Stated, kinds_of, read_signal, read_tdmrep

_RULES = ("allow", "disallow")
_SIGNALS = ("content-signal", "content-usage")
_MOST_GROUPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A group that names agents of a known kind, as (kind, agent), and its rules."""

    kinds: Sequence[tuple[str, str]]
    rules: Protego


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an origin says: `signals` of all its pages, groups of some; `tdmrep` is its tdmrep.json, if it was read."""

    groups: Sequence[_Group] = ()
    signals: Sequence[Said] = ()
    tdmrep: bytes = b""

    def of(self, url: str) -> Iterator[Stated]:
        """What is said of a page, and in which file."""
        for said in self.signals:
            yield "robots.txt", said
        forbidden = [name for group in self.groups if not group.rules.can_fetch(url, "*") for name in group.kinds]
        for kind in sorted({kind for kind, _ in forbidden}):
            agents = dict.fromkeys(agent for one, agent in forbidden if one == kind)
            yield "robots.txt", (kind, RESERVED, f"disallow: {', '.join(agents)}")
        for said in read_tdmrep(self.tdmrep, url):
            yield "tdmrep.json", said


def read_terms(text: str) -> Terms:
    """Read a robots.txt for what it says to others.

    Each group is parsed once, whatever agents it names: kept for each of them, a crowd of rules would cost minutes.
    """
    groups: list[_Group] = []
    signals: list[Said] = []
    for agents, lines in _groups(text):
        kinds = [(kind, agent) for agent in dict.fromkeys(agents) for kind in kinds_of(agent)]
        rules = [f"{field}: {value}" for field, value in lines if field in _RULES]
        if kinds and any(line.startswith("disallow") for line in rules) and len(groups) < _MOST_GROUPS:
            groups.append(_Group(kinds=kinds, rules=Protego.parse("\n".join(["User-agent: *", *rules]))))
        if "*" in agents or not agents:
            signals += [said for field, value in lines if field in _SIGNALS for said in read_signal(field, value)]
    return Terms(groups=groups, signals=tuple(dict.fromkeys(signals)))


def _groups(text: str) -> Iterator[tuple[list[str], list[tuple[str, str]]]]:
    """The groups of a robots.txt (RFC 9309, 2.2): the agents, and the fields below; what stands before, for nobody."""
    agents: list[str] = []
    lines: list[tuple[str, str]] = []
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        field, value = name.strip().lower(), value.strip()
        if field.replace("-", "") == "useragent":
            if lines:
                yield agents, lines
                agents, lines = [], []
            agents.append(value.split("/")[0].strip().lower())
        elif field in _RULES + _SIGNALS:
            lines.append((field, value))
    yield agents, lines
