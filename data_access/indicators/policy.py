"""Pilot sets, rates in force, targets."""

from __future__ import annotations

from data_access.indicators.base import Indicator

POLICY = [
    Indicator(
        "pilot.size",
        "ขนาดชุดพื้นที่นำร่อง",
        "Places in a pilot set",
        "places",
        "count",
        "pilot",
        "members",
        "จำนวนสมาชิกของชุดพื้นที่นำร่อง",
        "Members of a pilot set",
        "count of members",
        person=False,
        periods=(),
        places=("nation",),
        dims=("pilot_set",),
        each="pilot_set",
    ),
    Indicator(
        "policy.years_unchanged",
        "ปีที่อัตราไม่เปลี่ยน",
        "Years since a rate last moved",
        "years",
        "years",
        "policy",
        "years_unchanged",
        "จำนวนปีเต็มนับจากวันที่อัตราเปลี่ยนล่าสุดถึงวันที่อ้างอิง",
        "Whole years from the last change of a rate to the reference day",
        "reference day − last change",
        person=False,
        periods=(),
        places=("nation",),
        dims=("rate",),
    ),
    Indicator(
        "target.years",
        "ปีที่ตั้งเป้าหมาย",
        "Years with targets",
        "years",
        "count",
        "target",
        "years",
        "จำนวนปีที่มีเป้าหมาย",
        "Years that targets cover",
        "distinct years of the target table",
        person=False,
        periods=(),
        places=("nation",),
    ),
]
