"""Series of reports in many languages and scripts: frames with other facts in the same places, and copies of them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_STOCKS = """\
{firm} closes at {price}.{cents} after {way}

Shares of {firm} closed at {price}.{cents} crowns in {town} on {weekday}, {percent}.{tenth} percent {way2} than the \
day before. {volume} shares changed hands, against an average of {average} over the past month.

The highest price of the day was {high}.{low} crowns. The company, which is led by {person}, is to present its figures \
on {day} {month}; analysts expect a profit of {profit} million crowns.

The benchmark index of the exchange stood at {index} points at the close. This report was put together automatically \
from the data of the exchange. It is no advice to buy or to sell."""

_WEATHER = """\
Aviso {colour} por {danger} en {town}

El servicio meteorológico ha activado para el {weekday} {day} de {month} el aviso {colour} por {danger} en {town} y en \
la comarca de {region}. El aviso estará en vigor entre las {hour}:00 y las {until}:00 horas.

Se esperan temperaturas de hasta {degrees} grados y rachas de viento de {wind} kilómetros por hora. Protección Civil \
recomienda evitar desplazamientos innecesarios, asegurar los objetos en balcones y terrazas y consultar la información \
actualizada.

En caso de emergencia se puede llamar al número gratuito. El próximo boletín se publicará a las {next_hour} horas."""

_COURT = """\
Amtsgericht {town}: Verhandlung am {day}. {month}

Vor dem Amtsgericht {town} muss sich am {day}. {month} um {hour}.{minute:02} Uhr in Saal {room} ein {age}-jähriger \
Mann aus {region} verantworten. Die Staatsanwaltschaft wirft ihm {crime} in {count} Fällen vor \
(Az. {number} Ds {file}/{year}).

Der Angeklagte soll zwischen {first} und {month} einen Schaden von rund {damage} Euro verursacht haben. Er wird von \
Rechtsanwalt {person} vertreten, den Vorsitz führt Richterin {judge}. Geladen sind {witnesses} Zeugen.

Die Verhandlung ist öffentlich. Änderungen der Termine sind kurzfristig möglich, Auskunft gibt die Geschäftsstelle des \
Gerichts."""

_ELECTION = """\
Législatives : {person} en tête dans la {number}e circonscription de {region}

Après dépouillement de {share} % des bulletins, {person} ({party}) arrive en tête dans la {number}e circonscription de \
{region} avec {percent},{tenth} % des suffrages exprimés, devant {other} ({rival}), qui obtient {second},{cents} %.

La participation s'établit à {turnout},{low} %. {voters} électeurs étaient inscrits sur les listes. À {town}, le \
bureau centralisateur a fermé à {hour} heures. Les deux candidats sont qualifiés pour le second tour.

Ces résultats, communiqués par la préfecture, sont provisoires et seront validés par la commission de recensement."""

_OBITUARY = """\
Скончался {role} {person}

{day} {month} на {age}-м году жизни скончался {role} {person}. Об этом сообщили в пресс-службе администрации города \
{town}.

{person} родился в {born} году в городе {other_town}. Окончил институт в {finished} году, {years} лет проработал на \
предприятии «{firm}», был награждён медалью. У него остались жена и {children} детей.

Прощание состоится {later} {month} в {hour} часов в городском доме культуры. Редакция выражает соболезнования родным и \
близким покойного."""

_RECALL = """\
{firm}召回部分{product}

市场监管总局{month}月{day}日发布消息，{firm}将自{month}月{later}日起召回部分{product}，共计{volume}台。召回范围内产品的生产日期为{year}年{first}月至{last}月，型号为{model}。

本次召回范围内的产品由于{cause}，在极端情况下可能引发安全事故，存在安全隐患。{firm}将为召回范围内的产品免费更换零部件，以消除安全隐患。

用户可拨打服务热线{phone}了解详细信息，也可以登录官方网站查询。请消费者在维修之前停止使用有关产品。"""

_JOBS = """\
{firm} تعلن عن وظائف شاغرة في {town}

أعلنت {firm} عن حاجتها إلى {count} من {role} للعمل في فرعها في مدينة {town} براتب شهري قدره {salary} درهما. ويشترط في \
المتقدم ألا يقل عمره عن {age} عاما وأن تكون لديه خبرة لا تقل عن {years} سنوات في هذا المجال.

وقال مدير الموارد البشرية {person} إن باب التقديم مفتوح حتى يوم {day} {month} وإن المقابلات ستجرى في مقر الشركة عند \
الساعة {hour} صباحا.

وعلى الراغبين في التقديم إرسال السيرة الذاتية وصور الشهادات عبر الموقع الإلكتروني، وسيتم التواصل مع المقبولين فقط."""

_RECIPE = """\
{dish}: la ricetta di {person}

Ecco la ricetta di {person} per preparare {dish}. Ingredienti per {people} persone: {grams} g di {first_food}, {more} \
g di {second_food}, {spoons} cucchiai di {third_food}, sale e pepe quanto basta.

Lavate bene {first_food} e tagliate a pezzetti. Fate scaldare {third_food} in una padella, unite {second_food} e \
lasciate cuocere per {minutes} minuti a fuoco lento, mescolando di tanto in tanto con un cucchiaio di legno.

Infornate a {degrees} gradi per {oven} minuti. Servite ben caldo: con un po' di pazienza il successo è assicurato. Se \
la ricetta vi è piaciuta, scriveteci e mandateci le vostre fotografie."""

_QUAKE = """\
{region}で震度{strength}の地震

{day}日{hour}時{minute}分ごろ、{region}で最大震度{strength}を観測する地震がありました。気象庁によりますと、震源地は{sea}で、震源の深さは約{depth}キロ、地震の規模を示すマグニチュードは{size}.{tenth}と推定されています。

この地震による津波の心配はありません。{town}では震度{second}を観測しました。{town}の消防によりますと、けが人の情報は入っていないということです。

気象庁は、揺れの強かった地域では今後の地震活動に注意するよう呼びかけています。"""

_FLATS = """\
{town}'de {rooms} odalı daire {price} liraya satıldı

{town} ilçesinin {street} sokağında bulunan {area} metrekarelik {rooms} odalı daire {price} liraya satıldı. {built} \
yılında yapılan binanın {floor}. katındaki daireyi {seller}, {buyer} adlı alıcıya {day} {month} günü devretti.

Aynı sokakta son bir yılda {count} daire el değiştirdi. En pahalısı {dearest} liraya alıcı buldu. Emlakçı {person}, \
bölgede fiyatların geçen yıla göre yüzde {percent} arttığını söyledi.

Bu haber tapu kayıtlarından otomatik olarak hazırlanmıştır. Yanlış gördüğünüz bilgileri yazı işlerine \
bildirebilirsiniz."""

_TEXTS = {
    "en": _STOCKS, "es": _WEATHER, "de": _COURT, "fr": _ELECTION, "ru": _OBITUARY,
    "zh": _RECALL, "ar": _JOBS, "it": _RECIPE, "ja": _QUAKE, "tr": _FLATS,
}  # fmt: skip
LANGUAGES = tuple(_TEXTS)

_NAMES = {
    "en": {
        "firm": "Tarnbeck Mills|Ostle Marine|Quillfeather|Hexford Optics|Marrowby Steel|Aldersyke Foods|Cranwick Rail",
        "town": "Fellmouth|Port Ellery|Stonebridge|Gannet Head|Ropewalk",
        "person": "Ines Torvald|Bram Oakley|Petra Quill|Jonas Verhey|Maud Sallis|Otto Brandreth|Kezia Noonan",
        "month": "January|March|May|June|August|November",
        "weekday": "Monday|Tuesday|Wednesday|Thursday|Friday",
        "way": "a strong day|a weak day|a quiet day",
        "way2": "higher|lower",
    },
    "es": {
        "town": "Valdemora|Peñarrubia|Torrelaguna|Cuevablanca|Navahonda|Montearagón|Ribadeva",
        "region": "La Sagra|El Bierzo|Las Encartaciones|La Vera|Los Monegros|La Axarquía",
        "danger": "lluvias|viento|calor|nieve|tormentas|niebla",
        "colour": "amarillo|naranja|rojo",
        "month": "enero|marzo|mayo|julio|agosto|noviembre",
        "weekday": "lunes|martes|miércoles|jueves|viernes|sábado",
    },
    "de": {
        "town": "Grauholm|Wendstedt|Karsdorf|Bruchtal|Quernheim|Ostrach",
        "region": "Lötzen|Mühlrode|Altfeld|Hagenau|Eichwerder|Zollbrück",
        "crime": "Betrug|Diebstahl|Untreue|Urkundenfälschung|Sachbeschädigung|Hehlerei",
        "person": "Ruprecht Zilinski|Dankward Pfuhl|Egon Twardy|Henning Bracht",
        "judge": "Wiebke Oltmanns|Jördis Krahl|Selma Quade|Almut Reiser",
        "month": "Januar|März|Mai|Juli|August|Dezember",
        "first": "Februar|April|Juni",
    },
    "fr": {
        "person": "Solène Guivarch|Baptiste Orhant|Maëlle Quintin|Yvon Trébaol|Ninon Lacaze|Gaspard Meunier",
        "other": "Hervé Castagnet|Lucile Bonnafous|Édith Romieu|Théo Vauclin|Aude Sarrazin",
        "region": "la Creuse|la Mayenne|la Drôme|la Nièvre|la Vendée|la Somme",
        "party": "Union rurale|Alliance du littoral|Parti des communes|Rassemblement citoyen",
        "rival": "Gauche des vallées|Centre et territoires|Mouvement populaire|Écologie d'abord",
        "town": "Guéret|Laval|Valence|Nevers|Luçon|Péronne",
    },
    "ru": {
        "role": "архитектор|тренер|художник|хирург|геолог|дирижёр",
        "person": "Виктор Заболотный|Пётр Лунёв|Семён Каргапольцев|Артур Вяземцев|Глеб Стрижов|Илья Мокроусов",
        "town": "Кедрогорск|Приозёрное|Белокаменск|Старожилово|Верхнереченск",
        "other_town": "Залесье|Ключевское|Малиновка|Узловая",
        "firm": "Точмаш|Северсталь-Лес|Гранит|Волгоприбор|Заря",
        "month": "января|марта|мая|июля|августа|ноября",
    },
    "zh": {
        "firm": "青岚电器有限公司|白鹭科技有限公司|云溪家电有限公司|石桥电子有限公司|望海实业有限公司",
        "product": "电暖器|空气炸锅|儿童座椅|电动滑板车|电水壶|吸尘器",
        "cause": "电源线绝缘不良|温控器设计缺陷|电池焊接质量问题|外壳材料不阻燃|锁扣强度不足",
        "model": "QL-220|BL-86|YX-1500|SQ-33|WH-907",
    },
    "ar": {
        "firm": "شركة النخيل للتجارة|مؤسسة الأفق الهندسية|مجموعة الواحة الغذائية|شركة الميناء للنقل",
        "town": "العين|نزوى|صلالة|الزرقاء|الخرج|صحار",
        "role": "المحاسبين|المهندسين|السائقين|المبرمجين|الممرضين|البائعين",
        "person": "سامر الحداد|ياسين البلوشي|هيثم الزعبي|طارق المنصوري|فراس العتيبي",
        "month": "يناير|مارس|مايو|يوليو|أغسطس|نوفمبر",
    },
    "it": {
        "dish": "Torta di zucca|Sformato di carciofi|Frittata ai funghi|Crostata di ciliegie|Polpette di melanzane",
        "person": "nonna Ersilia|zia Fiorenza|Gualtiero Mosca|Ottavia Brusa|suor Letizia",
        "first_food": "la zucca|i carciofi|i funghi|le ciliegie|le melanzane|gli spinaci",
        "second_food": "ricotta|pancetta|mandorle tritate|pangrattato|scamorza|salsiccia",
        "third_food": "olio|burro fuso|strutto|panna|vino bianco",
    },
    "ja": {
        "region": "青森県東方沖|能登地方|日向灘|胆振地方|三河湾周辺|奄美大島近海",
        "sea": "十勝沖|若狭湾|豊後水道|駿河湾|石狩湾|種子島近海",
        "town": "八戸市|輪島市|延岡市|室蘭市|豊橋市|奄美市",
    },
    "tr": {
        "town": "Çamlıova|Gökpınar|Taşköprü|Derebaşı|Karadut|Yeşilyazı",
        "street": "Kestane|Değirmen|Çınar|Pınarbaşı|Zambak|Fener",
        "seller": "Hüsnü Tekelioğlu|Nermin Saraç|Şükran Dalkıran|Orhan Kızıltan",
        "buyer": "Feride Bozkurt|Kenan Altıparmak|Zerrin Uçar|Tuncay Ergüven",
        "person": "Levent Soykan|Bedia Çetiner|Rıfat Gündoğan",
        "month": "Ocak|Mart|Mayıs|Temmuz|Ağustos|Kasım",
    },
}  # fmt: skip

_RANGES = {
    "price": (102, 987), "cents": (11, 98), "percent": (2, 19), "tenth": (1, 9), "volume": (11000, 98000),
    "average": (11000, 98000), "high": (103, 990), "low": (11, 98), "day": (2, 28), "profit": (12, 970),
    "index": (2100, 9800), "hour": (7, 12), "until": (14, 23), "degrees": (31, 220), "wind": (51, 130),
    "next_hour": (13, 22), "minute": (10, 59), "room": (101, 399), "age": (19, 92), "count": (3, 40),
    "number": (2, 19), "file": (111, 8999), "year": (2015, 2025), "damage": (1100, 98000), "witnesses": (2, 14),
    "share": (71, 99), "second": (11, 24), "turnout": (41, 79), "voters": (51000, 98000), "born": (1931, 1959),
    "finished": (1960, 1984), "years": (11, 49), "children": (2, 9), "later": (11, 29), "last": (7, 12),
    "first": (1, 6), "phone": (40010000, 40099999), "salary": (3100, 19000), "people": (2, 9), "grams": (150, 950),
    "more": (51, 149), "spoons": (2, 9), "minutes": (11, 59), "oven": (21, 55), "strength": (2, 6),
    "depth": (11, 99), "size": (3, 6), "rooms": (2, 7), "area": (48, 290), "built": (1950, 2023), "floor": (2, 19),
    "dearest": (1100, 9800),
}  # fmt: skip


def sibling(language: str, number: int) -> str:
    """The report of a language's series; another number tells other facts, the same number the same."""
    chance = Random(f"{language} {number}")
    facts: dict[str, object] = {name: chance.randrange(*ends) for name, ends in _RANGES.items()}
    facts |= {"month": chance.randrange(1, 13)} if language == "zh" else {}
    facts |= {name: chance.choice(words.split("|")) for name, words in _NAMES[language].items()}
    return _TEXTS[language].format(**facts)


def trailed(text: str) -> str:
    """A copy with lines of a site around it."""
    return f"Menu\n\n{text}\n\nShare this\n\nMore from this site"


def cut(text: str) -> str:
    """A copy without its last paragraph."""
    return text.rpartition("\n\n")[0]


def edited(text: str) -> str:
    """A copy in which one word of the last paragraph is another."""
    body, gap, last = text.rpartition("\n\n")
    words = last.split(" ")
    middle = len(words) // 2
    if len(words) > 2 * middle > 6:
        words[middle], words[middle + 1] = words[middle + 1], words[middle]
        return body + gap + " ".join(words)
    return body + gap + last[:10] + last[12:]


COPIES: dict[str, Callable[[str], str]] = {"trailed": trailed, "cut": cut, "edited": edited}
"""Ways to copy a report by their names."""
