"""Plain texts of the kinds people save: own writing, shaped like the real world."""

from __future__ import annotations

from pathlib import Path

FORUM_POST = """\
Jag såg det här i dag och tänkte på er. Det är märkligt att ingen svensk tidning har skrivit om hamnen i Port \
Ellery, trots att så många härifrån har arbetat där.
Tror ni att varvet får pengar från staden, eller blir det som förra gången när alla bara pratade?
The harbour board of Port Ellery voted on Tuesday night to keep the old repair yard open for another five years, \
ending a quarrel that has split the town since the spring. Eleven of the seventeen members backed the plan, \
which was drawn up by the retired shipwright Maud Kerrigan and a group of apprentices.
Under the agreement, announced by the chairman, Howell Prys, the yard will take on fourteen apprentices and give \
up the northern slipway, where a supermarket chain had hoped to build. "We have mended fishing boats here since \
1871," Prys told the packed hall, "and I see no reason to stop because somebody wants to sell frozen peas."
Critics say that the yard has lost money in nine of the last ten years and that the grant of 2.4 million will \
not cover the new crane. The board is to report on the costs in March.
https://port-ellery-courier.example/harbour/repair-yard-saved
"""

ARABIC_FIRST = """\
السلام عليكم ورحمة الله
Has the river authority forgotten the lower town?
News:
The director of the river authority, Odile Marchetti, said at the opening of the new weir on 3 May that the \
works upstream were complete and that "no household will stand in water again". She did not speak of the lower \
town, where the embankment has been waiting for repairs since the flood of 2019.
Comment:
It is not the first time that the authority has counted its own half of the work and called it the whole. The \
families of Tanner Street have kept sandbags in their kitchens for five winters, and they were not invited to \
the ceremony.
So one must ask for whom the weir was built, and who will answer for the street behind it when the snow melts.
Written for the Lower Town Residents' Office by
Idris Penhallow
"""

MARKET_NEWS = """\
Covered market reopens after the great frost

The covered market of Aldersyke reopened on Saturday, eleven weeks after the frost burst every pipe beneath its \
iron roof and turned the fish hall into a skating rink.

Traders queued from four in the morning to claim their old pitches. The first sale of the day was a tin kettle, \
which the clockmaker Benedikt Ostrander bought from the widow Lapointe for three shillings and a story.

The council had wanted to sell the building to a cinema. It changed its mind when engineers found that the roof, \
cast in Fellmouth in 1884, needed only new gutters and two hundred bolts.

"We thought we had lost it," said Philippa Druce, who sells cheese under the north clock. "My mother stood here \
through two wars, and I was not going to be beaten by an icicle."

The market is open from Tuesday to Saturday. On the first Sunday in each month there will be a fair for old books.
"""

RADIO_NEWS = """\
Pirate station plays its last record

Radio Gullwing, which broadcast sea shanties and shipping gossip from a moored dredger for thirty-one years, \
went off the air on Friday night with a waltz for accordion.

Its founder, the former telegraphist Cosmo Threlfall, said that salt had finally eaten the transmitter. \
Listeners in four countries had sent money for a new one, but no maker could be found for the valves.

The authorities had tried nine times to silence the station. A coastguard officer, Inga Halvorsen, admitted \
yesterday that her crews had listened to it on every patrol.

The dredger will be towed to the maritime museum in Skerrow, where children may sit at the microphone.
"""


def save_texts(folder: Path) -> Path:
    """Write four unrelated texts as files; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"forum.txt": FORUM_POST, "comment.txt": ARABIC_FIRST, "market.txt": MARKET_NEWS, "radio.txt": RADIO_NEWS}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
