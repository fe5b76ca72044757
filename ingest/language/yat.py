"""Croatian, Bosnian or Serbian in Latin letters: one profile, told apart by what each writes in its own way.

Where the old vowel yat stood Serbian mostly writes e, Croatian and Bosnian ije or je; Croatian has words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_EKAVIAN: Final = re.compile(
    r"\b(?:gde|ovde|nigde|uvek|pre|posle|dve|vreme|mest[aeou]|svet\w{0,3}|de[ol]a?|reč(?:i|ima)?|čovek\w*|dec[aeiu]"
    r"|dete|nedelj\w*|cen[aeiu]|promen\w*|hteo|hteli|vide(?:ti|o|la|li)|žive(?:ti|o|la|li)|mer[aeu]|primer\w*|sledeć\w*"
    r"|devoj\w*|tel[aou]|pobed\w*|savet\w*|predlo[gz]\w*|razume\w*|saopšt\w*|opšt\w*|odsto|delov\w*|odelj\w*|uspe\w*"
    r"|sred\w*|odne\w*|lep\w*|bel\w*|cel[aeiou]\w{0,2}|čoveč\w*|zahtev\w*|deo|rešen\w*|reši\w*|vest(?:i|ima)?|vek\w{0,3}|levo\w*"
    r"|\w+eo|\w*(?:mesec|veruj|verov|seća|seti[ol]|mešan|zvezd|svedo|sled|menja|izmen|primen|zamen|namer|ocen|procen|nemač"
    r"|sneg|umetn|lekar|sever|pesm|pesni|izvešt|obavešt|bezbed|delov|delim|delio|delil"
    r"|sused|vredn|pobeđ|čove[kčn])\w*)\b"
)
_IJEKAVIAN: Final = re.compile(
    r"\b\w*?[bcčdfghkmnprsštvzž]ije\w*|\b\w*?(?:mj|vj|dj|tj|sj|pj|bj|ljedeć)[eu]\w*|\bcijel\w*"
)
_CROATIAN: Final = re.compile(
    r"\b(?:tko|netko|nitko|što|europ\w*|tisuć\w*|povijes\w*|tjed\w*|glede|tijekom|sudjelov\w*|postotak|uvjet\w*"
    r"|općenit\w*|kolovoz\w*|rujn\w*|listopad\w*|studen\w*|prosin\w*|siječ\w*|veljač\w*|ožuj\w*|trav\w*|svib\w*|lip\w*|srp\w*"
    r"|glazb\w*|znanstv\w*|odvjet\w*|nogomet\w*|kazališ\w*|priopć\w*|točn\w*|vlak\w*|zrak\w*|tvrtk\w*|priopćen\w*)\b"
)
_EASTERN: Final = re.compile(
    r"\b(?:ko|neko|niko|šta|evrop\w*|hiljad\w*|[hi]?istorij\w*|sedmic\w*|učestvov\w*|januar\w*|februar\w*|mart\w*"
    r"|april\w*|maj\w?|jun\w?|jul\w?|august\w*|septemb\w*|oktob\w*|novemb\w*|decemb\w*|muzi[kč]\w*|nauč\w*|advokat\w*"
    r"|fudbal\w*|pozoriš\w*|saopć\w*|saopšt\w*|tačn\w*|voz\w?|vazduh\w*|firm\w*|procen\w*|također|takođe|ukoliko|prilikom)\b"
)


def variety(texts: Iterable[str]) -> str:
    """Which of "hr", "bs" and "sr" texts of one document are in; "hr" where they show no difference."""
    text = " ".join(texts).lower()
    if len(_EKAVIAN.findall(text)) > len(_IJEKAVIAN.findall(text)):
        return "sr"
    return "bs" if len(_EASTERN.findall(text)) > len(_CROATIAN.findall(text)) else "hr"
