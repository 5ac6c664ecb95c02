"""The published figures: 20 claims of the MOU report, each with the question that the tables answer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

SOURCE = "รายงานความร่วมมือ สถ.–กสศ. (MOU ฉบับที่ 2) ตามข่าว 31 ต.ค. 2565"
SOURCE_EN = "Report of the DLA–EEF cooperation (second MOU), as in the news of 31 Oct 2565 BE"
SERIES = Path(__file__).parents[2] / "assets" / "published_series.csv"
SOURCE_DATE = pd.Timestamp("2022-10-31")


@dataclass(frozen=True)
class Claim:
    """One published figure; field names are the columns of the table, `where` becomes `where_json`."""

    claim_id: str
    sentence_th: str
    sentence_en: str
    value: float
    unit: str
    indicator: str | None
    as_of: str | None
    population: str
    population_en: str
    comparator: str = "exact"
    tolerance: float = 0.0
    period: str | None = None
    where: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    heads_claim: str | None = None
    note: str | None = None
    note_en: str | None = None


SEMESTER = (("semester", "2565-1"),)
LAO_PUPILS = ("นักเรียนโรงเรียนสังกัด อปท. อนุบาล–ม.ต้น", "pupils of LAO schools, kindergarten to lower secondary")
EXTRA_POOR = ("นักเรียนยากจนพิเศษในโรงเรียนสังกัด อปท.", "extra-poor pupils of LAO schools")
INVENTED_LIST = "รายงานไม่ได้ระบุรายชื่อ รายชื่อในชุดสาธิตเป็นข้อมูลสมมติ"
INVENTED_LIST_EN = "the report names none; the names in the demonstration are invented"

CLAIMS = (
    Claim(
        "grant.basic.students",
        "นักเรียนยากจนในโรงเรียนสังกัด อปท. ได้รับจัดสรรทุนปัจจัยพื้นฐานนักเรียนยากจนจาก สถ. 26,376 คน (ภาคเรียนที่ 1/2565)",
        "26,376 poor pupils of LAO schools were allotted the basic-needs subsidy by DLA (semester 1/2565)",
        26_376,
        "pupils",
        "grant.basic_recipients",
        "1/2565",
        *LAO_PUPILS,
        period="2565-1",
        where=SEMESTER,
    ),
    Claim(
        "grant.basic.budget",
        "งบประมาณทุนปัจจัยพื้นฐานราว 40 ล้านบาท (ภาคเรียนที่ 1/2565)",
        "The basic-needs subsidy came to about 40 million baht (semester 1/2565)",
        40e6,
        "baht",
        "grant.basic_budget",
        "1/2565",
        *LAO_PUPILS,
        "about",
        500_000,
        "2565-1",
        SEMESTER,
        "grant.basic.students",
        "เฉลี่ยราว 1,517 บาทต่อคน อัตรา 500/1,500 บาทต่อภาคเรียนให้ได้เท่านี้ในหนึ่งภาคเรียนต่อเมื่อเกือบทุกคนอยู่ ม.ต้น แต่ทั้งปีได้เมื่อราวหนึ่งในสี่อยู่ ม.ต้น "
        "จำนวนเงินรายคนในชุดสาธิต (1,000/3,000) เป็นข้อมูลสมมติ",
        "About 1,517 baht a head. At 500/1,500 baht a semester one semester comes to this only with nearly everybody in lower secondary, "
        "a year with about a quarter there. Amounts per pupil in the demonstration (1,000/3,000) are invented",
    ),
    Claim(
        "grant.equity.students",
        "ในจำนวนนี้ นักเรียนยากจนพิเศษ 17,965 คน ได้รับทุนเสมอภาคเพิ่มจาก กสศ. (ภาคเรียนที่ 1/2565)",
        "Of them, 17,965 extra-poor pupils were given the conditional Equity Grant on top by EEF (semester 1/2565)",
        17_965,
        "pupils",
        "grant.equity_recipients",
        "1/2565",
        *EXTRA_POOR,
        period="2565-1",
        where=SEMESTER,
    ),
    Claim(
        "grant.equity.budget",
        "งบประมาณทุนเสมอภาคของ กสศ. ราว 28 ล้านบาทต่อปี (2565)",
        "EEF's budget of the Equity Grant was about 28 million baht a year (2565)",
        28e6,
        "baht",
        "grant.equity_budget",
        "2565",
        *EXTRA_POOR,
        "about",
        500_000,
        "AY2565",
        (("academic_year", "AY2565"),),
        "grant.equity.students",
        "ผู้รับที่ประกาศนับเป็นรายภาคเรียน งบนับเป็นรายปี รายงานไม่ได้บอกจำนวนผู้รับทั้งปี จำนวนเงินรายคนในชุดสาธิต (800 บาทต่อภาคเรียน) เป็นข้อมูลสมมติ",
        "The recipients published are of a semester, the budget is of a year; the year's recipients were not published. "
        "Amounts per pupil in the demonstration (800 baht a semester) are invented",
    ),
    Claim(
        "tsqp.schools",
        "โรงเรียนสังกัด อปท. 35 แห่งเข้าร่วมเครือข่ายโรงเรียนพัฒนาตนเอง (TSQP)",
        "35 LAO schools are in the school-development network (TSQP)",
        35,
        "schools",
        "tsqp.schools",
        "2562–2565",
        "โรงเรียนสังกัด อปท.",
        "LAO schools",
        note=INVENTED_LIST,
        note_en=INVENTED_LIST_EN,
    ),
    Claim(
        "tsqp.provinces",
        "โรงเรียนพัฒนาตนเองอยู่ใน 19 จังหวัด",
        "The TSQP schools are in 19 provinces",
        19,
        "provinces",
        "tsqp.provinces",
        "2562–2565",
        "จังหวัด",
        "provinces",
        note=INVENTED_LIST,
        note_en=INVENTED_LIST_EN,
    ),
    Claim(
        "tsqp.teachers",
        "ครูได้รับประโยชน์ไม่น้อยกว่า 818 คน",
        "At least 818 teachers benefited",
        818,
        "teachers",
        "tsqp.teachers",
        "2562–2565",
        "ครูในโรงเรียนพัฒนาตนเองสังกัด อปท.",
        "teachers of LAO schools in the network",
        "at_least",
    ),
    Claim(
        "tsqp.students",
        "นักเรียนได้รับประโยชน์ไม่น้อยกว่า 12,967 คน",
        "At least 12,967 pupils benefited",
        12_967,
        "pupils",
        "tsqp.pupils",
        "2562–2565",
        "นักเรียนในโรงเรียนพัฒนาตนเองสังกัด อปท.",
        "pupils of LAO schools in the network",
        "at_least",
    ),
    Claim(
        "tsqp.gap",
        "ธนาคารโลกเคยประเมินว่าช่องว่างการเรียนรู้เมืองกับชนบทเท่ากับ 2 ปีการศึกษา",
        "The World Bank once assessed the rural–urban learning gap at 2 school years",
        2,
        "school years",
        None,
        None,
        "นักเรียนเมืองและชนบท",
        "urban and rural pupils",
        note="คำนวณจากตารางไม่ได้: ไม่มีเกณฑ์แปลงคะแนนเป็นปีการศึกษาที่ระบุไว้ และไม่พบรายงานต้นทาง; ดูช่องว่างในหน่วย SD แทน",
        note_en="Cannot be computed from the tables: no yardstick turns scores into school years, and the report was not found; "
        "see the gap in SD instead",
    ),
    Claim(
        "ecd.centres",
        "ยกระดับศูนย์พัฒนาเด็กเล็ก 3,769 แห่ง",
        "3,769 child-development centres are being upgraded",
        3_769,
        "centres",
        "ecd.centres_upgraded",
        "2563–2564",
        "ศูนย์พัฒนาเด็กเล็กสังกัด อปท.",
        "child-development centres of LAOs",
    ),
    Claim(
        "ecd.provinces",
        "ใน 15 จังหวัดนำร่อง",
        "In 15 pilot provinces",
        15,
        "provinces",
        "ecd.upgrade_provinces",
        "2563–2564",
        "จังหวัด",
        "provinces",
        note=INVENTED_LIST,
        note_en=INVENTED_LIST_EN,
    ),
    Claim(
        "ecd.children",
        "เข้าถึงเด็กปฐมวัยยากจน 45,028 คน",
        "45,028 poor young children were reached",
        45_028,
        "children",
        "ecd.poor_reached",
        "2563–2564",
        "เด็กปฐมวัยยากจนในศูนย์ของ 15 จังหวัดนำร่อง",
        "poor young children in centres of the 15 pilot provinces",
        period="2564-2",
        where=(("semester", "2564-2"), ("pilot_set", "ecd_provinces")),
        note="นับศูนย์ละครั้ง ณ ภาคเรียนที่ 2/2564 ซึ่งเป็นภาคเรียนสุดท้ายของช่วงที่รายงาน",
        note_en="Each centre counted once, in semester 2/2564, the last of the span reported",
    ),
    Claim(
        "reachup.families",
        "กลุ่มตัวอย่างพ่อแม่–เด็กในโครงการวิจัย Reach Up ร่วมกับเงินอุดหนุนแบบมีเงื่อนไข ราว 1,440 กลุ่ม (ภาคเรียนที่ 2/2565)",
        "About 1,440 parent–child sample groups are in the Reach Up × conditional cash transfer trial (semester 2/2565)",
        1_440,
        "sample groups",
        "reachup.families",
        "2/2565",
        "กลุ่มตัวอย่างพ่อแม่–เด็ก",
        "parent–child sample groups",
        "about",
        5,
        "2565-2",
    ),
    Claim(
        "reachup.areas",
        "ใน 6 พื้นที่นำร่อง",
        "In 6 pilot areas",
        6,
        "areas",
        "reachup.areas",
        "2/2565",
        "พื้นที่นำร่อง",
        "pilot areas",
        period="2565-2",
        note="1 สงขลา 2 เชียงใหม่ 3 นครนายก 4 ลพบุรี 5 ขอนแก่น 6 มหาสารคามและกาฬสินธุ์",
        note_en="1 Songkhla 2 Chiang Mai 3 Nakhon Nayok 4 Lop Buri 5 Khon Kaen 6 Maha Sarakham and Kalasin",
    ),
    Claim(
        "reachup.provinces",
        "ครอบคลุม 7 จังหวัด",
        "In 7 provinces",
        7,
        "provinces",
        "reachup.provinces",
        "2/2565",
        "จังหวัด",
        "provinces",
        period="2565-2",
        note="รายงานระบุชื่อทั้ง 7 จังหวัด",
        note_en="The report names all seven",
    ),
    Claim(
        "reachup.tambons",
        "72 ตำบลนำร่อง ครบทั้ง 4 ภูมิภาค",
        "72 pilot sub-districts, in all four regions",
        72,
        "sub-districts",
        "reachup.subdistricts",
        "2/2565",
        "ตำบล",
        "sub-districts",
        period="2565-2",
        note=INVENTED_LIST,
        note_en=INVENTED_LIST_EN,
    ),
    Claim(
        "city.provinces",
        "เทศบาลแห่งการเรียนรู้ใน 12 จังหวัดนำร่อง ร่วมกับ UNESCO และกระทรวงศึกษาธิการ",
        "Learning City in 12 pilot provinces, with UNESCO and the Ministry of Education",
        12,
        "provinces",
        "pilot.size",
        "2565",
        "จังหวัด",
        "provinces",
        where=(("pilot_set", "learning_city_provinces"),),
        note=INVENTED_LIST + " และไม่ใช่รายชื่อสมาชิก UNESCO GNLC",
        note_en=INVENTED_LIST_EN + "; not the members of UNESCO's network",
    ),
    Claim(
        "policy.frozen",
        "อัตราค่าอาหารกลางวันและทุนปัจจัยพื้นฐานไม่ได้ปรับมานานกว่า 12 ปี",
        "The lunch and basic-needs subsidy rates had not moved for more than 12 years",
        12,
        "years",
        "policy.years_unchanged",
        "2565",
        "อัตราเงินอุดหนุน",
        "subsidy rates",
        "more_than",
        where=(("rate", ("lunch", "basic_needs")),),
        note="คำนวณแยกรายอัตรา ณ 31 ต.ค. 2565: อัตราอาหารกลางวันปรับเป็น 21 บาทตั้งแต่ปีงบ 2565 (มติ ครม. 9 ก.พ. 2564) และตามขนาดโรงเรียนตั้งแต่ปีงบ 2566 "
        "(มติ ครม. 8 พ.ย. 2565 มีผล 1 ต.ค. 2565); ไม่พบวันเริ่มใช้อัตราทุนปัจจัยพื้นฐาน จึงคำนวณไม่ได้",
        note_en="Computed rate by rate on 31 Oct 2565: lunch moved to 21 baht from fiscal year 2565 (Cabinet, 9 Feb 2564) and by size of school "
        "from fiscal year 2566 (Cabinet, 8 Nov 2565, in force from 1 Oct 2565); since when the basic-needs rate holds was not found",
    ),
    Claim(
        "mou.years",
        "เป้าหมายของ MOU มองไปข้างหน้า 3 ปี (2566–2568)",
        "The MOU's targets look 3 years ahead (2566–2568)",
        3,
        "years",
        "target.years",
        "2566–2568",
        "ปีเป้าหมาย",
        "target years",
        note="ค่าเป้าหมายรายปีเป็นข้อมูลสมมติ",
        note_en="The yearly target values are invented",
    ),
    Claim(
        "mou.horizon",
        "ความร่วมมือมุ่งปิดช่องว่างอย่างไร้รอยต่อ ตั้งแต่ปฐมวัยถึงอุดมศึกษา ในระยะ 20 ปี",
        "The agreement sets out to close the gap without a seam, from early childhood to higher education, over 20 years",
        20,
        "years",
        None,
        None,
        "ผู้ไม่มีทุนทรัพย์ ผู้พิการ และผู้ด้อยโอกาส",
        "those without means, the disabled and the disadvantaged",
        note="เป็นระยะของความร่วมมือ ไม่ใช่ค่าที่วัดได้จากตาราง; ดูเส้นทางของเด็กที่ตารางติดตามได้ในหน้าหลักประกันความเสมอภาค",
        note_en="A horizon, nothing that tables measure; how far the tables follow children stands on the page Equity chain",
    ),
)


def published_figure() -> pd.DataFrame:
    """The claims as a table, in the order of the report."""
    return pd.DataFrame([_row(claim) for claim in CLAIMS])


def _row(claim: Claim) -> dict[str, Any]:
    row = asdict(claim)
    where = dict(row.pop("where"))
    asked = json.dumps(where, ensure_ascii=False) if claim.indicator else None
    return {
        **row,
        "value": float(claim.value),
        "where_json": asked,
        "source": SOURCE,
        "source_en": SOURCE_EN,
        "source_date": SOURCE_DATE,
    }


def yardstick() -> pd.DataFrame:
    """The one yardstick that a source gives, measured on adults: it shows what the guard of units refuses."""
    source = "Evans และ Yuan, World Bank Policy Research Working Paper 8752: 1 SD ของการอ่านออกเขียนได้ = 4.7–6.8 ปีการเรียน"
    row = {"yardstick_id": "adult_literacy", "from_unit": "sd", "to_unit": "school_years", "population": "adult"}
    return pd.DataFrame([{**row, "factor": 5.75, "low": 4.7, "high": 6.8, "source": source}])


def published_series() -> pd.DataFrame:
    """Series quoted from the sources that each row names; real figures, not invented ones."""
    return pd.read_csv(SERIES)
