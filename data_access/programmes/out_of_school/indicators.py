"""Out-of-school children and youth, informal workers."""

from __future__ import annotations

from data_access.programmes.base import Indicator
from i18n import N_

OUTSIDE_SOURCE = N_("Register of out-of-school children and youth and of informal workers, twice a year")
OUTSIDE_CAVEAT_TH = "ยอดคงเหลือและกระแสไม่นำมาบวกหรือลบกันเป็นผลสำเร็จ ตัวเลขขึ้นกับคุณภาพการเชื่อมทะเบียน"
OUTSIDE_CAVEAT_EN = "A stock and flows are not added or subtracted into a success; the numbers depend on how well registers link"


def _outside(id: str, th: str, en: str, measure: str, def_th: str, def_en: str, **more: object) -> Indicator:
    defaults: dict = {
        "family": "outside",
        "formula": f"Σ {measure}",
        "places": ("nation", "region", "province"),
        "dims": ("sex", "age_group"),
        "source": OUTSIDE_SOURCE,
        "caveat_th": OUTSIDE_CAVEAT_TH,
        "caveat_en": OUTSIDE_CAVEAT_EN,
    }
    rate = "denominator" in more
    return Indicator(
        id,
        th,
        en,
        "%" if rate else "persons",
        "rate" if rate else "count",
        numerator=measure,
        definition_th=def_th,
        definition_en=def_en,
        **{**defaults, **more},
    )


OUTSIDE = [
    _outside(
        "outside.stock",
        "เด็กและเยาวชนนอกระบบการศึกษาในทะเบียน",
        "Out-of-school children and youth on the register",
        "stock",
        "ยอดคงเหลือ ณ วันที่ของทะเบียน: มีในทะเบียนราษฎรแต่ไม่มีระเบียนการศึกษาใด",
        "A stock on the date of the register: in the civil register without any record of education",
        direction="down",
    ),
    _outside(
        "outside.new",
        "เข้าทะเบียนใหม่",
        "Newly on the register",
        "new",
        "กระแส: ปรากฏในทะเบียนเป็นครั้งแรกในภาคเรียน",
        "A flow: on the register for the first time in the semester",
        direction="down",
    ),
    _outside(
        "outside.found",
        "ค้นพบตัว",
        "Found in person",
        "found",
        "กระแส: ติดตามจนพบตัวในภาคเรียน",
        "A flow: visited or reached in the semester",
        direction="up",
    ),
    _outside(
        "outside.helped",
        "ได้รับการช่วยเหลือ",
        "Helped",
        "helped",
        "กระแส: ได้รับการช่วยเหลือรายกรณีในภาคเรียน",
        "A flow: given help in the semester",
        direction="up",
    ),
    _outside(
        "outside.back",
        "กลับสู่การเรียนรู้",
        "Back in learning",
        "back",
        "กระแส: กลับเข้าโรงเรียนหรือการเรียนรู้ทางเลือกในภาคเรียน",
        "A flow: back in school or in an alternative in the semester",
        direction="up",
    ),
    _outside(
        "outside.trained",
        "ฝึกอาชีพ",
        "Trained",
        "trained",
        "กระแส: จบการฝึกอาชีพในภาคเรียน",
        "A flow: finished vocational training in the semester",
        direction="up",
    ),
    _outside(
        "outside.in_work", "มีงานทำ", "In work", "in_work", "กระแส: ได้งานทำในภาคเรียน", "A flow: took up work in the semester"
    ),
    _outside(
        "outside.lost_again",
        "หลุดซ้ำ",
        "Lost again",
        "lost_again",
        "กระแส: เคยกลับมาแล้วออกอีกในภาคเรียน",
        "A flow: had come back and left again in the semester",
        direction="down",
    ),
    _outside(
        "outside.helped_share",
        "ได้รับการช่วยเหลือต่อผู้ที่ค้นพบ",
        "Helped of those found",
        "helped",
        "ผู้ที่ได้รับการช่วยเหลือต่อผู้ที่ค้นพบตัวในภาคเรียนเดียวกัน",
        "Helped over found in person, of the same semester",
        denominator="found",
        formula="helped ÷ found",
        direction="up",
    ),
    _outside(
        "outside.back_share",
        "กลับสู่การเรียนรู้ต่อผู้ที่ค้นพบ",
        "Back in learning of those found",
        "back",
        "ผู้ที่กลับสู่การเรียนรู้ต่อผู้ที่ค้นพบตัวในภาคเรียนเดียวกัน",
        "Back in learning over found in person, of the same semester",
        denominator="found",
        formula="back ÷ found",
        direction="up",
    ),
]
INFORMAL = [
    _outside(
        "informal.stock",
        "แรงงานนอกระบบในทะเบียน",
        "Informal workers on the register",
        "stock",
        "ยอดคงเหลือ ณ วันที่ของทะเบียน: แรงงานนอกระบบที่เป็นกลุ่มเป้าหมาย",
        "A stock on the date of the register: informal workers whom the programme serves",
        family="informal",
    ),
    _outside(
        "informal.found",
        "แรงงานนอกระบบที่ค้นพบตัว",
        "Informal workers found in person",
        "found",
        "กระแส: ติดตามจนพบตัวในภาคเรียน",
        "A flow: reached in the semester",
        family="informal",
        direction="up",
    ),
    _outside(
        "informal.trained",
        "แรงงานนอกระบบที่ฝึกอาชีพ",
        "Informal workers trained",
        "trained",
        "กระแส: จบการฝึกอาชีพในภาคเรียน",
        "A flow: finished training in the semester",
        family="informal",
        direction="up",
    ),
    _outside(
        "informal.in_work",
        "แรงงานนอกระบบที่มีงานทำ",
        "Informal workers in work",
        "in_work",
        "กระแส: ได้งานทำหรือมีอาชีพมั่นคงขึ้นในภาคเรียน",
        "A flow: in work or in better work in the semester",
        family="informal",
        direction="up",
    ),
    _outside(
        "informal.trained_share",
        "ฝึกอาชีพต่อผู้ที่ค้นพบ",
        "Trained of those found",
        "trained",
        "แรงงานนอกระบบที่จบการฝึกต่อผู้ที่ค้นพบตัวในภาคเรียนเดียวกัน",
        "Trained over found in person, of the same semester",
        family="informal",
        denominator="found",
        formula="trained ÷ found",
        direction="up",
    ),
]
