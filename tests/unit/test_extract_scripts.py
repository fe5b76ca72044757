"""What is a sentence, a menu or a teaser is told alike in every script, however few its letters are."""

from __future__ import annotations

import pytest
from support.pages import html, page

from ingest.extract.page import extract
from ingest.lang.words import ends_sentence, extent
from ingest.model import Article

# A headline, three sentences of an article, and the headline of another one.
BRIEFS = {
    "en": (
        "Ferry out of service until spring",
        "The ferry between the two towns has been out of service since the storm broke its ramp on Sunday night.",
        "Commuters have been sent round by the bridge, which takes them forty minutes longer each way.",
        "The council will decide next month whether to buy a second ferry.",
        "Work on the new pier starts next year",
    ),
    "zh": (
        "渡轮停运至春天",
        "自从周日夜里的风暴打断了坡道以来，两座城市之间的渡轮一直停运。",
        "通勤的人只好绕行大桥，每趟要多花四十分钟。",
        "市议会下个月将决定是否再买一艘渡轮。",
        "港口新码头明年开工",
    ),
    "ja": (
        "渡し船、春まで運休",
        "日曜日の夜の嵐で斜路が折れて以来、二つの町を結ぶ渡し船は運航を止めている。",
        "通勤客は橋を回らねばならず、片道で四十分余計にかかる。",
        "町議会は来月、二隻目の船を買うかどうかを決める。",
        "新しい桟橋、来年着工へ",
    ),
    "ko": (
        "여객선 운항 중단",
        "일요일 밤 폭풍으로 경사로가 부러진 뒤 두 도시를 잇는 여객선이 멈춰 섰다.",
        "통근자들은 다리로 돌아가야 해 편도 사십 분이 더 걸린다.",
        "시의회는 다음 달 두 번째 배를 살지 결정한다.",
        "새 부두 내년 착공",
    ),
    "th": (
        "เรือข้ามฟากหยุดถึงฤดูใบไม้ผลิ",
        "เรือข้ามฟากระหว่างสองเมืองหยุดให้บริการตั้งแต่พายุพัดทางลาดหักเมื่อคืนวันอาทิตย์",
        "ผู้โดยสารต้องอ้อมไปทางสะพานซึ่งใช้เวลาเพิ่มขึ้นสี่สิบนาทีต่อเที่ยว",
        "สภาเมืองจะตัดสินใจเดือนหน้าว่าจะซื้อเรือลำที่สองหรือไม่",
        "ท่าเรือใหม่เริ่มสร้างปีหน้า",
    ),
    "lo": (
        "ເຮືອຂ້າມຟາກຢຸດ",
        "ເຮືອຂ້າມຟາກລະຫວ່າງສອງເມືອງຢຸດໃຫ້ບໍລິການຕັ້ງແຕ່ພາຍຸເຮັດໃຫ້ທາງຂຶ້ນລົງຫັກໃນຄືນວັນອາທິດ",
        "ຜູ້ໂດຍສານຕ້ອງອ້ອມໄປທາງຂົວ ຊຶ່ງໃຊ້ເວລາເພີ່ມຂຶ້ນສີ່ສິບນາທີ",
        "ສະພາເມືອງຈະຕັດສິນໃຈໃນເດືອນໜ້າວ່າຈະຊື້ເຮືອລຳທີສອງຫຼືບໍ່",
        "ທ່າເຮືອໃໝ່ຈະເລີ່ມສ້າງປີໜ້າ",
    ),
    "km": (
        "សាឡាងផ្អាកដំណើរការ",
        "សាឡាងរវាងទីក្រុងទាំងពីរបានផ្អាកដំណើរការចាប់តាំងពីព្យុះបានបំបាក់ផ្លូវឡើងចុះនៅយប់ថ្ងៃអាទិត្យ។",
        "អ្នកធ្វើដំណើរត្រូវឆ្លងតាមស្ពាន ដែលចំណាយពេលបន្ថែមសែសិបនាទី។",
        "ក្រុមប្រឹក្សានឹងសម្រេចនៅខែក្រោយថាតើត្រូវទិញសាឡាងទីពីរឬអត់។",
        "ផែថ្មីនឹងសាងសង់ឆ្នាំក្រោយ",
    ),
    "my": (
        "ကူးတို့သင်္ဘော ရပ်နား",
        "မြို့နှစ်မြို့ကြား ကူးတို့သင်္ဘောသည် တနင်္ဂနွေညက မုန်တိုင်းကြောင့် ဆင်ခြေလျှောကျိုးသွားပြီးကတည်းက ရပ်နားထားသည်။",
        "ခရီးသည်များသည် တံတားမှ လှည့်သွားရပြီး တစ်ကြောင်းလျှင် မိနစ်လေးဆယ်ပိုကြာသည်။",
        "မြို့တော်ကောင်စီက ဒုတိယသင်္ဘောဝယ်မည်မဝယ်မည်ကို လာမည့်လတွင် ဆုံးဖြတ်မည်။",
        "ဆိပ်ခံတံတားသစ် နောက်နှစ်စတင်ဆောက်လုပ်မည်",
    ),
}

AROUND = {"named": "<main><article>{}</article></main>", "unnamed": '<div class="c1">{}</div>'}


@pytest.mark.parametrize("language", BRIEFS)
def test_a_brief_with_a_link_is_read_whole_in_every_script(language: str) -> None:
    """Three sentences are an article without the link to another one, wherever it stands and by whatever tag."""
    title, one, two, three, other = BRIEFS[language]
    link = f'<p><a href="/news/new-pier">{other}</a></p>'
    texts = {
        "alone": f"<p>{one}</p><p>{two}</p><p>{three}</p>",
        "link behind": f"<p>{one}</p><p>{two}</p><p>{three}</p>{link}",
        "link between": f"<p>{one}</p><p>{two}</p>{link}<p>{three}</p>",
        "boxes": f"<div>{one}</div><div>{two}</div><div>{three}</div>",
    }
    for name, text in texts.items():
        for kind, around in AROUND.items():
            menu = f'<header><nav><a href="/n">{other[:4]}</a> <a href="/s">{title[:4]}</a></nav></header>'
            body = around.format(f"<h1>{title}</h1>{text}")
            article = extract(page(f'<html lang="{language}"><title>{title}</title><body>{menu}{body}</body></html>'))
            assert isinstance(article, Article), (name, kind)
            assert [block.text for block in article.blocks] == [one, two, three], (name, kind)


def test_a_text_has_one_length_in_every_script() -> None:
    """What the sentences of a brief say is about as long in all, and each ends as one, with or without a stop."""
    english = sum(map(extent, BRIEFS["en"][1:4]))
    for sentences in BRIEFS.values():
        assert english / 1.6 < sum(map(extent, sentences[1:4])) < english * 1.6
        assert all(map(ends_sentence, sentences[1:4]))
        assert not ends_sentence(sentences[0])


@pytest.mark.parametrize(
    ("before", "link", "after"),
    [
        ("Die Fähre fährt laut der", "Hafenzeitung", "Ende März wieder, wenn das Eis es zulässt."),
        ("Wie gestern bekannt wurde, hat das Boot von", "Kapitän Brandt", "Vorrang vor allen anderen im Hafen."),
        ("The news that", "the ferry is sold", "this Tuesday is not confirmed by anybody."),
    ],
)
def test_a_sentence_cut_at_its_link_is_whole(before: str, link: str, after: str) -> None:
    """Where the line before the link ends in the middle of a clause, also if the next begins with a capital."""
    rest = "".join(f"<p>{text}</p>" for text in BRIEFS["en"][1:4])
    article = extract(page(html(f'{rest}<p>{before}</p><p><a href="/x">{link}</a></p><p>{after}</p>{rest}')))
    assert isinstance(article, Article)
    assert f"{before} {link} {after}" in article.text


def test_a_link_between_whole_lines_joins_nothing() -> None:
    """A line without a stop that ends in no open clause (a by-line, a caption) stays apart from what follows."""
    one, two, three = BRIEFS["en"][1:4]
    body = f'<p>Photo: Ann Lee</p><p><a href="/x">Work on the new pier</a></p><p>{one}</p><p>{two}</p><p>{three}</p>'
    article = extract(page(html(body)))
    assert isinstance(article, Article)
    assert one in [block.text for block in article.blocks]
