"""Articles over several pages: stories in several languages, layouts of their pages, and a site that holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.model import Page, Record, Seed, SiteRule
from ingest.outcome import Rejection
from ingest.parts import Limits, Wanted, whole
from ingest.pipeline import process_page

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LIMITS = Limits(pages=20, size=5_000_000)


@dataclass(frozen=True, kw_only=True)
class Story:
    """An article: its language, headline, author, six paragraphs, and words of its site."""

    code: str
    title: str
    author: str
    text: tuple[str, ...]
    page: str
    of: str
    onward: str


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A page of a story as a layout gets it: its number of so many, paragraphs, and the addresses of all pages."""

    story: Story
    number: int
    total: int
    text: Sequence[str]
    urls: Sequence[str]

    @property
    def paragraphs(self) -> str:
        """The paragraphs of this page."""
        return "".join(f"<p>{one}</p>" for one in self.text)

    def url(self, number: int) -> str:
        """The address of another page; "" where there is none."""
        return self.urls[number - 1] if 1 <= number <= self.total else ""


STORIES = {
    "en": Story(
        code="en",
        title="Harbour quay shut after piles are found to have rotted",
        author="Maud Fenwick",
        page="Page",
        of="of",
        onward="Next page",
        text=(
            "The harbour board decided on Monday to shut the old ferry quay for the winter: its piles have rotted.",
            "Passengers will board at the fish market, where a floating stage is being built by two local yards.",
            "The board expects the work to cost four million crowns, of which the county will pay about a third.",
            "Skippers of smaller boats said that they had asked for new piles every spring since the last storm.",
            "The mayor promised on Tuesday that the stage would be ready before the first ice and no later than that.",
            "Nobody from the county came to the meeting, but a letter was read in which it renews its promise.",
        ),
    ),
    "de": Story(
        code="de",
        title="Alter Fähranleger nach Fäulnis in den Pfählen gesperrt",
        author="Jörg Hallwag",
        page="Seite",
        of="von",
        onward="Nächste Seite",
        text=(
            "Der Hafenrat hat am Montag beschlossen, den alten Anleger über den Winter zu sperren: Pfähle sind faul.",
            "Die Fahrgäste steigen bis zum Frühjahr am Fischmarkt ein, wo zwei Werften einen schwimmenden Steg bauen.",
            "Der Rat rechnet mit Kosten von vier Millionen Kronen, von denen der Kreis etwa ein Drittel tragen will.",
            "Die Schiffer kleinerer Boote sagten, sie hätten seit der letzten Sturmflut stets neue Pfähle verlangt.",
            "Die Bürgermeisterin versprach am Dienstag, der Steg werde vor dem ersten Eis fertig sein, nicht später.",
            "Vom Kreis war niemand in der Sitzung, doch wurde ein Brief verlesen, in dem er seine Zusage erneuert.",
        ),
    ),
    "ru": Story(
        code="ru",
        title="Старый паромный причал закрыли из-за гнилых свай",
        author="Лидия Морева",
        page="Страница",
        of="из",
        onward="Следующая страница",
        text=(
            "Портовый совет решил в понедельник закрыть старый паромный причал на зиму: его сваи сгнили под водой.",
            "До весны пассажиры будут садиться у рыбного рынка, где две местные верфи строят плавучий помост.",
            "Совет рассчитывает, что работы обойдутся в четыре миллиона крон, треть из которых заплатит округ.",
            "Шкиперы небольших лодок рассказали, что просили заменить сваи каждую весну после последнего шторма.",
            "Мэр пообещала во вторник, что помост будет готов раньше первого льда и ни днём позже этого срока.",
            "Из округа на собрание никто не приехал, но там прочли письмо, в котором он подтверждает обещание.",
        ),
    ),
    "ja": Story(
        code="ja",
        title="旧フェリー桟橋、杭の腐食が見つかり冬の間閉鎖へ",
        author="森田 佳代",
        page="ページ",
        of="/",
        onward="次のページへ",
        text=(
            "港湾委員会は月曜日、杭が水面下で腐食していたため、古いフェリー桟橋を冬の間閉鎖することを決定した。",
            "乗客は春まで魚市場の前から乗船することになり、地元の二つの造船所が浮き桟橋を建設している。",
            "委員会によると工事には四百万クローネがかかる見込みで、そのおよそ三分の一を県が負担する予定だ。",
            "小型船の船長たちは、前回の嵐以来、毎年春に杭の交換を求めてきたと会合の席で口々に話した。",
            "市長は火曜日、浮き桟橋は最初の氷が張る前に必ず完成し、それより遅れることはないと約束した。",
            "県からは誰も会合に出席しなかったが、昨年の約束を改めて確認する手紙がその場で読み上げられた。",
        ),
    ),
    "ar": Story(
        code="ar",
        title="إغلاق رصيف العبارات القديم بعد اكتشاف تآكل أعمدته",
        author="سلمى حداد",
        page="صفحة",
        of="من",
        onward="الصفحة التالية",
        text=(
            "قرر مجلس الميناء يوم الاثنين إغلاق رصيف العبارات القديم طوال فصل الشتاء بعد أن تآكلت أعمدته تحت الماء.",
            "سيصعد الركاب حتى الربيع من أمام سوق السمك حيث يبني حوضان محليان رصيفا عائما من الفولاذ والخشب.",
            "يتوقع المجلس أن تكلف الأعمال أربعة ملايين كرونة وقد وعدت المقاطعة بأن تدفع نحو ثلث هذا المبلغ.",
            "قال أصحاب القوارب الصغيرة إنهم طالبوا بأعمدة جديدة في كل ربيع منذ العاصفة الأخيرة ولم يسمعهم أحد.",
            "وعدت رئيسة البلدية يوم الثلاثاء بأن الرصيف العائم سيكون جاهزا قبل أول جليد وليس بعد ذلك بيوم.",
            "لم يحضر أحد من المقاطعة الاجتماع لكن رسالة قرئت فيه جددت فيها المقاطعة وعدها الذي قطعته العام الماضي.",
        ),
    ),
    "pl": Story(
        code="pl",
        title="Stare nabrzeże promowe zamknięte, bo zgniły jego pale",
        author="Bożena Rytel",
        page="Strona",
        of="z",
        onward="Następna strona",
        text=(
            "Rada portu postanowiła w poniedziałek zamknąć na zimę stare nabrzeże promowe, ponieważ zgniły jego pale.",
            "Do wiosny pasażerowie będą wsiadać przy targu rybnym, gdzie dwie stocznie budują pływający pomost.",
            "Rada szacuje koszt prac na cztery miliony koron, z czego mniej więcej jedną trzecią zapłaci powiat.",
            "Szyprowie mniejszych łodzi mówili, że od ostatniego sztormu co roku na wiosnę prosili o nowe pale.",
            "Burmistrzyni obiecała we wtorek, że pomost będzie gotowy przed pierwszym lodem i ani dnia później.",
            "Z powiatu nikt na zebranie nie przyjechał, ale odczytano tam list, w którym ponawia on swoją obietnicę.",
        ),
    ),
}
"""By language; each has six paragraphs, for three pages of two."""

MORE = {
    "fr": Story(
        code="fr",
        title="Le moulin de Vernoux moud de nouveau la farine du village",
        author="Élodie Perrachon",
        page="Page",
        of="sur",
        onward="Page suivante",
        text=(
            "Le vieux moulin de Vernoux a recommencé à moudre samedi, après onze ans de silence.",
            "Les habitants avaient réuni l'argent en vendant des gâteaux, des cartes et les tuiles de l'ancien toit.",
            "Le meunier, arrivé de la vallée voisine, dit que les meules sont bonnes encore pour un demi-siècle.",
            "La farine sera vendue au marché du jeudi, et le surplus ira à la cantine de l'école, assure la maire.",
        ),
    ),
    "es": Story(
        code="es",
        title="El molino de Robledal vuelve a moler once años después",
        author="Inés Carballo",
        page="Página",
        of="de",
        onward="Página siguiente",
        text=(
            "El viejo molino de Robledal volvió a moler el sábado después de once años de silencio.",
            "Los vecinos juntaron el dinero vendiendo pasteles, postales y las tejas del tejado antiguo.",
            "El molinero, que llegó del valle de al lado, dice que las muelas aguantarán todavía medio siglo.",
            "La harina se venderá los jueves en el mercado y lo que sobre irá al comedor de la escuela.",
        ),
    ),
    "tr": Story(
        code="tr",
        title="Kayaköy değirmeni on bir yıl sonra yeniden dönüyor",
        author="Nermin Aksoylu",
        page="Sayfa",
        of="/",
        onward="Sonraki sayfa",
        text=(
            "Kayaköy'ün eski su değirmeni, on bir yıllık sessizlikten sonra cumartesi günü yeniden döndü.",
            "Köylüler parayı kek, kartpostal ve eski çatıdan kalan kiremitleri satarak altı yılda topladı.",
            "Komşu vadiden gelen değirmenci, taşların en az elli yıl daha dayanacağını, suyun da yeteceğini söylüyor.",
            "Un perşembe pazarında satılacak, artanı okulun yemekhanesine verilecek, dedi muhtar açılış töreninde.",
        ),
    ),
    "zh": Story(
        code="zh",
        title="石桥村老水磨停转十一年后重新磨面",
        author="陆文清",
        page="页",
        of="/",
        onward="下一页",
        text=(
            "石桥村的老水磨在沉寂了十一年、又经过两个冬天的修缮之后，星期六上午终于重新转了起来。",
            "村民们靠卖糕点、明信片和旧屋顶上拆下来的瓦片，前后用了六年时间才凑齐了修缮所需的钱。",
            "从邻近山谷请来的磨坊师傅说，这对石磨至少还能再用五十年，河里的水量也完全够用。",
            "磨出来的面粉将在每星期四的集市上出售，村长说剩下的会全部送给村里小学的食堂。",
        ),
    ),
    "fi": Story(
        code="fi",
        title="Koskenpään mylly jauhaa taas yhdentoista vuoden jälkeen",
        author="Tuulikki Rantanen",
        page="Sivu",
        of="/",
        onward="Seuraava sivu",
        text=(
            "Koskenpään vanha vesimylly alkoi lauantaina taas jauhaa oltuaan hiljaa yksitoista vuotta.",
            "Kyläläiset keräsivät rahat myymällä kakkuja, postikortteja ja vanhan katon tiiliä kuuden vuoden ajan.",
            "Naapurilaaksosta tullut mylläri sanoo, että kivet kestävät vielä viisikymmentä vuotta ja vettä riittää.",
            "Jauhoja myydään torstaisin torilla, ja se mikä jää yli, annetaan koulun keittiölle, kertoo kyläyhdistys.",
        ),
    ),
    "hi": Story(
        code="hi",
        title="ग्यारह साल बाद फिर चली शिवपुर की पुरानी पनचक्की",
        author="मीनाक्षी रावत",
        page="पृष्ठ",
        of="/",
        onward="अगला पृष्ठ",
        text=(
            "शिवपुर गाँव की पुरानी पनचक्की ग्यारह साल की चुप्पी और दो सर्दियों की मरम्मत के बाद शनिवार को फिर चल पड़ी।",
            "गाँव वालों ने केक, पोस्टकार्ड और पुरानी छत से बचे हुए खपरैल बेचकर छह साल में इसके लिए पैसे जुटाए थे।",
            "पड़ोस की घाटी से आए चक्की वाले का कहना है कि पाट अभी कम से कम पचास साल और चलेंगे और पानी भी काफी है।",
            "आटा गुरुवार के बाज़ार में बिकेगा और जो बचेगा वह गाँव के स्कूल की रसोई को दिया जाएगा, ऐसा सरपंच ने बताया।",
        ),
    ),
}
"""Others, each with four paragraphs."""

MENU = '<nav><ul><li><a href="/">●</a></li><li><a href="/sport">Sport</a></li><li><a href="/2">2</a></li></ul></nav>'
FOOT = '<footer><p>The Bay · 4 Quay Street</p><a href="/about">i</a> <a href="/archive?page=2">2</a></footer>'


def html(leaf: Leaf, body: str, head: str = "", title: str | None = None) -> str:
    """A page with a menu and a foot, each with a link that has a number, too."""
    return (
        f'<!doctype html><html lang="{leaf.story.code}"><head><meta charset="utf-8">'
        f"<title>{title or leaf.story.title}</title>{head}</head><body>{MENU}{body}{FOOT}</body></html>"
    )


def linked(leaf: Leaf, named: Callable[[int], str], between: str = " ", mark: str = "b") -> str:
    """Links to all pages but this one."""
    rows = []
    for number in range(1, leaf.total + 1):
        word = named(number)
        here = f"<{mark}>{word}</{mark}>" if mark else word
        rows.append(here if number == leaf.number else f'<a href="{leaf.url(number)}">{word}</a>')
    return between.join(rows)


def site_of(
    story: Story,
    address: Callable[[int], str],
    layout: Callable[[Leaf], str],
    per_page: int = 2,
) -> dict[str, str]:
    """A site with the pages of a story, by address, in their order."""
    parts = [story.text[start : start + per_page] for start in range(0, len(story.text), per_page)]
    urls = [address(number) for number in range(1, len(parts) + 1)]
    return {
        url: layout(Leaf(story=story, number=number, total=len(parts), text=text, urls=urls))
        for number, (url, text) in enumerate(zip(urls, parts, strict=True), 1)
    }


def page_at(url: str, body: str, rule: SiteRule | None = None) -> Page:
    """A page as it is fetched."""
    return Page(
        seed=Seed(url=url),
        final_url=url,
        body=body.encode(),
        fetched_at=NOON,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        rule=rule,
    )


@dataclass(frozen=True)
class Read:
    """What reading a page of a site came to, and what else was asked for."""

    record: Record | Rejection
    asked: list[str]


def read(site: Mapping[str, str], url: str, rule: SiteRule | None = None, limits: Limits = LIMITS) -> Read:
    """Read a page of a site together with what it goes on over."""
    asked: list[str] = []

    def get(wanted: Sequence[Wanted]) -> list[Page | None]:
        asked.extend(one.url for one in wanted)
        return [replace(page_at(one.url, site[one.url]), rule=rule) if one.url in site else None for one in wanted]

    def process(pages: Mapping[int, Page]) -> dict[int, Record | Rejection]:
        return {key: process_page(page) for key, page in pages.items()}

    pages = {0: page_at(url, site[url], rule)}
    return Read(whole(pages, process(pages), process, get, limits)[0], asked)
