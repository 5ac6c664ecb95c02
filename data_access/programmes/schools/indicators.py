"""Schools: the self-developing schools, the register of schools, results."""

from __future__ import annotations

import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.contract.placing import school_places
from data_access.programmes.base import BANGKOK, Indicator
from data_access.programmes.counting import Distinct
from data_access.programmes.schools.answers import score_gap

_TSQP_PLACES = ("nation", "region", "province", "school")


def tsqp_schools() -> sa.Select:
    """The schools of the network and their provinces."""
    places = school_places()
    return sa.select(places.c.province_code, places.c.school_code).join_from(
        s.tsqp_school, places, s.tsqp_school.c.school_code == places.c.school_code
    )


SCHOOLS = [
    Indicator(
        "tsqp.schools",
        "โรงเรียนพัฒนาตนเอง",
        "TSQP schools",
        "schools",
        "count",
        "tsqp",
        "schools",
        "โรงเรียนสังกัด อปท. ในเครือข่าย TSQP",
        "LAO schools in the school-development network",
        "count of TSQP schools",
        person=False,
        periods=(),
        places=_TSQP_PLACES,
        direction="up",
    ),
    Indicator(
        "tsqp.provinces",
        "จังหวัดที่มีโรงเรียน TSQP",
        "Provinces with a TSQP school",
        "provinces",
        "count",
        "tsqp",
        "schools",
        "จังหวัดที่มีโรงเรียน TSQP อย่างน้อยหนึ่งแห่ง",
        "Provinces with at least one TSQP school",
        "distinct provinces",
        how=Distinct(tsqp_schools, "province"),
        person=False,
        periods=(),
        places=("nation", "region"),
    ),
    Indicator(
        "tsqp.teachers",
        "ครูที่ได้รับประโยชน์",
        "Teachers who benefited",
        "teachers",
        "count",
        "tsqp",
        "teachers",
        "ครูในโรงเรียน TSQP ที่ได้รับประโยชน์",
        "Teachers of TSQP schools who benefited",
        "Σ teachers",
        periods=(),
        places=_TSQP_PLACES,
        direction="up",
    ),
    Indicator(
        "tsqp.pupils",
        "นักเรียนที่ได้รับประโยชน์",
        "Pupils who benefited",
        "pupils",
        "count",
        "tsqp",
        "pupils",
        "นักเรียนในโรงเรียน TSQP ที่ได้รับประโยชน์",
        "Pupils of TSQP schools who benefited",
        "Σ pupils",
        periods=(),
        places=_TSQP_PLACES,
        direction="up",
    ),
    Indicator(
        "tsqp.pupils_per_teacher",
        "นักเรียนต่อครู (TSQP)",
        "Pupils per teacher (TSQP)",
        "pupils per teacher",
        "mean",
        "tsqp",
        "pupils",
        "นักเรียนต่อครูที่ได้รับประโยชน์",
        "Pupils per teacher who benefited",
        "Σ pupils ÷ Σ teachers",
        denominator="teachers",
        periods=(),
        places=_TSQP_PLACES,
    ),
]
ENROLMENT = [
    Indicator(
        "school.pupils",
        "นักเรียนในโรงเรียน อปท.",
        "Pupils of LAO schools",
        "pupils",
        "count",
        "enrolment",
        "pupils",
        "จำนวนนักเรียนตามทะเบียนโรงเรียน",
        "Pupils according to the register of schools",
        "Σ pupils of schools",
        periods=(),
        places=("nation", "region", "province", "lao", "school"),
        outside=BANGKOK,
    )
]
_RESULT_PLACES = ("nation", "region", "province", "lao", "school")
_RESULT: dict = {
    "family": "results",
    "periods": ("academic_year",),
    "places": _RESULT_PLACES,
    "dims": ("subject", "grade", "area"),
    "outside": BANGKOK,
    "caveat_th": "คะแนนคนละวิชาหรือคนละชั้นไม่ควรเทียบกันโดยตรง",
    "caveat_en": "Scores of different subjects or grades are not comparable",
}
RESULTS = [
    Indicator(
        "school.tested",
        "ผู้เข้าสอบ",
        "Pupils tested",
        "pupils",
        "count",
        numerator="tested",
        definition_th="จำนวนผู้เข้าสอบ (คน-วิชา)",
        definition_en="Pupils tested (pupil × subject)",
        formula="Σ n",
        **_RESULT,
    ),
    Indicator(
        "school.mean_score",
        "คะแนนเฉลี่ย",
        "Mean score",
        "points",
        "mean",
        numerator="score_sum",
        denominator="tested",
        direction="up",
        definition_th="คะแนนเฉลี่ยถ่วงน้ำหนักด้วยผู้เข้าสอบ",
        definition_en="Mean score weighted by pupils tested",
        formula="Σ n·mean ÷ Σ n",
        **_RESULT,
    ),
    Indicator(
        "school.sd_score",
        "ส่วนเบี่ยงเบนมาตรฐาน",
        "Standard deviation of scores",
        "points",
        "sd",
        numerator="square_sum",
        denominator="tested",
        definition_th="ส่วนเบี่ยงเบนมาตรฐานรวมของคะแนน",
        definition_en="Pooled standard deviation of scores",
        formula="√((Σ((n−1)sd² + n·mean²) − N·M²) ÷ (N−1))",
        **_RESULT,
    ),
    Indicator(
        "school.rural_urban_gap",
        "ช่องว่างเมือง–ชนบท",
        "Urban–rural gap",
        "SD",
        "sd",
        numerator="score_sum",
        denominator="tested",
        how=score_gap,
        direction="down",
        definition_th="คะแนนเฉลี่ยโรงเรียนในเมืองลบชนบท หารด้วย SD รวม ป.6 และ ม.3 แยกวิชาแล้วเฉลี่ย",
        definition_en="Urban minus rural mean over the pooled SD, within grade and subject, averaged",
        formula="(M_urban − M_rural) ÷ SD_pooled",
        **{**_RESULT, "dims": ("subject", "grade"), "places": ("nation", "region", "province")},
    ),
]
