"""A line that is not the article, as data: what it says in each language, where it may stand, what fact is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ingest.clean.shape import Line
from ingest.lang.appeals import speaks_to_reader
from ingest.lang.words import count_words, words_of
from ingest.model import Residue

# A word may be endless ("______"), and the patterns are tried from many places: no line that a rule is for has more
# characters, addresses with all their parameters included.
_MOST_CHARACTERS = 1_000


class Place(StrEnum):
    """Where in an article a rule may apply."""

    LEAD = "lead"
    END = "end"
    EDGE = "edge"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A block that matches one of `phrases` and then `after`, as a whole, is residue under `code`.

    `name` tells rules of one code apart. `phrases` hold one pattern for each language ("*": any), in lower case and
    without a group that captures; `after` holds at most one, and what that captures is the residue's value if `check`
    is content with it. Longer blocks than `max_words` (or than 1,000 characters) never match. `opens` says that a list
    of teasers may follow. A group called `tail` holds what follows an appeal: it has to go on as one, unless the appeal
    itself has `sure_words` words.
    """

    name: str
    code: str
    phrases: Mapping[str, str]
    after: str = r"[\W_]*"
    place: Place = Place.ANYWHERE
    max_words: int = 12
    check: Callable[[str], bool] | None = None
    moved_to: str | None = None
    opens: bool = False
    sure_words: int | None = None
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        alternatives = "|".join(self.phrases.values())
        object.__setattr__(self, "pattern", re.compile(rf"[\W_]*(?:{alternatives}){self.after}"))

    def find(self, line: Line) -> Residue | None:
        """The residue that a line is by this rule, wherever it stands."""
        if line.words > self.max_words or len(line.folded) > _MOST_CHARACTERS:
            return None
        found = self.pattern.fullmatch(line.folded)
        if found is None:
            return None
        value = None
        if "tail" in self.pattern.groupindex:
            if not self._is_appeal(found):
                return None
        elif self.pattern.groups and found[1] is not None:
            value = line.text[found.start(1) : found.end(1)].strip(" \t\u00a0|,;–—")
            if self.check is not None and not self.check(value):
                return None
        return Residue(text=line.text, rule=self.code, value=value or None, moved_to=self.moved_to if value else None)

    def _is_appeal(self, found: re.Match[str]) -> bool:
        """Whether what follows an appeal is more of it: "Subscribe now, the poster read" is a sentence about one."""
        tail = found["tail"] or ""
        if not words_of(tail) or speaks_to_reader(tail):
            return True
        return self.sure_words is not None and count_words(found.string[: found.start("tail")]) >= self.sure_words

    def in_language(self, code: str) -> Rule:
        """The rule with the phrases of one language alone."""
        return replace(self, phrases={code: self.phrases[code]})


def allowed(rule: Rule, *, in_lead: bool, at_end: bool) -> bool:
    """Whether a rule may apply to a line in this place."""
    return {
        Place.ANYWHERE: True,
        Place.LEAD: in_lead,
        Place.END: at_end,
        Place.EDGE: in_lead or at_end,
    }[rule.place]
