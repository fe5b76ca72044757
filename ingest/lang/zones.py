"""Time zones as they are written: one table of names, and offsets."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

# Minutes from UTC. Names that mean one offset wherever they stand in news: IST, BST (of Bangladesh), CST (of China),
# AST and ECT do not. An unknown name is no zone.
ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "SAST": 120, "EEST": 180, "MSK": 180, "МСК": 180, "WIB": 420, "HKT": 480, "JST": 540, "KST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "EDT": -240, "EST": -300, "CDT": -300, "MDT": -360, "MST": -420,
    "PDT": -420, "PST": -480, "AKDT": -480, "AKST": -540, "HST": -600, "BRT": -180, "IDT": 180, "TRT": 180, "EAT": 180,
    "PKT": 300, "NPT": 345, "WITA": 480, "WIT": 540, "SGT": 480, "MYT": 480, "PHT": 480, "AWST": 480, "ACST": 570,
    "ACDT": 630, "EASTERN STANDARD TIME": -300, "EASTERN DAYLIGHT TIME": -240, "CENTRAL STANDARD TIME": -360,
    "CENTRAL DAYLIGHT TIME": -300, "MOUNTAIN STANDARD TIME": -420, "MOUNTAIN DAYLIGHT TIME": -360,
    "PACIFIC STANDARD TIME": -480, "PACIFIC DAYLIGHT TIME": -420, "GREENWICH MEAN TIME": 0,
    "CENTRAL EUROPEAN TIME": 60, "CENTRAL EUROPEAN SUMMER TIME": 120, "EASTERN EUROPEAN TIME": 120, "MOSCOW TIME": 180,
}  # fmt: skip
_SIGNED = re.compile(r"([+-−])(\d\d?):?(\d\d)?")
_WEST, _EAST = -12 * 60, 14 * 60  # no zone is further from UTC


def zone_of(written: str) -> timezone | None:
    """The zone that a name or an offset means ("CEST", "+0200", "GMT+3"), if it means one."""
    name = written.strip().upper()
    if name in ZONES:
        return timezone(timedelta(minutes=ZONES[name]))
    signed = _SIGNED.fullmatch(name.removeprefix("UTC").removeprefix("GMT"))
    if signed is None or int(signed[3] or 0) > 59:
        return None
    minutes = int(signed[2]) * 60 + int(signed[3] or 0)
    minutes = minutes if signed[1] == "+" else -minutes
    return timezone(timedelta(minutes=minutes)) if _WEST <= minutes <= _EAST else None
