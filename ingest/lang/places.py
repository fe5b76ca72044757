"""Cities that news is datelined from, under their names in several languages: a plain "Berlin –" opens an article."""

from __future__ import annotations

from typing import Final

_CITIES: Final = frozenset(
    city.strip()
    for city in """
    abidjan|abu dhabi|accra|addis ababa|aleppo|algiers|alger|algier|almaty|almati|amman|amsterdam|ankara|antananarivo
    ashgabat|astana|asunción|athens|athen|aten|athènes|atenas|atene|atlanta|auckland|baghdad|bagdad|baku|bamako
    bangkok|barcelona|basel|basle|bâle|beijing|peking|pékin|pekín|pechino|beirut|beyrouth|belgrade|belgrad|belgrado
    berlin|berlín|berlino|bern|berne|berna|bishkek|bischkek|bisjkek|bogotá|bogota|bologna|bonn|bordeaux|boston
    brasília|brasilia|bratislava|bremen|brussels|brüssel|bryssel|bruxelles|bruselas|brussel|budapest|buenos aires
    bucharest|bukarest|bucarest|cairo|kairo|le caire|el cairo|canberra|cape town|kapstadt|kapstaden|caracas|charkiw
    charkiv|charkow|chicago|chisinau|chișinău|cologne|köln|colombo|copenhagen|kopenhagen|köpenhamn|københavn
    copenhague|damascus|damaskus|dallas|dakar|davos|delhi|new delhi|neu-delhi|nya delhi|detroit|dhaka|doha|donetsk
    donezk|dortmund|dresden|dubai|dublin|dushanbe|duschanbe|düsseldorf|edinburgh|erfurt|erevan|yerevan|eriwan|jerevan
    essen|florence|firenze|florenz|frankfurt|frankfurt am main|frankfurt/main|frankfurt a.m|freiburg|geneva|genf
    genève|ginebra|ginevra|gaza|glasgow|gothenburg|göteborg|graz|hamburg|hannover|hanover|hanoi|havana|havanna
    la habana|la havane|heidelberg|helsinki|helsingfors|hong kong|hongkong|houston|innsbruck|islamabad|istanbul|izmir
    jakarta|jena|jerusalem|johannesburg|kabul|karachi|karlsruhe|kassel|kathmandu|kazan|kharkiv|khartoum|kyiv|kiev|kiew
    kijev|kigali|kinshasa|krakow|kraków|krakau|kuala lumpur|kuwait city|la paz|lagos|lahore|lausanne|leipzig|lille
    lima|linköping|linz|lisbon|lissabon|lisboa|liverpool|ljubljana|london|londra|londres|los angeles|luanda|luhansk
    luxembourg|luxemburg|luzern|lucerne|lviv|lwiw|lyon|madrid|magdeburg|mainz|malmö|managua|manchester|manila|mannheim
    mariupol|marseille|marseilles|melbourne|mexico city|mexiko-stadt|ciudad de méxico|méxico|miami|milan|mailand
    milano|milán|minneapolis|minsk|mogadishu|monrovia|monterrey|montevideo|montreal|montréal|moscow|moskau|moskva
    moscou|moscú|mosca|moskwa|moskou|mumbai|munich|münchen|múnich|münster|nairobi|naples|napoli|neapel|new york
    nueva york|nice|nicosia|nikosia|norrköping|novosibirsk|nur-sultan|nuremberg|nürnberg|odesa|odessa|oslo|ottawa
    panama city|paris|parís|parigi|philadelphia|phnom penh|podgorica|port-au-prince|porto|potsdam|prague|prag|praha
    praga|pretoria|pristina|pyongyang|quito|rabat|ramallah|reykjavik|riga|rio de janeiro|riyadh|riad|rome|rom|roma
    rostock|rotterdam|saarbrücken|salzburg|san francisco|san josé|san salvador|sanaa|santiago|santiago de chile
    santo domingo|sao paulo|são paulo|sarajevo|schwerin|seattle|seoul|seúl|séoul|sevilla|seville|shanghai|singapore
    singapur|skopje|sofia|sofía|st. petersburg|sankt petersburg|stockholm|estocolmo|stoccolma|strasbourg|straßburg
    strasburg|stuttgart|sydney|taipei|taipeh|tallinn|tashkent|taschkent|tasjkent|tbilisi|tiflis|tegucigalpa|tehran
    teheran|téhéran|tel aviv|the hague|den haag|haag|la haye|thessaloniki|tirana|tokyo|tokio|toronto|toulouse|tripoli
    trondheim|tunis|turin|torino|turku|åbo|ulan bator|umeå|uppsala|utrecht|valencia|vancouver|vatican city
    vatikanstadt|vatikanstaten|ciudad del vaticano|città del vaticano|venice|venedig|venezia|vienna|wien|vienne|viena
    vilnius|vladivostok|warsaw|warschau|warszawa|varsovie|varsovia|varsavia|washington|washington dc|washington d.c
    weimar|wellington|wiesbaden|wroclaw|wrocław|breslau|würzburg|yangon|yaoundé|yokohama|zagreb|zurich|zürich|zúrich
    örebro|århus|aarhus|ålesund|bergen|stavanger|odense|tampere|москва|санкт-петербург|петербург|киев|київ|минск
    астана|нур-султан|алма-ата|алматы|ташкент|бишкек|душанбе|ашхабад|баку|ереван|тбилиси|кишинев|рига|вильнюс|таллин
    берлин|лондон|париж|вашингтон|нью-йорк|брюссель|варшава|прага|женева|рим|мадрид|анкара|стамбул|тегеран|пекин|токио
    дели|иерусалим|тель-авив|бейрут|дамаск|каир|сочи|казань|екатеринбург|новосибирск|владивосток|самара|ростов-на-дону
    краснодар|уфа|пермь|челябинск|омск|красноярск|воронеж|волгоград|донецк|луганск|харьков|одесса|львов|львів|харків
    одеса|севастополь|симферополь|грозный|махачкала|калининград|мурманск|вена|будапешт|белград|хельсинки|стокгольм
    осло|копенгаген|гаага|афины
    """.replace("\n", "|").split("|")
)


def is_place(name: str) -> bool:
    """Whether a name, in any case, is that of a city which is known to datelines."""
    return name.strip(" .,").lower() in _CITIES
