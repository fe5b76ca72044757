"""The words by which a text cites: what stands before a name, behind it, and beside it. In lower case, by language.

Languages share one set: a word of one language seldom stands beside an outlet's name in another, and the language of
the text is not known yet when citations are sought.
"""

from __future__ import annotations

from typing import Final

from ingest.lang.tokens import words_of

AFTER: Final = words_of(
    "reports report reported reporting quote cite say write writes wrote written says said saying quotes quoted"
    " quoting cites cited notes noted claims claimed learned learnt reveals revealed spread spreads published"
    " publishes informs informed adds added understands confirms confirmed broadcast broadcasts aired showed explains"
    " explained tells told observes observed calculates calculated believes",
    "skriver skrev rapporterar rapporterade uppger uppgav meddelar meddelade berättar berättade säger sade citerar"
    " avslöjar avslöjade erfar publicerade sprider spred visar",
    "skrev rapporterer rapporterede melder meldte oplyser opplyser fortæller forteller citerer",
    "berichtet berichtete berichten berichteten schreibt schrieb schreiben schrieben meldet meldete melden meldeten"
    " zitiert zitierte zufolge sagt sagte verbreitet verbreitete veröffentlichte erfuhr enthüllte sendete kommentiert"
    " erklärte erläutert",
    "сообщает сообщают сообщил сообщила сообщило сообщили передает передаёт передают передал передала передало пишет"
    " пишут писал писала написал написала написало написали цитирует цитируют утверждает отмечает отмечают уточняет"
    " напоминает опубликовал опубликовала опубликовало опубликовали рассказал рассказала выяснил выяснила узнал узнала",
    "пише пишуть повідомляє повідомляють повідомив повідомила повідомило передає цитує",
    "rapporte rapportent rapporté écrit écrivent affirme révèle indique précise annonce cite",
    "informa informó informan escribe escribió publica publicó revela reveló asegura afirma señala cita reporta"
    " reportó",
    "scrive scrivono riporta riportano riferisce rivela cita afferma sottolinea",
    "meldt meldde melden schrijft schreef bericht berichtte",
    "pisze pisał podaje podał podała informuje poinformował poinformowała donosi cytuje",
    "escreve escreveu noticia noticiou informou publicou revelou",
    "píše napsal uvádí uvedl informoval informuje",
    "kertoo kertoi kirjoittaa kirjoitti uutisoi raportoi mukaan",
    "bildirdi yazdı aktardı göre duyurdu",
)
"""Behind the name: "Reuters reported", "DN skriver", "der Zeitung zufolge"."""

SPUN_AFTER: Final = frozenset(("studies", "informs", "writes", "experiences"))
"""What synonym spinners make of "reports"."""

BEFORE: Final = words_of(
    "told tells informed citing cites cited quoting quotes quote quoted reports writes says reported wrote",
    "enligt citerar rapporterar skriver uppger meddelar rapporterade skrev ifølge",
    "laut gegenüber zitiert zitieren berichtet berichtete berichten schreibt schrieb meldet meldete gemäß",
    "сообщает сообщают сообщил сообщила сообщило сообщили передает передаёт передал передала передало передают пишет"
    " пишут писал писала цитирует цитирует рассказал рассказала рассказали заявил заявила пояснил пояснила сказал"
    " сказала подтвердил подтвердила",
    "пише пишуть повідомляє повідомляють передає",
    "selon rapporte rapportent écrit écrivent d’après",
    "según informa informó informan escribe publica reporta",
    "secondo scrive scrivono riporta riportano riferisce",
    "volgens meldt meldde schrijft tegenover",
    "według pisze podaje podał podała informuje donosi",
    "segundo escreve informou noticiou",
    "podle píše uvádí",
)
"""Right before the name, articles aside: "told Reuters", "laut Spiegel"; "according to Reuters" is in `PAIRS`."""

PAIRS: Final = frozenset(
    tuple(pair.split())
    for pair in [
        "according to",
        "reported by",
        "published by",
        "published in",
        "published on",
        "quoted by",
        "cited by",
        "broadcast by",
        "aired by",
        "aired on",
        "obtained by",
        "seen by",
        "writing in",
        "writing for",
        "conducted by",
        "citing the",
        "interviewed by",
        "uppger för",
        "säger till",
        "sade till",
        "sa till",
        "berättar för",
        "skriver i",
        "citeras av",
        "citeras i",
        "publicerats av",
        "publicerades i",
        "publicerats i",
        "bericht von",
        "berichten von",
        "bericht der",
        "bericht des",
        "berichten der",
        "berichten des",
        "bericht in",
        "informationen von",
        "informationen der",
        "informationen des",
        "angaben von",
        "angaben der",
        "angaben des",
        "bezug auf",
        "berufung auf",
        "по данным",
        "по информации",
        "по сообщению",
        "по сообщениям",
        "по словам",
        "по версии",
        "ссылкой на",
        "посиланням на",
        "за даними",
        "за інформацією",
        "d'après les",
        "confié à",
        "declaró a",
        "dijo a",
        "dijo al",
        "afirmó a",
        "detto a",
        "detto al",
        "dichiarato a",
        "lainauksen mukaan",
        "zegt tegen",
        "zei tegen",
        "siger til",
        "sagde til",
        "sier til",
        "sa til",
        "powiedział dla",
        "wywiadzie dla",
        "disse ao",
        "disse à",
    ]
)
"""Two words right before the name."""

TALK: Final = words_of(
    "interview interviewed spoke speaking talking talked dialogue conversation statement comments remarks op-ed article"
    " report essay column appearance interviews investigation",
    "säger sade sa uppger uppgav berättar berättade intervju samtal kommentar artikel intervjun debattartikel",
    "siger sagde sier fortæller forteller",
    "sagte sagt interview gespräch gastbeitrag erklärte äußerte teilte bestätigte beitrag artikel",
    "интервью разговоре беседе комментарии эфире рассказал рассказала рассказали заявил заявила сообщил сообщила"
    " сообщили пояснил пояснила сказал сказала подтвердили статье материале",
    "інтерв'ю розповів заявив",
    "entretien interview déclaré confié dit interrogé",
    "entrevista declaró dijo declaraciones explicó",
    "intervista detto dichiarato colloquio",
    "gesprek interview zei zegt",
    "wywiadzie powiedział rozmowie",
    "entrevista disse declarou",
)
"""A few words before the name with one of `TO` between: "in an interview with X", "säger Ek till X"."""

TALKED: Final = TALK & words_of(
    "interview interviewed spoke speaking talking talked dialogue conversation intervju samtal intervjun gespräch"
    " интервью разговоре беседе интерв'ю entretien entrevista intervista colloquio gesprek wywiadzie rozmowie"
)
"""Those of them that none but outlets have: one reports to an authority, one is interviewed by an outlet."""

TO: Final = words_of(
    "to with for on in by",
    "till med för i til",
    "mit der dem den im in von gegenüber des",
    "с на для в",
    "à au aux avec dans",
    "a al con en para da alla del della",
    "met aan",
    "z do dla",
    "ao à",
)
DATIVE: Final = words_of(
    "sagte sagt erklärte äußerte teilte bestätigte рассказал рассказала рассказали заявил заявила сообщил сообщила"
    " сообщили пояснил пояснила сказал сказала подтвердили розповів заявив"
)
"""Verbs whose listener has no preposition: "sagte Vogel der Rheinischen Post", "рассказал Петров «Известиям»"."""

KINDS: Final = words_of(
    "agency newspaper channel broadcaster portal website site outlet magazine daily weekly tabloid paper newswire"
    " station publication podcast radio wire",
    "nyhetsbyrån nyhetsbyrå tidningen tidning kanalen kanal tv-kanalen tv-kanal tv-bolaget bolaget sajten nyhetssajten"
    " nyhetsportalen portalen magasinet tidskriften radiokanalen dagstidningen kvällstidningen affärstidningen"
    " nyhetskanalen public-service-bolaget radion",
    "avisen avisa nyhedsbureauet nyhetsbyrået mediet netavisen",
    "nachrichtenagentur agentur zeitung tageszeitung wochenzeitung sender fernsehsender rundfunksender radiosender"
    " nachrichtensender portal nachrichtenportal onlineportal online-portal magazin nachrichtenmagazin zeitschrift"
    " blatt boulevardzeitung boulevardblatt wirtschaftszeitung staatsagentur mediengruppe funkhaus wochenblatt"
    " internetportal",
    "агентство газета издание телеканал канал портал сайт журнал радиостанция радио информагентство телекомпания"
    " интернет-издание еженедельник холдинг телеграм-канал telegram-канал медиагруппа ресурс",
    "видання агентство портал канал",
    "agence journal quotidien chaîne site magazine radio hebdomadaire",
    "agencia periódico diario cadena portal canal revista emisora",
    "agenzia giornale quotidiano emittente settimanale sito",
    "persbureau krant omroep nieuwssite zender",
    "agencja gazeta dziennik portal stacja tygodnik",
    "agência jornal emissora",
)
"""What an outlet is: beside a name it makes an outlet of it. Cyrillic ones are compared without their endings."""

HOME: Final = words_of(
    "times post news herald gazette tribune chronicle journal observer telegraph review monitor courier examiner"
    " inquirer sentinel ledger magazine newspaper dispatch broadcasting radio tv television weekly newsletter mirror"
    " insider today argus advertiser echo bulletin press mercury guardian recorder enquirer",
    "zeitung nachrichten anzeiger tagblatt tageblatt rundschau kurier rundfunk presse magazin bote volksblatt",
    "nyheter tidning tidningen dagblad allehanda posten bladet kuriren tidende avis avisen avisa",
    "krant dagblad courant gazet",
    "dépêche courrier échos gazette",
    "diario periódico noticias heraldo",
    "corriere gazzetta giornale messaggero quotidiano",
    "gazeta dziennik kurier głos",
    "новости газета вестник телеканал правда известия ведомости радио тв медиа",
    "haber gazetesi",
)
"""The last (or first) word of many an outlet's name: it makes an outlet of an unknown name where that is cited."""
HOME_ENDINGS: Final = ("zeitung", "tageblatt", "tagblatt", "kurier", "bladet", "posten", "tidningen", "avisen", "news")

FILLERS: Final = words_of(
    "has have had is was also recently earlier later first previously already now again then who which that",
    "har hade nyligen tidigare också först senare bland annat",
    "hat hatte haben hatten wird auch zuvor zuerst zunächst jüngst bereits kürzlich am",
    "ранее также уже позже позднее накануне",
    "a avait ont aussi ha había han también anche aveva heeft eerder też wcześniej",
    "on monday tuesday wednesday thursday friday saturday sunday yesterday today måndag tisdag onsdag torsdag fredag"
    " lördag söndag på i montag dienstag mittwoch donnerstag freitag samstag sonntag",
)
"""What may stand between a name and its verb: "Sky News recently reported", "der Spiegel hatte zuvor berichtet"."""

CONJUNCTIONS: Final = words_of("and or och eller und oder sowie и или та et ou y e o en of i oraz og ja ve")

MERE: Final = words_of(
    "jobs cut cuts fined sued bans banned ban blocked suspended licence license revoked closed shut headquarters"
    " headquarter building buildings offices office shares share owner owners employees employee staff layoffs chief"
    " ceo lawsuit founder subsidiary",
    "stänger förbud förbjöd böter huvudkontor redaktion aktie ägare kontor",
    "verbot verbieten gesperrt sperrt lizenz zentrale hauptsitz gebäude aktie aktien eigentümer redaktion büro",
    "запрет заблокировал заблокировали лицензию оштрафован закрыт штаб-квартира здание офис акции редакция владелец",
    "siège sede oficina",
)
"""Behind or before a name they say that an outlet is spoken of, not cited: its seat, its shares, its owner."""

SAYS: Final = words_of(
    "sees informed ser sieht видит",
    "says said believes believed explains explained notes noted argues argued told tells warns warned adds added"
    " thinks writes wrote points recalls recalled suggests suggested estimates estimated observes observed stresses"
    " stressed concludes concluded comments commented states stated claims predicts predicted mentioned according"
    " cautions cautioned emphasises emphasizes describes",
    "säger sade sa menar anser tror förklarar berättar konstaterar skriver påpekar varnar bedömer enligt tycker ser",
    "sagt sagte erklärt erklärte meint glaubt warnt warnte betont betonte schreibt so laut erläutert analysiert"
    " vermutet",
    "считает полагает говорит сказал сказала отмечает отметил отметила объясняет пояснил пояснила заявил заявила"
    " уверен уверена пишет подчеркнул подчеркнула рассказал рассказала напоминает предупреждает добавил добавила"
    " словам мнению",
    "вважає каже зазначає пояснює",
    "dit explique estime souligne affirme selon avertit pense déclare précise",
    "dice dijo explica explicó afirma afirmó señala según advierte cree opina",
    "spiega dice afferma sostiene secondo avverte",
    "zegt zei stelt volgens denkt",
    "mówi powiedział uważa twierdzi według ocenia",
    "siger sagde mener sier ifølge",
    "diz disse afirma segundo explica",
)
"""Verbs (and prepositions) of citing a person."""
