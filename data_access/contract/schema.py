"""The data contract: every table, column, code list and range of a release, in one place.

The same SQLAlchemy Core tables serve DuckDB and PostgreSQL. The data dictionary, the import templates, the importer's
validation and `docs/data-contract.md` are all generated from the `info` of these columns, so a definition is written once.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data_access.programmes import folders

metadata = sa.MetaData()

SEX = ("male", "female", "unspecified")
LEVEL = ("kindergarten", "primary", "lower_secondary", "upper_secondary")
TIER = ("extra_poor", "poor", "not_poor")
DISABILITY = ("disabled", "not_disabled", "unspecified")
STAGE = ("found", "screened", "certified", "verified", "allotted", "paid")
NEXT_STATUS = ("stayed", "moved_up", "moved", "dropped_out", "unknown")
CHAIN_STAGE = (
    "centre",
    "kindergarten",
    "primary",
    "lower_secondary",
    "upper_secondary",
    "vocational",
    "higher",
    "out_of_school",
    "working",
    "unknown",
)
LINK = ("civil_centres", "civil_pupils", "pupils_grants", "pupils_higher", "teachers_schools", "schools_laos")
LINK_OUTCOME = ("matched", "no_id", "not_found", "differs", "duplicate")
OUTSIDE_POPULATION = ("child_youth", "informal_worker")
AGE_GROUP = ("3_5", "6_14", "15_17", "18_24", "25_59", "60_up")
ARM = ("comparison", "visits", "cash", "visits_cash")
WAVE = ("baseline", "midline", "endline")
FOCUS_TIERS = {
    "pediment": ("empowerment", "prosperity", "sustainability"),
    "columns": ("education_system", "families", "workplace", "technologies", "quality", "culture"),
    "foundations": ("political_will", "governance", "resources"),
}
FOCUS = tuple(focus for tier in FOCUS_TIERS.values() for focus in tier)
POPULATION = ("kindergarten_3", "primary_6", "lower_secondary_3", "age_15", "adult")
TRUTH = ("poor", "not_poor", "unknown")
REFERRAL = ("none", "sent", "accepted", "closed")
LAO_KIND = ("pao", "city", "town", "subdistrict_municipality", "sao", "special")
PLACE_LEVEL = ("nation", "region", "province", "district", "subdistrict", "lao", "school", "centre")
GROUP_KIND = ("all", "sex", "wealth", "area")
SUBJECT = ("thai", "maths", "science", "english")
QUALITY = ("not_assessed", "below", "basic", "good", "excellent")
COMPARATOR = ("exact", "about", "at_least", "more_than")

SEMESTER_PATTERN = r"25\d\d-[12]"
PERIOD_COLUMNS = ("period", "semester", "academic_year")
PERIOD_PATTERN = r"(25\d\d-[12]|AY25\d\d|FY25\d\d|CY25\d\d)"


@dataclass(frozen=True)
class Info:
    """What a column means, for people and for the validator.

    `synonyms` are headings seen in agency files; `low`/`high` are inclusive bounds; `pattern` must match the whole text;
    `values` is a closed code list with the Thai and English words accepted for each code.
    """

    th: str
    en: str
    note: str = ""
    unit: str = ""
    synonyms: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    values: tuple[str, ...] | None = None
    person: bool = False


def col(
    name: str,
    kind: Any,
    th: str,
    en: str,
    *,
    key: bool = False,
    optional: bool = False,
    ref: str | None = None,
    level: str | None = None,
    **info: Any,
) -> sa.Column:
    """A column of the contract; `ref` is "table.column" of a foreign key, checked by the validator, not the engine.

    `level` stands beside codes of several kinds of places: the "table.column" that says of which kind each is, or "province" where
    there are none below the province.
    """
    extra: dict[str, Any] = {"info": {"contract": Info(th, en, **info), "ref": ref, "level": level}}
    return sa.Column(name, kind, primary_key=key, nullable=optional, autoincrement=False, **extra)


def contract(column: sa.Column) -> Info:
    """The `Info` of a contract column."""
    return column.info["contract"]


def free_text(column: sa.Column) -> bool:
    """Whether a column holds words that people wrote: no code, no key of a person."""
    info = contract(column)
    return isinstance(column.type, sa.String) and not (
        info.values or info.pattern or info.person or column.info["ref"] or column.info["level"]
    )


def table(
    name: str,
    th: str,
    en: str,
    *columns: sa.Column,
    reference: bool = False,
    person: bool = False,
    placeless: bool = False,
    declared: bool = False,
) -> sa.Table:
    """A table of the contract. `reference` tables are filled from `geo`; `person` tables hold one row per person.

    `placeless` tables name no place, so that their rows are for everybody (`data_access.questions.detail`). `declared` ones are filled by
    people in the app, never from a file.
    """
    marks = {"reference": reference, "person": person, "placeless": placeless, "declared": declared}
    return sa.Table(name, metadata, *columns, info={"th": th, "en": en, **marks})


T, N, F, D, B = sa.String, sa.Integer, sa.Float, sa.Date, sa.Boolean

# ---- places -------------------------------------------------------------------------------------------------------
province = table(
    "province",
    "จังหวัด",
    "Provinces",
    col(
        "province_code",
        T(2),
        "รหัสจังหวัด",
        "Province code",
        key=True,
        pattern=r"\d{2}",
        note="DOPA / TIS 1099",
        synonyms=("จังหวัด", "ชื่อจังหวัด", "province", "changwat", "schools_province", "พื้นที่", "province_th"),
    ),
    col("name_th", T, "ชื่อไทย", "Thai name"),
    col("name_en", T, "ชื่ออังกฤษ", "English name"),
    col("region4", T, "ภาค (4 ภาค)", "Region, four-region scheme"),
    col("region6", T, "ภาค (6 ภาค)", "Region, six-region scheme"),
    col("nesdc", T, "ภาค (สศช.)", "Region, NESDC scheme"),
    reference=True,
)
district = table(
    "district",
    "อำเภอ",
    "Districts",
    col(
        "district_code",
        T(4),
        "รหัสอำเภอ",
        "District code",
        key=True,
        pattern=r"\d{4}",
        note="DOPA",
        synonyms=("อำเภอ", "เขต", "district", "amphoe"),
    ),
    col("province_code", T(2), "รหัสจังหวัด", "Province code", ref="province.province_code"),
    col("name_th", T, "ชื่อไทย", "Thai name"),
    col("name_en", T, "ชื่ออังกฤษ", "English name"),
    reference=True,
)
subdistrict = table(
    "subdistrict",
    "ตำบล",
    "Sub-districts",
    col(
        "subdistrict_code",
        T(6),
        "รหัสตำบล",
        "Sub-district code",
        key=True,
        pattern=r"\d{6}",
        note="DOPA",
        synonyms=("ตำบล", "แขวง", "subdistrict", "tambon"),
    ),
    col("district_code", T(4), "รหัสอำเภอ", "District code", ref="district.district_code"),
    col("name_th", T, "ชื่อไทย", "Thai name"),
    col("name_en", T, "ชื่ออังกฤษ", "English name"),
    reference=True,
)
lao = table(
    "lao",
    "องค์กรปกครองส่วนท้องถิ่น",
    "Local administrative organisations",
    col("lao_code", T(8), "รหัส อปท.", "LAO code", key=True, pattern=r"\d{7,8}", synonyms=("อปท.", "รหัส อปท", "lao code")),
    col(
        "district_code",
        T(4),
        "รหัสอำเภอ (ที่ตั้งสำนักงาน)",
        "District code (of the office)",
        ref="district.district_code",
        synonyms=("อำเภอ", "district"),
    ),
    col("kind", T, "ประเภท อปท.", "Kind", values=LAO_KIND, synonyms=("ประเภท",)),
    col("name_th", T, "ชื่อ อปท.", "Thai name", synonyms=("ชื่อ อปท.", "อปท.", "lao", "ชื่อองค์กรปกครองส่วนท้องถิ่น", "ท้องถิ่น")),
    col("name_en", T, "ชื่ออังกฤษ", "English name", optional=True),
)
school = table(
    "school",
    "โรงเรียน",
    "Schools",
    col(
        "school_code",
        T(10),
        "รหัสโรงเรียน 10 หลัก",
        "School code (ministry, 10 digits)",
        key=True,
        pattern=r"\d{10}",
        synonyms=("รหัสโรงเรียน", "รหัสสถานศึกษา", "school code", "school_id"),
    ),
    col("lao_code", T(8), "รหัส อปท.", "LAO code", ref="lao.lao_code", synonyms=("รหัส อปท", "สังกัด", "lao")),
    col("subdistrict_code", T(6), "รหัสตำบล", "Sub-district code", ref="subdistrict.subdistrict_code", synonyms=("ตำบล",)),
    col("name_th", T, "ชื่อโรงเรียน", "School name", synonyms=("โรงเรียน", "สถานศึกษา", "school", "school name")),
    col("name_en", T, "ชื่ออังกฤษ", "English name", optional=True),
    col("level", T, "ระดับสูงสุดที่เปิดสอน", "Highest level taught", values=LEVEL, synonyms=("ระดับ",)),
    col(
        "pupils", N, "จำนวนนักเรียน", "Pupils", optional=True, low=0, high=12000, unit="pupils", synonyms=("นักเรียน", "จำนวนนักเรียน")
    ),
    col("rural", B, "อยู่นอกเขตเมือง", "Rural", optional=True, synonyms=("ชนบท",)),
    col("lon", F, "ลองจิจูด", "Longitude", optional=True, low=97.3, high=105.7, synonyms=("longitude", "lng", "x")),
    col("lat", F, "ละติจูด", "Latitude", optional=True, low=5.5, high=20.6, synonyms=("latitude", "y")),
)
centre = table(
    "centre",
    "ศูนย์พัฒนาเด็กเล็ก",
    "Child-development centres",
    col("centre_code", T(12), "รหัสศูนย์", "Centre code", key=True, pattern=r"[0-9A-Z-]{4,12}", synonyms=("รหัสศูนย์", "รหัส ศพด.")),
    col("province_code", T(2), "รหัสจังหวัด", "Province code", ref="province.province_code", synonyms=("จังหวัด",)),
    col("district_code", T(4), "รหัสอำเภอ", "District code", ref="district.district_code", optional=True, synonyms=("อำเภอ",)),
    col(
        "subdistrict_code",
        T(6),
        "รหัสตำบล",
        "Sub-district code",
        ref="subdistrict.subdistrict_code",
        optional=True,
        synonyms=("ตำบล",),
    ),
    col("lao_name", T, "อปท. ที่สังกัด", "LAO as written", optional=True, synonyms=("อปท.", "องค์กรปกครองส่วนท้องถิ่น")),
    col("name_th", T, "ชื่อศูนย์", "Centre name", synonyms=("ชื่อศูนย์พัฒนาเด็กเล็ก", "ศูนย์พัฒนาเด็กเล็ก", "ศพด.", "centre")),
    col("origin", T, "ถ่ายโอน/ตั้งเอง", "Origin", optional=True, synonyms=("เป็นศูนย์ถ่ายโอน/ตั้งเอง", "ศูนย์ถ่ายโอน")),
    col("upgrade_from", T, "เริ่มยกระดับ (ภาคเรียน)", "Upgraded from (semester)", optional=True, pattern=SEMESTER_PATTERN),
    col("lon", F, "ลองจิจูด", "Longitude", optional=True, low=97.3, high=105.7),
    col("lat", F, "ละติจูด", "Latitude", optional=True, low=5.5, high=20.6),
)
pilot_set = table(
    "pilot_set",
    "ชุดพื้นที่นำร่อง",
    "Pilot sets",
    col("set_id", T, "รหัสชุด", "Set id", key=True, pattern=r"[a-z][a-z0-9_]{1,30}"),
    col("name_th", T, "ชื่อไทย", "Thai name"),
    col("name_en", T, "ชื่ออังกฤษ", "English name"),
    col("place_level", T, "ระดับพื้นที่", "Place level", values=PLACE_LEVEL),
    col("source", T, "ที่มา", "Source", optional=True),
    placeless=True,
)
pilot_member = table(
    "pilot_member",
    "สมาชิกชุดพื้นที่นำร่อง",
    "Members of pilot sets",
    col("set_id", T, "รหัสชุด", "Set id", key=True, ref="pilot_set.set_id"),
    col(
        "place_code", T, "รหัสพื้นที่", "Place code", key=True, level="pilot_set.place_level", synonyms=("รหัสพื้นที่", "จังหวัด", "โรงเรียน")
    ),
    col("valid_from", D, "ตั้งแต่", "From", optional=True),
    col("valid_to", D, "ถึง", "To", optional=True),
)

# ---- grants -------------------------------------------------------------------------------------------------------
pupil_grant = table(
    "pupil_grant",
    "ทุนนักเรียนรายภาคเรียน",
    "Pupils' grants, one row per pupil and semester",
    col(
        "pupil_key",
        T(32),
        "รหัสแฝงนักเรียน",
        "Pupil key (keyed hash)",
        key=True,
        pattern=r"[0-9a-f]{16,32}",
        person=True,
        note="HMAC of the national ID; the ID itself is never stored",
        synonyms=("เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "national id", "pid", "pupil", "pupil_id"),
    ),
    col(
        "semester",
        T(6),
        "ภาคเรียน",
        "Semester",
        key=True,
        pattern=SEMESTER_PATTERN,
        synonyms=("ภาคเรียน", "ภาคเรียนที่", "เทอม", "semester"),
    ),
    col(
        "school_code", T(10), "รหัสโรงเรียน 10 หลัก", "School code", ref="school.school_code", synonyms=("รหัสโรงเรียน", "รหัสสถานศึกษา")
    ),
    col("level", T, "ระดับการศึกษา", "Level", values=LEVEL, synonyms=("ระดับ", "ระดับชั้น")),
    col("grade", T, "ชั้น", "Grade", optional=True, pattern=r"(K[1-3]|P[1-6]|M[1-6])", synonyms=("ชั้น", "ชั้นเรียน")),
    col("sex", T, "เพศ", "Sex", values=SEX, synonyms=("เพศ", "gender")),
    col("tier", T, "ระดับความยากจน", "Poverty tier", values=TIER, synonyms=("สถานะความยากจน", "ผลการคัดกรอง")),
    col(
        "disability",
        T,
        "ความพิการ",
        "Disability",
        optional=True,
        values=DISABILITY,
        note="empty where it was not asked, which is not the same as no disability",
        synonyms=("พิการ", "ความพิการ", "สถานะความพิการ", "นักเรียนพิการ", "มีความพิการ", "disabled", "disability status"),
    ),
    col("stage", T, "ขั้นตอนล่าสุด", "Latest stage", values=STAGE, synonyms=("ขั้นตอน", "สถานะ")),
    col("found_on", D, "วันที่ค้นพบ", "Found on", optional=True),
    col("screened_on", D, "วันที่คัดกรอง", "Screened on", optional=True),
    col("certified_on", D, "วันที่รับรอง", "Certified on", optional=True),
    col("verified_on", D, "วันที่ตรวจสอบ", "Verified on", optional=True),
    col("allotted_on", D, "วันที่จัดสรร", "Allotted on", optional=True),
    col("paid_on", D, "วันที่จ่าย", "Paid on", optional=True),
    col(
        "basic_baht",
        F,
        "เงินอุดหนุนปัจจัยพื้นฐาน (บาท)",
        "Basic-needs subsidy (DLA), baht",
        optional=True,
        low=0,
        high=20000,
        unit="baht",
        synonyms=("ปัจจัยพื้นฐาน", "เงินปัจจัยพื้นฐาน"),
    ),
    col(
        "equity_baht",
        F,
        "ทุนเสมอภาค (บาท)",
        "Equity Grant (EEF), baht",
        optional=True,
        low=0,
        high=20000,
        unit="baht",
        synonyms=("ทุนเสมอภาค",),
    ),
    col(
        "attendance",
        F,
        "อัตรามาเรียน",
        "Attendance rate",
        optional=True,
        low=0,
        high=1,
        unit="share",
        synonyms=("ร้อยละการมาเรียน", "การมาเรียน"),
    ),
    col("condition_met", B, "ผ่านเงื่อนไข", "Condition met", optional=True),
    col("next_status", T, "สถานะภาคเรียนถัดไป", "Status next semester", optional=True, values=NEXT_STATUS),
    col("referral", T, "การส่งต่อ", "Referral", optional=True, values=REFERRAL),
    col("referred_on", D, "วันที่ส่งต่อ", "Referred on", optional=True),
    col("referral_closed_on", D, "วันที่ปิดเรื่อง", "Referral closed on", optional=True),
    person=True,
)

chain_record = table(
    "chain_record",
    "เส้นทางการศึกษารายคนรายปี",
    "Education path, one row per child and academic year",
    col(
        "child_key",
        T(32),
        "รหัสแฝงเด็ก",
        "Child key (keyed hash)",
        key=True,
        pattern=r"[0-9a-f]{16,32}",
        person=True,
        note="HMAC of the national ID, the same as the pupil key; a year without a row is a year in no register",
        synonyms=("เลขประจำตัวประชาชน", "pid", "child_id"),
    ),
    col("academic_year", N, "ปีการศึกษา", "Academic year", key=True, low=2540, high=2599, synonyms=("ปีการศึกษา", "ปี")),
    col("stage", T, "ช่วงการศึกษาหรือสถานะ", "Stage", values=CHAIN_STAGE, synonyms=("ระดับการศึกษา", "สถานะ")),
    col("sex", T, "เพศ", "Sex", values=SEX, synonyms=("เพศ",)),
    col("tier", T, "ระดับความยากจน", "Poverty tier", optional=True, values=TIER, synonyms=("สถานะความยากจน",)),
    person=True,
)
screening_score = table(
    "screening_score",
    "คะแนนคัดกรองรายได้ทางอ้อม (ยอดรวมตามช่วงคะแนน)",
    "Scores of the proxy means test, counts by band",
    col("province_code", T(2), "รหัสจังหวัด", "Province code", key=True, ref="province.province_code", synonyms=("จังหวัด",)),
    col("semester", T(6), "ภาคเรียน", "Semester", key=True, pattern=SEMESTER_PATTERN, synonyms=("ภาคเรียน",)),
    col("score_low", N, "คะแนนตั้งแต่ (หน่วยหนึ่งในร้อย)", "Score from (hundredths)", key=True, low=0, high=99, synonyms=("คะแนน",)),
    col(
        "truth",
        T,
        "ฐานะจากการตรวจเยี่ยม",
        "Truth, from a verified visit",
        key=True,
        values=TRUTH,
        note="unknown where nobody checked",
    ),
    col("cutoff", N, "เกณฑ์ตัด (หน่วยหนึ่งในร้อย)", "Cut-off (hundredths)", low=0, high=100, note="in force in the semester"),
    col("pupils", N, "นักเรียน", "Pupils", low=0, high=1_000_000, unit="pupils", synonyms=("จำนวน",)),
)
register_link = table(
    "register_link",
    "ผลการเชื่อมทะเบียน",
    "Links between registers",
    col("link", T, "คู่ทะเบียน", "Pair of registers", key=True, values=LINK, synonyms=("คู่ทะเบียน", "การเชื่อมโยง")),
    col("academic_year", N, "ปีการศึกษา", "Academic year", key=True, low=2540, high=2599, synonyms=("ปีการศึกษา", "ปี")),
    col("province_code", T(2), "รหัสจังหวัด", "Province code", key=True, ref="province.province_code", synonyms=("จังหวัด",)),
    col("outcome", T, "ผลการเชื่อม", "Outcome", key=True, values=LINK_OUTCOME, synonyms=("ผลการเชื่อม", "สาเหตุ")),
    col("records", N, "จำนวนระเบียน", "Records", low=0, high=5_000_000, unit="records", synonyms=("จำนวน", "ระเบียน")),
)

# ---- schools ------------------------------------------------------------------------------------------------------
tsqp_school = table(
    "tsqp_school",
    "โรงเรียนพัฒนาตนเอง (TSQP)",
    "TSQP schools",
    col("school_code", T(10), "รหัสโรงเรียน 10 หลัก", "School code", key=True, ref="school.school_code"),
    col("joined_year", N, "ปีการศึกษาที่เข้าร่วม", "Academic year joined", low=2555, high=2599),
    col("left_year", N, "ปีการศึกษาที่ออก", "Academic year left", optional=True, low=2555, high=2599),
    col("teachers", N, "ครูที่ได้รับประโยชน์", "Teachers who benefited", low=0, high=1000, unit="teachers", synonyms=("ครู",)),
    col("pupils", N, "นักเรียนที่ได้รับประโยชน์", "Pupils who benefited", low=0, high=12000, unit="pupils", synonyms=("นักเรียน",)),
)
school_result = table(
    "school_result",
    "ผลสัมฤทธิ์รายโรงเรียน",
    "School results",
    col("school_code", T(10), "รหัสโรงเรียน 10 หลัก", "School code", key=True, ref="school.school_code"),
    col("academic_year", N, "ปีการศึกษา", "Academic year", key=True, low=2540, high=2599, synonyms=("ปีการศึกษา", "ปี")),
    col("grade", T, "ชั้น", "Grade", key=True, pattern=r"(K[1-3]|P[1-6]|M[1-6])"),
    col("subject", T, "วิชา", "Subject", key=True, values=SUBJECT),
    col("n", N, "จำนวนผู้สอบ", "Pupils tested", low=0, high=12000, unit="pupils"),
    col("mean", F, "คะแนนเฉลี่ย", "Mean score", low=0, high=100, unit="points", optional=True),
    col("sd", F, "ส่วนเบี่ยงเบนมาตรฐาน", "Standard deviation", low=0, high=60, unit="points", optional=True),
)

# ---- early childhood and readiness ----------------------------------------------------------------------------------
centre_semester = table(
    "centre_semester",
    "ข้อมูลศูนย์พัฒนาเด็กเล็กรายภาคเรียน",
    "Centres by semester",
    col("centre_code", T(12), "รหัสศูนย์", "Centre code", key=True, ref="centre.centre_code"),
    col("semester", T(6), "ภาคเรียน", "Semester", key=True, pattern=SEMESTER_PATTERN),
    col(
        "children",
        N,
        "จำนวนเด็ก",
        "Children",
        optional=True,
        low=0,
        high=2000,
        unit="children",
        synonyms=("เด็ก", "จำนวนเด็ก", "จำนวน เด็ก (คน)"),
    ),
    col("poor_reached", N, "เด็กยากจนที่เข้าถึง", "Poor children reached", optional=True, low=0, high=2000, unit="children"),
    col("quality", T, "มาตรฐานคุณภาพ", "Quality standard", optional=True, values=QUALITY),
    col(
        "teachers",
        N,
        "ครูและผู้ดูแลเด็ก",
        "Teachers and carers",
        optional=True,
        low=0,
        high=200,
        unit="teachers",
        synonyms=("รวมทั้งสิ้น (คน)", "ผู้ดูแลเด็ก"),
    ),
)
readiness_result = table(
    "readiness_result",
    "ผลสำรวจความพร้อม",
    "School-readiness results",
    col("academic_year", N, "ปีการศึกษาที่สำรวจ", "Survey round (academic year)", key=True, low=2550, high=2599),
    col("province_code", T(2), "รหัสจังหวัด", "Province code", key=True, ref="province.province_code"),
    col("subdomain", T, "ด้านย่อย", "Sub-domain", key=True),
    col("group_kind", T, "ชนิดกลุ่ม", "Group kind", key=True, values=GROUP_KIND),
    col("group_code", T, "กลุ่ม", "Group", key=True),
    col("n", N, "จำนวนเด็ก", "Children assessed", low=0, high=100000, unit="children"),
    col("mean", F, "คะแนนเฉลี่ย", "Mean score", optional=True, unit="points"),
    col("sd", F, "ส่วนเบี่ยงเบนมาตรฐาน", "Standard deviation", optional=True, low=0, unit="points"),
    col("se", F, "ความคลาดเคลื่อนมาตรฐาน (คิดการสุ่มแบบกลุ่ม)", "Standard error (clustered)", optional=True, low=0, unit="points"),
    col("below_cut", F, "สัดส่วนต่ำกว่าเกณฑ์", "Share below the published cut", optional=True, low=0, high=1, unit="share"),
    col("weight", F, "น้ำหนักประชากร", "Population weight", low=0),
    col("age_months", F, "อายุเฉลี่ย (เดือน)", "Mean age", optional=True, low=24, high=120, unit="months", synonyms=("อายุ",)),
    col("closure_days", F, "วันปิดเรียน", "Days of closure before the test", optional=True, low=0, high=400, unit="days"),
)
trial_family = table(
    "trial_family",
    "กลุ่มตัวอย่างพ่อแม่-เด็ก Reach Up",
    "Reach Up sample groups (parent and child)",
    col("family_key", T(32), "รหัสแฝงครอบครัว", "Family key (keyed hash)", key=True, pattern=r"[0-9a-f]{16,32}", person=True),
    col("semester", T(6), "ภาคเรียนที่เริ่ม", "Semester enrolled", pattern=SEMESTER_PATTERN),
    col("area", N, "พื้นที่นำร่อง", "Pilot area", low=1, high=20),
    col("subdistrict_code", T(6), "รหัสตำบล", "Sub-district code", ref="subdistrict.subdistrict_code"),
    person=True,
)
trial_cluster = table(
    "trial_cluster",
    "กลุ่มสุ่ม (คลัสเตอร์) ของการทดลอง",
    "Clusters of the trial",
    col(
        "subdistrict_code", T(6), "รหัสตำบล", "Sub-district code", key=True, ref="subdistrict.subdistrict_code", synonyms=("ตำบล",)
    ),
    col("area", N, "พื้นที่นำร่อง", "Pilot area", low=1, high=20, synonyms=("พื้นที่",)),
    col("arm", T, "กลุ่มทดลอง", "Arm", values=ARM, synonyms=("กลุ่ม", "แขนการทดลอง")),
    col("families_planned", N, "ครอบครัวตามแผน", "Families planned", low=0, high=1000, unit="families", synonyms=("แผน",)),
    col("randomised_on", D, "วันที่สุ่ม", "Randomised on", optional=True),
)
trial_visit = table(
    "trial_visit",
    "การเยี่ยมบ้านรายสองสัปดาห์ (ยอดรวมของคลัสเตอร์)",
    "Home visits by fortnight, sums of a cluster",
    col(
        "subdistrict_code",
        T(6),
        "รหัสตำบล",
        "Sub-district code",
        key=True,
        ref="trial_cluster.subdistrict_code",
        synonyms=("ตำบล",),
    ),
    col("starts_on", D, "วันแรกของรอบ", "First day of the fortnight", key=True, synonyms=("วันที่เริ่ม", "รอบ")),
    col("semester", T(6), "ภาคเรียน", "Semester", pattern=SEMESTER_PATTERN, synonyms=("ภาคเรียน",)),
    col("planned", N, "ครั้งตามแผน", "Visits planned", low=0, high=5000, unit="visits", synonyms=("แผน",)),
    col("done", N, "ครั้งที่เยี่ยมจริง", "Visits done", low=0, high=5000, unit="visits", synonyms=("เยี่ยมจริง",)),
    col("families_active", N, "ครอบครัวที่ยังร่วม", "Families still taking part", low=0, high=1000, unit="families"),
)
trial_measure = table(
    "trial_measure",
    "ผลวัดของการทดลอง (ยอดรวมของคลัสเตอร์)",
    "Measurements of the trial, sums of a cluster",
    col(
        "subdistrict_code",
        T(6),
        "รหัสตำบล",
        "Sub-district code",
        key=True,
        ref="trial_cluster.subdistrict_code",
        synonyms=("ตำบล",),
    ),
    col("wave", T, "รอบการวัด", "Wave", key=True, values=WAVE, synonyms=("รอบ",)),
    col("measure", T, "ตัวแปร", "Measure", key=True, pattern=r"[a-z][a-z0-9_]{1,40}", synonyms=("ตัวแปร", "แบบวัด")),
    col("title_th", T, "ชื่อไทยของตัวแปร", "Thai title of the measure"),
    col("title_en", T, "ชื่ออังกฤษของตัวแปร", "English title of the measure"),
    col("n", N, "จำนวนเด็ก", "Children measured", low=0, high=1000, unit="children"),
    col("mean", F, "ค่าเฉลี่ย", "Mean"),
    col("sd", F, "ส่วนเบี่ยงเบนมาตรฐาน", "Standard deviation within the cluster", optional=True, low=0),
)
learning_city_score = table(
    "learning_city_score",
    "คะแนนเมืองแห่งการเรียนรู้",
    "Learning City scores",
    col("province_code", T(2), "รหัสจังหวัด", "Province code", key=True, ref="province.province_code", synonyms=("จังหวัด",)),
    col("academic_year", N, "ปีการศึกษา", "Academic year", key=True, low=2560, high=2599, synonyms=("ปีการศึกษา", "ปี")),
    col(
        "focus",
        T,
        "ด้าน",
        "Area of focus",
        key=True,
        values=FOCUS,
        synonyms=("ด้าน", "ตัวชี้วัด"),
        note="UNESCO's twelve areas of focus",
    ),
    col(
        "level",
        N,
        "ระดับ",
        "Level",
        low=0,
        high=4,
        unit="levels",
        note="0 nothing yet, 1 planned, 2 begun, 3 at work, 4 benchmark reached",
    ),
    col("evidence", T, "หลักฐาน", "Evidence", optional=True, synonyms=("หลักฐาน", "แหล่งข้อมูล")),
)

# ---- out of school -------------------------------------------------------------------------------------------------------
out_of_school_count = table(
    "out_of_school_count",
    "เด็กและเยาวชนนอกระบบ และแรงงานนอกระบบ (ยอดรวม)",
    "Out-of-school children and youth, informal workers (counts)",
    col("population", T, "กลุ่มเป้าหมาย", "Population", key=True, values=OUTSIDE_POPULATION, synonyms=("กลุ่มเป้าหมาย", "กลุ่ม")),
    col("province_code", T(2), "รหัสจังหวัด", "Province code", key=True, ref="province.province_code", synonyms=("จังหวัด",)),
    col("semester", T(6), "ภาคเรียน", "Semester", key=True, pattern=SEMESTER_PATTERN, synonyms=("ภาคเรียน", "รอบ")),
    col("age_group", T, "กลุ่มอายุ", "Age group", key=True, values=AGE_GROUP, synonyms=("อายุ", "ช่วงอายุ")),
    col("sex", T, "เพศ", "Sex", key=True, values=SEX, synonyms=("เพศ",)),
    col("register_on", D, "วันที่ของทะเบียน", "Date of the register", optional=True, synonyms=("ข้อมูล ณ วันที่",)),
    *(
        col(name, N, th, en, optional=True, low=0, high=2_000_000, unit="persons", note=note, synonyms=synonyms)
        for name, th, en, note, synonyms in (
            ("stock", "อยู่ในทะเบียน", "On the register", "a stock: on the date of the register", ("คงเหลือ", "จำนวนนอกระบบ")),
            ("new", "เข้าทะเบียนใหม่", "Newly on the register", "a flow: first time in this semester", ("รายใหม่", "พบใหม่")),
            ("found", "ค้นพบตัว", "Found in person", "a flow: visited or reached in this semester", ("ค้นพบ", "ติดตามพบ")),
            ("helped", "ได้รับการช่วยเหลือ", "Helped", "a flow", ("ช่วยเหลือแล้ว",)),
            ("back", "กลับสู่การเรียนรู้", "Back in learning", "a flow", ("กลับเข้าเรียน",)),
            ("trained", "ฝึกอาชีพ", "Trained", "a flow", ("ผ่านการอบรม", "อบรม")),
            ("in_work", "มีงานทำ", "In work", "a flow", ("ได้งานทำ",)),
            ("lost_again", "หลุดซ้ำ", "Lost again", "a flow: were back, and left again", ("ออกซ้ำ",)),
        )
    ),
)

# ---- aggregates, published figures, policy -----------------------------------------------------------------------------
reported_value = table(
    "reported_value",
    "ค่าที่หน่วยงานรายงาน",
    "Reported values (aggregates)",
    col("indicator", T, "ตัวชี้วัด", "Indicator id", key=True),
    col("place_level", T, "ระดับพื้นที่", "Place level", key=True, values=PLACE_LEVEL),
    col("place_code", T, "รหัสพื้นที่", "Place code", key=True, level="reported_value.place_level", synonyms=("จังหวัด", "province")),
    col("period", T, "ช่วงเวลา", "Period", key=True, pattern=PERIOD_PATTERN, synonyms=("ปี", "ปีงบประมาณ", "ปีการศึกษา", "พ.ศ.")),
    col("sex", T, "เพศ", "Sex", key=True, values=("all", *SEX)),
    col("level", T, "ระดับการศึกษา", "Level", key=True, values=("all", *LEVEL)),
    col("value", F, "ค่า", "Value", optional=True, synonyms=("จำนวน", "รวม", "ยอดรวม", "value", "total")),
)
MEASURE_KIND = ("persons", "things", "money", "rate", "mean")
ADDS_UP = ("sum", "weighted", "never")
DIRECTION = ("up", "down", "neither")
PERIOD_TYPE = ("semester", "academic_year", "fiscal_year", "calendar_year")
SPLIT = ("sex", "level")
measure = table(
    "measure",
    "ตัวชี้วัดที่หน่วยงานกำหนดเอง",
    "Measures that the agency declared",
    col(
        "measure_id", T, "รหัส", "Measure id", key=True, pattern=r"own\.[a-z][a-z0-9_]{1,40}", note="never used again for another"
    ),
    col("title_th", T, "ชื่อเต็ม (ไทย)", "Full Thai name"),
    col("title_en", T, "ชื่อเต็ม (อังกฤษ)", "Full English name"),
    col("short_th", T, "ชื่อสั้น (ไทย)", "Short Thai name"),
    col("short_en", T, "ชื่อสั้น (อังกฤษ)", "Short English name"),
    col("unit_th", T, "หน่วย (ไทย)", "Unit in Thai"),
    col("unit_en", T, "หน่วย (อังกฤษ)", "Unit in English"),
    col("kind", T, "ชนิด", "Kind", values=MEASURE_KIND),
    col("adds_up", T, "การรวมยอด", "How it adds up", values=ADDS_UP, note="sum, mean weighted by another measure, or never"),
    col("weight", T, "ตัวชี้วัดที่ใช้ถ่วงน้ำหนัก", "Measure that weighs it", optional=True),
    col("direction", T, "ทิศทางที่ดี", "Direction", values=DIRECTION),
    col("period_type", T, "ชนิดของช่วงเวลา", "Period type", values=PERIOD_TYPE),
    col("splits", T, "แยกตาม", "Splits", optional=True, note="codes with commas between them"),
    col("outside", T, "จังหวัดที่ไม่เกี่ยวข้อง", "Provinces outside", optional=True, note="codes with commas between them"),
    col("headings", T, "หัวคอลัมน์ในไฟล์", "Headings in files", optional=True, note="one a line"),
    col("source", T, "ที่มา", "Source"),
    col("caveat_th", T, "ข้อควรระวัง (ไทย)", "Caveat in Thai", optional=True),
    col("caveat_en", T, "ข้อควรระวัง (อังกฤษ)", "Caveat in English", optional=True),
    col("version", N, "ฉบับที่", "Version", low=1, high=9999),
    col("retired", D, "เลิกใช้เมื่อ", "Retired on", optional=True),
    placeless=True,
    declared=True,
)
published_figure = table(
    "published_figure",
    "ตัวเลขที่ประกาศ",
    "Published figures (claims)",
    col("claim_id", T, "รหัส", "Claim id", key=True),
    col("sentence_th", T, "ข้อความที่ประกาศ", "Thai sentence"),
    col("sentence_en", T, "คำแปล", "English sentence"),
    col("value", F, "ค่าที่ประกาศ", "Published value"),
    col("unit", T, "หน่วย", "Unit"),
    col("comparator", T, "ลักษณะตัวเลข", "Comparator", values=COMPARATOR),
    col("tolerance", F, "ช่วงคลาดเคลื่อนของการปัดเศษ", "Rounding tolerance", low=0),
    col("period", T, "ช่วงเวลา", "Period", optional=True),
    col("as_of", T, "ณ เวลา", "As of, as published", optional=True),
    col("population", T, "ประชากร", "Population", optional=True),
    col("population_en", T, "ประชากร (อังกฤษ)", "Population in English", optional=True),
    col("source", T, "ที่มา", "Source"),
    col("source_en", T, "ที่มา (อังกฤษ)", "Source in English", optional=True),
    col("source_date", D, "วันที่ของแหล่งที่มา", "Source date", optional=True),
    col("indicator", T, "ตัวชี้วัด", "Indicator id", optional=True),
    col("where_json", T, "เงื่อนไข", "Filters (JSON)", optional=True),
    col("heads_claim", T, "ตัวหารต่อคน", "Claim that counts the heads", optional=True),
    col("note", T, "หมายเหตุ", "Note", optional=True),
    col("note_en", T, "หมายเหตุ (อังกฤษ)", "Note in English", optional=True),
    placeless=True,
)
published_series = table(
    "published_series",
    "อนุกรมที่หน่วยงานประกาศ",
    "Published series (quoted, not computed)",
    col("series", T, "อนุกรม", "Series", key=True, pattern=r"[a-z][a-z0-9_.]{2,40}"),
    col("year", N, "ปี พ.ศ.", "Year, BE", key=True, low=2500, high=2599),
    col(
        "segment",
        N,
        "ช่วงที่เทียบกันได้",
        "Comparable segment",
        key=True,
        low=1,
        high=20,
        note="years of one segment compare; others do not",
    ),
    col("value", F, "ค่า", "Value"),
    col("title_th", T, "ชื่อไทย", "Thai title"),
    col("title_en", T, "ชื่ออังกฤษ", "English title"),
    col("unit", T, "หน่วย", "Unit"),
    col("as_of", T, "ณ เวลา", "As of, as published", optional=True),
    col("source", T, "ที่มา", "Source"),
    col("note_th", T, "หมายเหตุ", "Note in Thai", optional=True),
    col("note_en", T, "หมายเหตุ (อังกฤษ)", "Note in English", optional=True),
    placeless=True,
)
parameter = table(
    "parameter",
    "ค่ากำหนดที่มีวันที่",
    "Dated parameters",
    col("parameter_id", T, "ค่ากำหนด", "Parameter", key=True, values=("attendance_threshold",)),
    col("effective_from", D, "มีผลตั้งแต่", "Effective from", key=True),
    col("value", F, "ค่า", "Value"),
    col("unit", T, "หน่วย", "Unit", values=("share",)),
    col("source", T, "ที่มา", "Source"),
    placeless=True,
)
yardstick = table(
    "yardstick",
    "เกณฑ์แปลงหน่วย",
    "Yardsticks between units",
    col("yardstick_id", T, "รหัส", "Id", key=True, pattern=r"[a-z][a-z0-9_]{1,40}"),
    col("from_unit", T, "จากหน่วย", "From unit", values=("sd", "months", "school_years")),
    col("to_unit", T, "เป็นหน่วย", "To unit", values=("sd", "months", "school_years")),
    col("population", T, "วัดจากกลุ่ม", "Measured on", values=POPULATION, note="a conversion is refused for any other population"),
    col("factor", F, "ตัวคูณ", "Factor", low=0),
    col("low", F, "ตัวคูณต่ำสุด", "Lowest factor", low=0),
    col("high", F, "ตัวคูณสูงสุด", "Highest factor", low=0),
    col("source", T, "ที่มา", "Source"),
    placeless=True,
)
target = table(
    "target",
    "เป้าหมาย",
    "Targets",
    col("indicator", T, "ตัวชี้วัด", "Indicator id", key=True),
    col("period", T, "ช่วงเวลา", "Period", key=True, pattern=PERIOD_PATTERN),
    col("place_code", T, "รหัสพื้นที่", "Place code", key=True, level="province", note="TH for the nation"),
    col("value", F, "ค่าเป้าหมาย", "Target value"),
    col("source", T, "ที่มา", "Source", optional=True),
)
rate = table(
    "rate",
    "อัตราที่ใช้บังคับ",
    "Rates in force (dated)",
    col("rate_id", T, "อัตรา", "Rate", key=True, note="lunch, basic_needs, equity_grant"),
    col("band", T, "ขั้นหรือระดับ", "Band", key=True),
    col("effective_from", D, "มีผลตั้งแต่", "Effective from", key=True),
    col(
        "since_known",
        B,
        "ทราบวันเริ่มใช้",
        "Start is known",
        optional=True,
        note="no: in force by that day, and when it began is not known; empty: the day is when it began",
    ),
    col("baht", F, "บาท", "Baht", low=0, unit="baht"),
    col("per", T, "ต่อ", "Per", values=("day", "semester", "year")),
    col("status", T, "สถานะ", "Status", key=True, values=("approved", "paid", "demonstration", "conflicting")),
    col("source", T, "ที่มา", "Source"),
    placeless=True,
)
price_index = table(
    "price_index",
    "ดัชนีราคาผู้บริโภค",
    "Price index",
    col("calendar_year", N, "ปีปฏิทิน", "Calendar year (BE)", key=True, low=2500, high=2599),
    col("base", T, "ปีฐาน", "Base", key=True),
    col("value", F, "ดัชนี", "Index", low=0),
    col("source", T, "ที่มา", "Source"),
    placeless=True,
)
event = table(
    "event",
    "เหตุการณ์",
    "Events",
    col("event_id", T, "รหัส", "Event id", key=True),
    col("starts_on", D, "เริ่ม", "Starts"),
    col("ends_on", D, "สิ้นสุด", "Ends", optional=True),
    col("kind", T, "ชนิด", "Kind", values=("closure", "cabinet", "mou", "rate", "survey")),
    col("title_th", T, "ชื่อไทย", "Thai title"),
    col("title_en", T, "ชื่ออังกฤษ", "English title"),
    col("source", T, "ที่มา", "Source"),
    placeless=True,
)

for _package in folders().values():
    if hasattr(_package, "tables"):  # a programme that brings its tables along
        _package.tables(sys.modules[__name__])

TABLES: dict[str, sa.Table] = dict(metadata.tables)
REFERENCE_TABLES = tuple(name for name, t in TABLES.items() if t.info["reference"])
LOADABLE_TABLES = tuple(name for name, t in TABLES.items() if not t.info["reference"] and not t.info["declared"])


def needs(name: str) -> frozenset[str]:
    """A table and those without which its rows have no place: what it refers to in every row, and so on; not what comes with the app."""
    own = {str(c.info["ref"]).partition(".")[0] for c in TABLES[name].columns if c.info["ref"] and not c.nullable}
    return frozenset({name}).union(*(needs(t) for t in own if t != name and not TABLES[t].info["reference"]))


def names(table: str) -> dict[str, str]:
    """The name of a table for messages, in each language (`data_access.contract.errors`)."""
    found = TABLES[table].info
    return {"table": found["en"], "table_th": found["th"], "table_en": found["en"]}
