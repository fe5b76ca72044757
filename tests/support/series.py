"""Reports made from templates, in several languages: the same words around other names and numbers."""

from __future__ import annotations

from random import Random

_SALE = """\
{rooms}-room house in {town} sells for {price:,} crowns

A house at {number} {street} in {town} has a new owner. {seller} sold it to {buyer} on {day} {month} for {price:,} \
crowns, which is {square:,} crowns a square metre. The house was built in {built} and has a living space of {area} \
square metres on a plot of {plot} square metres.

It is the {count}th sale on {street} since {month}. The dearest of them, at number {other}, went for {dearest:,} \
crowns when {former} moved away.

This text was made by a program from the entries of the land register. Do you see a mistake? Write to the editors of \
the housing page, who look into every hint and put right what is wrong."""

_ACCIDENT = """\
Unfall auf der {street}: {hurt} Verletzte

Bei einem Unfall auf der {street} in {town} sind am {day}. {month} gegen {hour}.{minute:02} Uhr {hurt} Menschen \
verletzt worden. Ein {age} Jahre alter Fahrer aus {from_town} kam nach Angaben der Polizei aus ungeklärter Ursache von \
der Fahrbahn ab und stieß mit dem Wagen von {buyer} zusammen.

Die Feuerwehr war mit {crew} Einsatzkräften vor Ort, die Straße blieb {blocked} Stunden lang gesperrt. Den Schaden \
schätzt Polizeisprecher {seller} auf {price} Euro. Zeugen werden gebeten, sich bei der Polizei zu melden. Die \
Ermittlungen zur Ursache des Unfalls dauern an."""

_RIVER = """\
{town}：河水水位{price}厘米

{town}水文站{month}月{day}日{hour}时发布消息：{street}水位为{price}厘米，比昨日上涨{square}厘米，流量每秒{plot}立方米。预计未来{blocked}天水位继续上涨，\
最高可达{dearest}厘米。

{town}水文站工作人员提醒，沿河居民请注意安全，不要到河边游玩，车辆不要停放在低洼地段。{town}共有{crew}支抢险队伍待命，已转移群众{area}人。如遇险情，\
请立即拨打求助电话。"""

_WORDS = {
    "en": (
        ("Aldersyke", "Fellmouth", "Port Ellery", "Cranwick", "Marrowby", "Tarnbeck", "Ostle", "Hexford"),
        ("Quince Lane", "Barrack Street", "Ropewalk", "Dyer Close", "Gannet Road", "Wharf Hill", "Minster Yard"),
        ("Ines Torvald", "Bram Oakley", "Petra Quill", "Jonas Verhey", "Maud Sallis", "Otto Brandreth", "Kezia Noonan"),
        ("January", "March", "May", "June", "August", "November"),
    ),
    "de": (
        ("Grauholm", "Wendstedt", "Ilmenau", "Karsdorf", "Bruchtal", "Lötzen", "Quernheim", "Ostrach"),
        ("Mühlengasse", "Kastanienallee", "Werftstraße", "Zollbrücke", "Hagenring", "Eichendamm"),
        ("Ruprecht Zilinski", "Wiebke Oltmanns", "Jördis Krahl", "Dankward Pfuhl", "Selma Quade", "Egon Twardy"),
        ("Januar", "März", "Mai", "Juli", "August", "Dezember"),
    ),
    "zh": (
        ("青岚市", "白鹭镇", "石桥县", "望海区", "松原乡", "云溪市", "金陵渡", "柳泉镇"),
        ("清水河", "黑龙江支流", "长乐渠", "大沙河", "玉带河", "红柳沟"),
        ("周明", "李响", "王芳", "赵磊", "孙悦", "郑凯"),
        ("1", "3", "5", "7", "9", "12"),
    ),
}
_TEMPLATES = {"en": _SALE, "de": _ACCIDENT, "zh": _RIVER}


def report(language: str, number: int) -> str:
    """The report of a series; another number tells other facts, the same number the same."""
    chance = Random(f"{language} {number}")
    towns, streets, people, months = _WORDS[language]
    seller, buyer, former = chance.sample(people, 3)
    town, from_town = chance.sample(towns, 2)
    facts: dict[str, object] = {
        "town": town,
        "from_town": from_town,
        "street": chance.choice(streets),
        "seller": seller,
        "buyer": buyer,
        "former": former,
        "month": chance.choice(months),
        "day": chance.randrange(2, 29),
    }
    ranges = {
        "rooms": (2, 9), "number": (2, 190), "price": (1100, 98000), "square": (10, 900), "built": (1870, 2024),
        "area": (48, 390), "plot": (210, 4100), "count": (4, 19), "other": (2, 190), "dearest": (99000, 320000),
        "hurt": (2, 9), "hour": (1, 23), "minute": (0, 59), "age": (18, 90), "crew": (11, 80), "blocked": (2, 9),
    }  # fmt: skip
    return _TEMPLATES[language].format(**facts, **{name: chance.randrange(*ends) for name, ends in ranges.items()})
