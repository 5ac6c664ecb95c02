"""Learning Cities."""

from __future__ import annotations

from data_access.programmes.base import Indicator
from i18n import N_

_CITY_COMMON: dict = {
    "family": "cities",
    "person": False,
    "direction": "up",
    "periods": ("academic_year",),
    "places": ("nation", "region", "province"),
    "dims": ("focus",),
    "source": N_("Scores of the Learning Cities; areas of focus: UNESCO Global Network of Learning Cities"),
    "caveat_th": "ระดับเป็นการประเมินของพื้นที่เอง เทียบแนวโน้มของพื้นที่เดียวกัน ไม่ใช่ตารางอันดับ",
    "caveat_en": "Levels are the places' own assessment: follow one place over time, do not rank places",
}
CITIES = [
    Indicator(
        "city.availability",
        "ด้านที่มีหลักฐาน",
        "Areas of focus with evidence",
        "%",
        "rate",
        numerator="scored",
        denominator="expected",
        definition_th="ด้านของเทศบาลแห่งการเรียนรู้ที่มีคะแนนต่อทั้งหมด 12 ด้านของทุกพื้นที่ที่รายงาน",
        definition_en="Areas of focus with a score, of all twelve of every place that reports",
        formula="scored ÷ (12 × places)",
        **_CITY_COMMON,
    ),
    Indicator(
        "city.progress",
        "ระดับเฉลี่ยของเทศบาลแห่งการเรียนรู้",
        "Mean level of Learning Cities",
        "levels",
        "mean",
        numerator="level_sum",
        denominator="scored",
        definition_th="ระดับเฉลี่ย (0–4) ของด้านที่มีคะแนน ระดับ 4 คือถึงเกณฑ์",
        definition_en="Mean level (0–4) of the areas that are scored; 4 is the benchmark",
        formula="Σ level ÷ scored",
        **_CITY_COMMON,
    ),
    Indicator(
        "city.reached",
        "ด้านที่ถึงเกณฑ์",
        "Areas at the benchmark",
        "%",
        "rate",
        numerator="reached",
        denominator="scored",
        definition_th="ด้านที่ถึงระดับ 4 ต่อด้านที่มีคะแนน",
        definition_en="Areas at level 4, of those scored",
        formula="level 4 ÷ scored",
        **_CITY_COMMON,
    ),
    Indicator(
        "city.speed",
        "ความเร็วของการเปลี่ยนแปลง",
        "Speed of change",
        "levels a year",
        "sd",
        numerator="speed_sum",
        denominator="speed_n",
        definition_th="ระดับที่เปลี่ยนต่อปีนับจากคะแนนแรกของพื้นที่และด้านเดียวกัน เฉลี่ยเฉพาะด้านที่มีคะแนนอย่างน้อยสองปี",
        definition_en="Levels gained a year since the first score of the same place and area, over areas scored in two years or more",
        formula="mean of (level − first level) ÷ years",
        **_CITY_COMMON,
    ),
]
