"""Roles, institutions and the shapes of names, by which an expert whom a text cites is recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ingest.lang.tokens import Token, fold_word, gap, words_of


def _folded(*rows: str) -> frozenset[str]:
    return frozenset(map(fold_word, words_of(*rows)))


# Whose words are cited for what they know.
_EXPERTS: Final = _folded(
    "expert analyst scientist professor researcher fellow economist historian sociologist lecturer scholar"
    " strategist pollster criminologist epidemiologist virologist climatologist psychologist political-scientist"
    " anthropologist professional specialist academic experten expert forskaren forskare statsvetaren statsvetare"
    " professorn professor docenten docent analytikern analytiker ekonomen ekonom chefekonomen chefekonom"
    " historikern historiker lektorn lektor doktoranden sociologen nationalekonomen säkerhetsexperten"
    " omvärldsanalytiker seniorforskare experte expertin politologe politologin politikwissenschaftler"
    " politikwissenschaftlerin forscher forscherin ökonom ökonomin volkswirt volkswirtin chefvolkswirt historiker"
    " historikerin soziologe soziologin professorin analystin wissenschaftler wissenschaftlerin osteuropaexperte"
    " osteuropa-experte militärexperte sicherheitsexperte эксперт политолог аналитик профессор экономист историк"
    " социолог востоковед доцент научный исследователь военный политтехнолог правозащитник політолог експерт"
    " аналітик економіст історик politologue expert chercheur chercheuse économiste historien historienne"
    " spécialiste sociologue politólogo politóloga experto experta analista investigador investigadora economista"
    " historiador historiadora catedrático politologo esperto esperta ricercatore ricercatrice economista storico"
    " politicoloog deskundige onderzoeker hoogleraar econoom politolog ekspert ekonomista badacz analityk"
)
# Who speaks for an institution: cited only if it is one of research, for there are directors of everything.
_LEADERS: Final = _folded(
    "director president head chair chairman founder co-founder dean member adviser advisor associate chef chefen"
    " direktör direktören ordförande grundare leiter leiterin direktor direktorin gründer präsident vorsitzende"
    " vorsitzender mitarbeiter директор глава руководитель основатель президент сотрудник советник directeur"
    " directrice director directora fundador direttore direttrice presidente"
)
# What an institution of research is called.
_INSTITUTES: Final = _folded(
    "institute institution university college endowment foundation center centre house strategies research"
    " analytics consulting academy school council fund think tank studies observatory laboratory institutet"
    " institut universitet universitetet högskolan högskola akademin stiftelsen centrum försvarshögskolan"
    " universität hochschule stiftung zentrum akademie forschungsinstitut denkfabrik bundeswehr-universität"
    " институт университет центр фонд академия высшая школа вшэ мгимо мгу ран інститут університет центр фонд"
    " université fondation centre école observatoire ifri iris instituto universidad fundación centro universidade"
    " fundação istituto università fondazione universiteit instituut clingendael instytut uniwersytet fundacja"
    " ośrodek"
)

# Capitalised first words of sentences and of titles that are no first names.
_NO_FIRST_NAME = words_of(
    "the a an in on at as for but and if when while after before since this that these those it he she they we i"
    " according also former dr prof president minister prime foreign monday tuesday wednesday thursday friday"
    " saturday sunday mr mrs ms der die das ein eine im am auch als nach vor wie so laut dr herr frau det den en"
    " ett i på som enligt när efter в на по как он она это а но и для к"
)
_PARTICLES = words_of("von van de den del da dos di al el bin ibn af la le du ter zu")
_EXPERT_ENDING = re.compile(
    r"(?<!dia)(?<!kata)(?<!ana)(?:olog(?:e|in|en)|ologist|ikerin|forscher(?:in)?|expert(?:e|in|en)|wissenschaftler(?:in)?"
    r"|analyst(?:in)?|ökonom(?:in)?|ekonom(?:en)?|forskare|forskaren|vetare|vetaren|историк|олог|эксперт|аналитик)$"
)
# Beginnings of words that stand small in the names of institutions: "Lunds universitet".
_COMMON_IN_NAMES = ("univ", "inst", "унив", "инст", "högsk", "akad", "акад")


@lru_cache(maxsize=1 << 16)
def is_expert(word: str) -> bool:
    """Whether a lower-case word is a role of those who are cited for what they know."""
    return fold_word(word) in _EXPERTS or (len(word) > 5 and _EXPERT_ENDING.search(word) is not None)


def is_leader(word: str) -> bool:
    """Whether a lower-case word is a role of those who speak for an institution."""
    return fold_word(word) in _LEADERS


def is_institute(words: Sequence[Token]) -> bool:
    """Whether a name holds the word of an institution of research."""
    return any(fold_word(token.low) in _INSTITUTES for token in words)


def is_telling_of_experts(word: str) -> bool:
    """Whether a word may be the role or part of the institution of an expert."""
    low = word.lower()
    institute = fold_word(low) in _INSTITUTES and (word[0].isupper() or low.startswith(_COMMON_IN_NAMES))
    return institute or is_expert(low)


def person_from(text: str, tokens: Sequence[Token], start: int) -> int | None:
    """The index after a person's name that begins at `start`: two to four words, initials and particles allowed."""
    index = start
    names = 0
    while index < len(tokens) and index - start < 5:
        word = tokens[index].text
        if index > start and not _name_goes_on(text, tokens, index):
            break
        if word.lower() in _PARTICLES and index > start:
            index += 1
            continue
        low = tokens[index].low
        initial = len(word) == 1 and text[tokens[index].end : tokens[index].end + 1] == "."
        no_name = (
            (low in _NO_FIRST_NAME and not initial)
            or (word.isupper() and len(word) > 2)
            or is_institute(tokens[index : index + 1])
        )
        if not word[0].isupper() or no_name or (index == start and (is_expert(low) or is_leader(low))):
            break
        names += 1
        index += 1
    while index > start and tokens[index - 1].low in _PARTICLES:
        index -= 1
    return index if names >= 2 and len(tokens[index - 1].text) > 1 else None


def _name_goes_on(text: str, tokens: Sequence[Token], index: int) -> bool:
    between = gap(text, tokens, index)
    return between in (" ", "-") or (between in (". ", ".") and len(tokens[index - 1].text) == 1)
