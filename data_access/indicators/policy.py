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
        "จำนวนปีเต็มนับจากวันที่อัตราเปลี่ยนล่าสุดถึงวันลงนาม MOU 31 ตุลาคม 2565 แยกรายอัตรา ไม่มีค่าเมื่อไม่ทราบวันเริ่มใช้อัตราที่บังคับใช้อยู่",
        "Whole years from the last change of a rate to the day of the MOU, 31 October 2565 BE, rate by rate; "
        "no value where the start of the rate in force is not known",
        "31 Oct 2565 − last change",
        person=False,
        periods=(),
        places=("nation",),
        dims=("rate",),
        each="rate",
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
