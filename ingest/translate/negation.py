"""Which sentences deny something, told by the words that a language denies with.

A translation that lost them says the opposite, in good style. Words that deny in idioms only ("nicht nur", "чуть не")
are passed over, and a translation may deny in other ways ("un-", "without", "fail"), so that what is found is rare.
"""

from __future__ import annotations

import functools
import re
from typing import Final

# By language, words that deny: a star stands for any ending, or any beginning.
_DENIALS: Final = {
    "af": "nie geen nooit niemand niks",
    "be": "не ніколі ніхто нікога нічога няма нельга",
    "bg": "не няма* никога никой никого нищо",
    "bs": "ne nije nisu nisam nismo neće* nema* nikad* niko nitko ništa nemoj*",
    "ca": "no mai ningú tampoc",
    "cs": "není nejsou nejsem nebyl* nebude* nemá* nemaj* nemoh* nemůž* nikdy nikdo nikoho nic ničeho žádn* nechce*"
    " nechtěl* neví* nelze nesmí* nedosta* nepřiš*",
    "da": "ikke ej aldrig ingen intet ingenting hverken",
    "de": "nicht kein* nie niemals niemand* nichts weder nirgends nirgendwo keinesfalls keineswegs",
    "el": "δεν όχι ούτε",
    "en": "not *n't *n’t cannot never no none nobody nothing nowhere neither nor",
    "es": "no nunca jamás nadie nada ningún ningun* tampoco ni",
    "et": "ei pole polnud mitte",
    "fi": "ei en et emme ette eivät eikä eivätkä älä älkää",
    "hr": "ne nije nisu nisam nismo neće* nema* nikad* nitko niko ništa nemoj*",
    "hu": "nem ne sem soha senki* semmi* nincs* sincs*",
    "id": "tidak bukan belum jangan tak",
    "it": "non nessun* niente nulla neanche nemmeno neppure né",
    "lt": "nėra nebuvo nebus neturi* negali* niekada niekas nieko ne",
    "lv": "nav nebija nebūs nevar* nekad neviens* nekas ne",
    "mk": "не нема* никогаш никој ништо",
    "ms": "tidak bukan belum jangan tak",
    "nl": "niet geen nooit niemand niets nergens",
    "no": "ikke ikkje ei aldri ingen inga intet ingenting inkje verken hverken",
    "pl": "nie nigdy nikt nikogo nic niczego żaden żadn* ani",
    "pt": "não nunca jamais ninguém nada nenhum* tampouco nem",
    "ro": "nu n-a n-au niciodată nimeni nimic niciun* nicio nici",
    "ru": "не никогда никто никого никому ничего ничто нельзя нет",
    "sk": "nie nebol* nebude* nemá* nemaj* nemôž* nemoh* nikdy nikto nič žiad*",
    "sl": "ne niso nisem nismo nima* nimaj* nikoli nihče nič noben*",
    "sq": "nuk kurrë askush asgjë asnjë",
    "sr": "не није нису нисам нећ* нема* никад* нико ништа ne nije nisu nisam neće* nema* nikad* niko ništa",
    "sv": "inte ej icke aldrig ingen inget inga ingenting varken",
    "tr": "değil yok yoktu asla hiçbir *mıyor* *miyor* *muyor* *müyor* *mayacak* *meyecek*",
    "uk": "не ніколи ніхто нікого нікому нічого ніщо немає нема",
}
# The same as patterns, where words have no spaces around them, particles before them, or parts that stand apart.
_PATTERNS: Final = {
    "ar": r"\b[وف]?(?:لا|لم|لن|ليس\w*|لست|ليست)\b",
    "bn": r"(?:\bনা\b|\bনেই\b|\bনয়\b|নি\b)",
    "fa": r"\b(?:نمی|نیست\w*|هرگز|هیچ\w*|نخواه\w+|نشد\w*|نبود\w*|ندار\w+|نکرد\w*)",
    "fr": r"\b(?:ne|n['’])(?:\W*[\w’']+){1,5}?\W+(?:pas|jamais|rien|personne|aucune?|nulle part)\b|\bpas d[e’'u]"
    r"|\b(?:personne|rien|aucune?)\b(?:\W+\w+){0,3}?\W+(?:ne\b|n['’])",
    "he": r"\b[וש]?(?:לא|אין|אינו|אינה|אינם)\b",
    "hi": r"(?<!\w)नहीं(?!\w)",
    "ja": r"(?:ない|ません|なかった)",
    "ko": r"(?:지 ?않|[^ ]* ?없[다는었었을이]|못하|못했|아니다|아니었)",
    "th": r"ไม่",
    "ur": r"\bنہیں\b",
    "vi": r"\b(?:không|chưa|chẳng)\b",
    "zh-Hans": r"没有|并未|不会|不能|不是|不要|不应|从未|无法|不得|尚未|并不|也不|就不|都不|不再",
    "zh-Hant": r"沒有|並未|不會|不能|不是|不要|不應|從未|無法|不得|尚未|並不|也不|就不|都不|不再",
}
# What looks like a denial and is none, or one that others say without: taken out first.
_IDIOMS: Final = {
    "ar": r"لا سيما|[لم]ا? ?[يت]زال\w*|لا ?[يت]زال\w*|لا بد|لا شك",
    "be": r"ледзь не|амаль не|не раз|не менш\w*|не больш\w*|пакуль не",
    "bg": r"за малко да не|не по-малко|не повече|докато не",
    "da": r"ikke mindst|ikke kun|ikke bare|ikke sandt|ingen tvivl|ikke mindre end|ikke mere end|hvis ikke",
    "de": r"nicht nur|nicht zuletzt|nicht wahr|nicht selten|nichts als|nicht mehr als|nicht weniger als|gar nicht so"
    r"|kein wunder|nicht umsonst|wenn nicht|mehr denn je|nie zuvor|noch nie",
    "en": r"no matter|no limit|nothing more than|not only|not least|not just|no doubt|no wonder|no less than"
    r"|no more than|no\. ?\d|why not|not to mention"
    r"|if not|none other|nothing but|no later than",
    "es": r"no obstante|no s[oó]lo|no solamente|¿no\?|a no ser que|no más de|no menos de|nada más|ni siquiera"
    r"|no en vano",
    "fi": r"ei vain|ei pelkästään|eikö niin|ellei",
    "fr": r"pas seulement|n['’]est-ce pas|n['’]importe|pas mal|pas moins de|pas plus de|ne\W+\w+\W+pas que"
    r"|si ce n['’]est",
    "hr": r"ne samo|ništa manje|gotovo da ne|zamalo ne",
    "hu": r"nem csak|nem utolsósorban|nem kevesebb|ha nem|ugye nem",
    "id": r"tidak hanya|bukan hanya|tidak kurang|mau tidak mau",
    "it": r"non solo|non soltanto|se non|non appena|nonostante|non meno di|non più di|niente male|nulla di",
    "ja": r"(?:なければ|なくては)なら(?:ない|なかった|ません)|ないといけない|に違いない|に違いありません"
    r"|かもしれない|かもしれません"
    r"|しかない|少ない|危ない"
    r"|だけでなく|ばかりでなく|ざるを得ない|なりません|なければ|すみません",
    "ko": r"뿐만 아니라|지 않으면|지 않을 수|없이|틀림없",
    "nl": r"niet alleen|niet in de laatste plaats|niet meer dan|niet minder dan|geen wonder|nooit eerder|tenzij",
    "no": r"ikke minst|ikke bare|ikke kun|ikke sant|ingen tvil|ikke mindre enn|ikke mer enn|hvis ikke|om ikke",
    "pl": r"nie tylko|nie mniej niż|nie więcej niż|o mało nie|co nie|dopóki nie|póki nie|nie lada|nie raz",
    "pt": r"não obstante|não só|não apenas|não somente|a não ser|nada menos|não menos de|não mais de|nem sequer|não é\?"
    r"|nada mais",
    "ro": r"nu numai|nu doar|nu mai puțin|de nu|nici măcar",
    "ru": r"не только|не менее|не более|не позднее|не раз|чуть не|едва не|пока не|тем не менее|не мог\w* не|не без"
    r"|что бы ни|как бы не|не столько|если не|нет-нет",
    "sl": r"ne samo|ne le|nič manj",
    "sr": r"не само|ne samo|ništa manje|ништа мање",
    "sv": r"inte minst|inte bara|inte endast|inte sant|inga problem|om inte|inte mindre än|inte mer än|ingen tvekan"
    r"|aldrig tidigare",
    "th": r"ไม่เพียง|ไม่ใช่แค่|ไม่น้อยกว่า|ไม่เกิน|ใช่หรือไม่|หรือไม่|ไม่ว่า",
    "tr": r"yok et\w*|yalnızca değil|sadece değil|değil mi",
    "uk": r"не лише|не тільки|не менше|не більше|не раз|ледь не|мало не|поки не|тим не менш|не пізніше|якщо не",
    "vi": r"không chỉ|hàng không|không gian|không khí|không quân|không kích|không những|không ít|không\s*\?|hay không",
    "zh-Hans": r"不能不|不得不|会不会|能不能|是不是|不会不|不仅",
    "zh-Hant": r"不能不|不得不|會不會|能不能|是不是|不會不|不僅",
}
# In which other ways a translation denies. Only into these languages is a lost denial told.
_OTHERWISE: Final = {
    "de": "ohne kaum selten un* *los *lose *losen *loser *loses fehl* mangel* ablehn* lehn* verweiger* wenig* außer"
    " statt"
    " verbot* verhinder* vermeid* ausgeschlossen",
    "en": "without hardly barely rarely seldom scarcely few lack* fail* refus* reject* deny denied denies denying"
    " unless"
    " unable unlikely unknown unclear unharmed unhurt uninjured unchanged unaware untouched unanswered unresolved"
    " unsuccessful* unnecessary unwilling impossib* illegal* incorrect* inability incapable invalid insufficient"
    " inadequate incomplete independent* disagree* disapprov* disallow* except instead rather absent absence avoid*"
    " prevent* prohibit* forbid* forbad* forbidden banned closed neither non-* *less nonsense exempt* spared zero"
    " nought"
    " missing in*able in*ible un*able asymptomatic badly abandon* cancel* ruled deserted free unfair* unwanted"
    " impatien* disappoint* unpredict* unus* unchecked unplug* undamaged unsaved unwise inaccura* inactiv* incompatib*"
    " inconsist* inconven* insecure* invisib* irregular* irrelevan* imperfect* hidden hide hides hiding idle difficult*"
    " stop* confus* wrong* empty impractical* ignor*",
    "es": "sin falt* negar niega* negó rechaz* imposib* incapa* insufici* ilegal* descono* excepto salvo evit* impid*",
    "fr": "sans refus* rejet* impossib* incapab* insuffis* illég* indemn* inconn* inchang* sauf évit* interdi*"
    " manqu* ni"
    " non aucun*",
    "it": "senza manc* rifiut* nega* negò impossib* incapac* insuffic* illegal* sconosc* tranne evit* vieta*",
    "nl": "zonder nauwelijks zelden onmog* onbek* onge* onvol* ondui* gebrek weiger* behalve vermijd* verbod* *loos"
    " *loze",
    "pt": "sem falt* nega* negou recus* rejeit* impossí* incapa* insufici* ilega* desconhec* exceto salvo evit* proíb*"
    " proib*",
    "sv": "utan knappt sällan omöj* okänd* oklar* oskad* osäk* olag* oför* ofull* otill* sakna* vägra* neka* brist*"
    " *lös"
    " *lösa *löst förbj* förbud* undv* slipp* uteb*",
}


def denies(text: str, language: str) -> bool:
    """Whether a sentence denies something, as far as the words of its language tell; False where none are known."""
    pattern = _denial(language)
    if pattern is None:
        return False
    if pattern.search(text) is None:
        return False
    idioms = _idioms(language)
    return idioms is None or pattern.search(idioms.sub(" ", text)) is not None


def may_deny(text: str, language: str) -> bool:
    """Whether a translation may deny something, in any way that is known; True where its language is not known so."""
    other = _otherwise(language)
    if other is None:
        return True
    direct = _denial(language)
    return (direct is not None and direct.search(text) is not None) or other.search(text) is not None


@functools.cache
def _denial(language: str) -> re.Pattern[str] | None:
    if language in _PATTERNS:
        return re.compile(_PATTERNS[language], re.IGNORECASE)
    return _words(_DENIALS[language]) if language in _DENIALS else None


@functools.cache
def _idioms(language: str) -> re.Pattern[str] | None:
    return re.compile(_IDIOMS[language], re.IGNORECASE) if language in _IDIOMS else None


@functools.cache
def _otherwise(language: str) -> re.Pattern[str] | None:
    return _words(_OTHERWISE[language]) if language in _OTHERWISE else None


def _words(listed: str) -> re.Pattern[str]:
    forms = [re.escape(word).replace(r"\*", r"\w*") for word in listed.split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)
