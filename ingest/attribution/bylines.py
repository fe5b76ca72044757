"""Who is named in a byline: people, organisations, and labels that are neither."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.attribution.outlets import agency_in, known
from ingest.model import Residue

_BETWEEN = re.compile(r"\s*(?:[,;|/&+•·]|\s(?:and|und|och|og|et|y|e|en|i|и|та|with|mit|med)\s)\s*", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r"^(?:(?:written|posted|story|text|words|geschrieben|skriven)\s+)?(?:by|von|av|af|par|por|door|di|da|автор|текст)\b:?\s+"
    r"|^(?:dr|prof|mr|mrs|ms)\.\s+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:web|online|news|site)\s+)?(?:editor(?:ial)?|editors|admin(?:istrator)?|staff|team|newsroom|news\s?desk|desk|author|reporter"
    r"|redaktion(?:en)?|redaktör(?:en)?|redakteur|redakcja|redacción|rédaction|redazione|redactie|редакция|редактор|админ)\b"
    r"[\s:,-]*(?P<name>.*)$",
    re.IGNORECASE,
)
_LABEL_BEHIND = re.compile(
    r"^(?P<name>.{1,100}?)[\s-]{1,3}(?:staff|team|newsroom|news\s?desk|web\s?desk|redaktion|editorial team)$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][\w.’'-]*(?:\s+[^\W\d_][\w.’'-]*){0,4}")
# What someone is, behind the name: "Ann Lee, Courier Staff Writer".
_ROLE = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|columnist|contributor|producer|redakteur(?:in)?|reporterin"
    r"|korrespondent(?:in)?|redaktör|skribent|krönikör|journalist|корреспондент|обозреватель|редактор|журналист)$",
    re.IGNORECASE,
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline names. `label` is the name beside "Editor" or "Redaktion": of a site, not of a person."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    agency: str | None = None
    initials: str | None = None
    label: str | None = None


def read_bylines(residue: Iterable[Residue]) -> Byline:
    """All that the bylines taken out of a text name, in order."""
    people: dict[str, None] = {}
    organisations: dict[str, None] = {}
    agency = initials = label = None
    for one in residue:
        value = (one.value or "").strip()
        if not value:
            continue
        if one.rule == "initials":
            initials = initials or value
            agency = agency or agency_in(value)
        elif one.rule == "byline_organisation":
            agency = agency or agency_in(value)
            label = label or label_of(value)
            if label_of(value) is None:
                organisations[value] = None
        elif one.rule == "byline":
            label = label or label_of(value)
            agency = agency or agency_in(value)
            people |= dict.fromkeys(_people_in(value))
    return Byline(tuple(people), tuple(organisations), agency, initials, label)


def _people_in(value: str) -> list[str]:
    """The people in a byline as printed: "Ann Lee and Bo Ek"; not agencies, outlets or labels."""
    if label_of(value) is not None:
        return []
    bare = (_BEFORE_NAME.sub("", part.strip()).strip(" .,:()") for part in _BETWEEN.split(value))
    return [name for name in bare if is_person(name)]


def is_person(name: str) -> bool:
    """Whether a name in a byline may be a person's."""
    return (
        2 < len(name) <= _LONGEST
        and _PERSON.fullmatch(name) is not None
        and name[0].isupper()
        and not (name.isupper() and " " not in name)
        and known(name) is None
        and label_of(name) is None
        and _ROLE.search(name) is None
    )


def label_of(value: str) -> str | None:
    """The name in a label ("Editor TLN": "TLN"), "" for a bare one ("Redaktion"), ``None`` where it is no label."""
    if len(value) > _LONGEST:
        return None
    match = _LABEL.match(value.strip()) or _LABEL_BEHIND.match(value.strip())
    if match is None:
        return None
    # "Editor Ann Lee" is a person with a role: two capitalised words that are not shouted.
    name = match["name"].strip(" .,")
    words = name.split()
    if len(words) == 2 and match.re is _LABEL and all(word[0].isupper() and word[1:].islower() for word in words):
        return None
    return name
