"""Child-development centres."""

from __future__ import annotations

import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.programmes.base import BANGKOK, Indicator
from data_access.programmes.counting import Distinct
from data_access.programmes.early_childhood.answers import participation

_CENTRE: dict = {"family": "centres", "places": ("nation", "region", "province", "district", "centre"), "outside": BANGKOK}


def upgraded() -> sa.Select:
    """The centres of the upgrade and their places."""
    c = s.centre.c
    return sa.select(c.province_code, c.district_code, c.centre_code).where(c.upgrade_from.is_not(None))


ECD = [
    Indicator(
        "ecd.centres",
        "ศูนย์พัฒนาเด็กเล็กที่รายงาน",
        "Centres reporting",
        "centres",
        "count",
        numerator="centres",
        person=False,
        definition_th="ศูนย์ที่ส่งข้อมูลในภาคเรียน",
        definition_en="Centres that reported in the semester",
        formula="count of centres",
        **_CENTRE,
    ),
    Indicator(
        "ecd.centres_upgraded",
        "ศพด. ที่ได้รับการยกระดับคุณภาพ",
        "Centres being upgraded",
        "centres",
        "count",
        numerator="centres",
        how=Distinct(upgraded, table="centre", nought=True),
        person=False,
        direction="up",
        definition_th="ศูนย์ที่เข้าร่วมการยกระดับคุณภาพ",
        definition_en="Centres that joined the upgrade",
        formula="centres with an upgrade semester",
        **{**_CENTRE, "periods": (), "places": ("nation", "region", "province", "district")},
    ),
    Indicator(
        "ecd.upgrade_provinces",
        "จังหวัดนำร่องยกระดับศูนย์",
        "Provinces of the centre upgrade",
        "provinces",
        "count",
        numerator="centres",
        how=Distinct(upgraded, "province", table="centre", nought=True),
        person=False,
        definition_th="จังหวัดที่มีศูนย์เข้าร่วมการยกระดับ",
        definition_en="Provinces with a centre in the upgrade",
        formula="distinct provinces",
        **{**_CENTRE, "periods": (), "places": ("nation", "region")},
    ),
    Indicator(
        "ecd.children",
        "เด็กในศูนย์",
        "Children in centres",
        "children",
        "count",
        numerator="children",
        definition_th="จำนวนเด็กในศูนย์",
        definition_en="Children in centres",
        formula="Σ children",
        synonyms=("จำนวนเด็ก", "เด็ก (คน)", "จำนวน เด็ก (คน)"),
        **_CENTRE,
    ),
    Indicator(
        "ecd.poor_reached",
        "เด็กเล็กยากจนที่ได้รับการดูแล",
        "Poor young children reached",
        "children",
        "count",
        numerator="poor_reached",
        direction="up",
        definition_th="เด็กปฐมวัยยากจนที่ได้รับการดูแลในศูนย์",
        definition_en="Poor young children cared for in centres",
        formula="Σ poor_reached",
        **_CENTRE,
    ),
    Indicator(
        "ecd.poor_share",
        "สัดส่วนเด็กยากจนในศูนย์",
        "Poor share of children",
        "%",
        "rate",
        numerator="poor_reached",
        denominator="children",
        definition_th="เด็กยากจนต่อเด็กทั้งหมดในศูนย์",
        definition_en="Poor children over all children in centres",
        formula="Σ poor ÷ Σ children",
        **_CENTRE,
    ),
    Indicator(
        "ecd.teachers",
        "ครูและผู้ดูแลเด็ก",
        "Teachers and carers",
        "teachers",
        "count",
        numerator="teachers",
        definition_th="ครูและผู้ดูแลเด็กในศูนย์",
        definition_en="Teachers and carers in centres",
        formula="Σ teachers",
        **_CENTRE,
    ),
    Indicator(
        "ecd.children_per_teacher",
        "เด็กต่อครู",
        "Children per teacher",
        "children per teacher",
        "mean",
        numerator="children",
        denominator="teachers",
        direction="down",
        definition_th="เด็กต่อครูและผู้ดูแล",
        definition_en="Children per teacher or carer",
        formula="Σ children ÷ Σ teachers",
        **_CENTRE,
    ),
    Indicator(
        "ecd.quality_share",
        "ศูนย์ที่ผ่านมาตรฐานระดับดีขึ้นไป",
        "Centres of good standard or better",
        "%",
        "rate",
        numerator="good",
        denominator="assessed",
        person=False,
        direction="up",
        definition_th="ศูนย์ระดับดีหรือดีมากต่อศูนย์ที่ประเมินแล้ว",
        definition_en="Good or excellent centres of those assessed",
        formula="(good + excellent) ÷ assessed",
        **_CENTRE,
    ),
    *(
        Indicator(
            f"ecd.quality_{code}",
            f"ศูนย์มาตรฐาน: {th}",
            f"Centres by standard: {en}",
            "centres",
            "count",
            numerator=f"quality_{code}",
            person=False,
            definition_th=f"ศูนย์ที่รายงานในภาคเรียนและมีผลมาตรฐานคุณภาพเป็น {th}",
            definition_en=f"Centres reporting in the semester whose quality standard is: {en}",
            formula=f"centres with quality = {code}",
            **_CENTRE,
        )
        for code, th, en in (
            ("below", "ต่ำกว่าเกณฑ์", "below standard"),
            ("basic", "ขั้นต้น", "basic"),
            ("good", "ดี", "good"),
            ("excellent", "ดีมาก", "excellent"),
            ("not_assessed", "ยังไม่ประเมิน", "not assessed"),
        )
    ),
    Indicator(
        "ecd.participation",
        "เด็กอายุ 2–4 ปีที่อยู่ในศูนย์",
        "Children aged 2–4 in centres",
        "%",
        "rate",
        numerator="children",
        how=participation,
        two_tables=True,
        definition_th="เด็กในศูนย์พัฒนาเด็กเล็กของ อปท. ภาคเรียนที่ 1 ต่อเด็กอายุ 2–4 ปีของจังหวัดเดียวกัน ปีการศึกษาเดียวกัน "
        "(ไม่รวมกรุงเทพมหานคร ซึ่งไม่มี อปท. ในสังกัด สถ.)",
        definition_en="Children in LAO centres in semester 1 over children aged 2–4 of the same provinces and academic year "
        "(without Bangkok, which has no local authority under DLA)",
        formula="Σ children in centres (semester 1) ÷ children aged 2–4",
        caveat_th="เด็กอีกส่วนหนึ่งอยู่ในสถานศึกษาอื่นหรือที่บ้าน ตัวหารนับตามทะเบียน และเด็กในศูนย์อาจอายุนอกช่วง 2–4 ปี",
        caveat_en="Other children are in other kindergartens or at home; the denominator is registered children; "
        "children in centres may be of other ages",
        **{**_CENTRE, "periods": ("academic_year",), "places": ("nation", "region", "province")},
    ),
]
