"""Function words of languages that wordfreq has no table of, commonest first, as newsmill's authors know them."""

from __future__ import annotations

from typing import Final

FUNCTION_WORDS: Final = {
    "be": (
        "і у не на што з я ў гэта як да ён а за для па але яны так ты мы вы яна ад пра было быў гэты гэтага яго мне "
        "ёсць толькі таксама калі быць або каб ужо яшчэ бо тут там дзе чаму хто ці была былі будзе вельмі мяне цябе "
        "яе іх нас вас сваё свой сваю свае сёння заўтра учора можа трэба больш пасля перад каля паміж праз без пад "
        "над якія які якая якое таму вось ніхто нічога ніколі заўсёды можна няма гэтай гэтым гэтыя усе усё ўсе ўсё "
        "сабе сябе мой мая маё мае твой твая наш ваш іншыя некалькі шмат людзі людзей чалавек год года гады годзе "
        "дзень добра дзякуй калісьці зараз цяпер раней нават хоць адзін два тры першы новы беларусі беларусь мінску "
        "мінск краіны краіна ўжо ўсіх кажа сказаў сказала паведаміў паводле словах хачу хоча магу можаш ведаю ведае "
        "люблю любіць робіць рабіць буду будзеш будзем будуць бываў маю маеш маюць меў мела хацеў хацела павінен "
        "павінна можам могуць мог магла думаю думае бачу бачыў бачыла глядзі скажы кажуць кажу пайшоў пайшла прыйшоў "
        "прыйшла пайду прыйдзе едзе жыве жыву працуе працую працаваць чытаць пісаць гаварыць ведаць рабіў зрабіў "
        "зрабіла купіў дай дайце крыху трохі далей бліжэй хутка рана позна дома дадому адсюль адкуль куды навошта "
        "колькі столькі такі такая такія тады калісь адразу зноў менавіта дарэчы напэўна канечне безумоўна магчыма "
        "увогуле амаль вакол супраць акрамя замест згодна дзеля мала менш лепш горш вялікі вялікая малы новая новае "
        "новыя стары добры добрая дрэнна прыгожы апошні другі трэці дзве чатыры пяць дзесяць сто тысяч тыдзень месяц "
        "гадзіна хвіліна час ранак вечар ноч сям'я маці бацька брат сястра дзеці дзіця сын дачка мужчына жанчына "
        "дзяўчына хлопец сябар сябры дом хата горад вёска вуліца школа праца вада хлеб кніга мова слова пытанне адказ "
        "свет жыццё рука вочы грошы улада урад прэзідэнт міністр закон суд паліцыя вайна беларуская беларускі "
        "беларускай мінска расіі расія украіны украіна"
    ),
    "nn": (
        "og i det på som er til av ein å for med at eg ikkje dei var har han vi den ho om eit men frå kan så vil meg "
        "du skal seg no også då vere hadde etter dette blir når ut opp der nokon noko eller vart berre må kva korleis "
        "kvifor kven kvar kor mykje meir andre desse før over ved alle oss seier seie sa gjere gjer heile mellom "
        "fleire mange sjølv enno ingen gong år dag dykk dykkar hennar deira eigen eigne nye ny vore gjekk kjem kome "
        "kjære heim heime saman likevel medan ettersom noreg norsk"
    ),
    "af": (
        "die en van in is het nie dat wat vir met om op te was ek hy sy hulle ons sal as word aan by haar jy kan ook "
        "na maar uit deur hierdie oor dit sê moet meer een so of toe net daar my hom se baie gaan wees al kom tot nou "
        "hoe waar dan jou jaar mense nog weer tussen omdat wie waarom niks iets alles daardie julle onder sonder teen "
        "gesê volgens twee eerste nuwe suid afrika wil maak doen weet regering polisie minister president land stad "
        "skool skole kinders kind water geld werk tyd dag dae week maand volgende verlede gister vandag môre aand gee "
        "gegee klein groot ou goed beter vroeg laat lank kort man vrou seun dogter huis pad skryf lees kyk hoor vind "
        "kry gekry hou moes wou sou kon begin einde deel plek saak hof wet party stem lede groep dorp boer plaas "
        "hoër laer onderwys hospitaal siek dood lewe oorlog vrede prys rand miljoen persent ongeveer byna reeds steeds "
        "egter daarom dus terwyl sodat voordat nadat indien hoewel want elke ander self saam weg terug binne buite "
        "langs teenoor behalve ten sedert gedurende sulke enige geen beide veral slegs dalk altyd nooit soms dikwels "
        "gister mens ding dinge rede vraag antwoord praat gepraat gemaak gedoen gesien gekom geword gebruik bekend"
    ),
    "et": (
        "ja on ei et see ta kui oli ma ka mis aga või oma siis seda mida nii kes pole veel välja olnud mitte ole "
        "selle tema sa me nad olen oled oleme olid juba kuid tuleb võib nagu üle ära pärast saab sest kus need selles "
        "ning mind sind teda meie teie nende minu sinu väga kõik midagi keegi miks kuidas enne kuni läbi ilma ainult "
        "praegu täna homme eile siin seal palju rohkem hästi uus eesti eestis tallinn tallinnas aasta aastal inimesed "
        "inimene ütles sõnul alates kohta vastu peale juures tahan tean teeb teha"
    ),
    "sq": (
        "të e në dhe i me që për një nga është se si nuk ka do u më a ai por kjo ky këtë ishte janë ajo kanë jo duke "
        "ata edhe mund kur unë ti ne ju atë tij saj tyre pas para mbi nën deri pa çfarë kush pse ku këto këta ato "
        "vetëm shumë tani sot nesër dje këtu atje gjithë gjithçka asgjë asnjë tha thotë sipas vit vitin viti njerëz "
        "shqipëri shqipërisë kosovë kosovës tiranë kemi keni jam je jemi jeni kam ke po mirë"
    ),
}
"""By BCP-47 code; Nynorsk ("nn") beside the Bokmål of the table for "no"."""
