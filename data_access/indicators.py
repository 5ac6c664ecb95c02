"""The indicator registry: every number that reaches a screen is defined here, once.

An indicator says how it is computed from the measures of one family (`data_access.summaries`), what it means in Thai and English,
what it may not be used for, and where its definition comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["count", "money", "rate", "mean", "per_head", "sd", "years"]

MOU_SOURCE = "MOU สถ.–กสศ. 31 ต.ค. 2565"
DISTINCT_TH = "นับรายคนไม่ซ้ำภายในช่วงเวลา"


@dataclass(frozen=True)
class Indicator:
    """One definition.

    Attributes:
        family: which tables it is computed from (grants, centres, tsqp, results, trial, readiness, reported, pilot, policy, target).
        numerator, denominator: measures of that family.
        person: whether it counts people (then the disclosure rule applies).
        periods: the period types that it exists for; empty when it has no period.
        dims: what it can be split by besides places and periods.
    """

    id: str
    title_th: str
    title_en: str
    unit: str
    kind: Kind
    family: str
    numerator: str
    definition_th: str
    definition_en: str
    formula: str
    denominator: str | None = None
    direction: Literal["up", "down", "neither"] = "neither"
    person: bool = True
    periods: tuple[str, ...] = ("semester",)
    places: tuple[str, ...] = ("nation", "region", "province")
    dims: tuple[str, ...] = ()
    source: str = MOU_SOURCE
    caveat_th: str = ""
    caveat_en: str = ""
    synonyms: tuple[str, ...] = field(default=())

    def title(self, lang: str) -> str:
        """The title in the reader's language."""
        return self.title_th if lang == "th" else self.title_en

    def definition(self, lang: str) -> str:
        """The definition in the reader's language."""
        return self.definition_th if lang == "th" else self.definition_en

    def caveat(self, lang: str) -> str:
        """What it may not be used for, in the reader's language; may be empty."""
        return self.caveat_th if lang == "th" else self.caveat_en


def _grant(id: str, th: str, en: str, kind: Kind, numerator: str, def_th: str, def_en: str, formula: str, **more: object) -> Indicator:
    defaults: dict = {"unit": {"count": "pupils", "rate": "%", "money": "baht"}.get(kind, ""), "family": "grants",
                      "places": ("nation", "region", "province", "district", "lao", "school"), "dims": ("sex", "level", "tier")}
    return Indicator(id=id, title_th=th, title_en=en, kind=kind, numerator=numerator, definition_th=def_th, definition_en=def_en,
                     formula=formula, **{**defaults, **more})


BOTH = ("semester", "academic_year")

_GRANTS = [
    _grant("grant.found", "นักเรียนที่ค้นพบ", "Pupils found", "count", "found", "นักเรียนในโรงเรียนสังกัด อปท. ที่ครูค้นหาและบันทึกในภาคเรียน",
           "Pupils of LAO schools recorded by the search of the semester", "count of pupil × semester rows"),
    _grant("grant.screened", "นักเรียนที่คัดกรองแล้ว", "Pupils screened", "count", "screened", "นักเรียนที่ผ่านการคัดกรองรายได้ทางอ้อม (PMT)",
           "Pupils who went through the proxy means test", "rows whose stage is screened or later"),
    _grant("grant.eligible", "นักเรียนที่เข้าเกณฑ์", "Eligible pupils", "count", "eligible", "คัดกรองแล้วและอยู่ในระดับยากจนหรือยากจนพิเศษ",
           "Screened and of tier poor or extra-poor", "screened rows of tier poor or extra_poor"),
    _grant("grant.certified", "รับรองข้อมูลแล้ว", "Pupils certified", "count", "certified", "ข้อมูลได้รับการรับรองโดยเจ้าหน้าที่ของรัฐ",
           "Record certified by a state officer", "rows whose stage is certified or later"),
    _grant("grant.verified", "ตรวจสอบข้อมูลแล้ว", "Pupils verified", "count", "verified", "ข้อมูลผ่านการตรวจสอบ", "Record verified",
           "rows whose stage is verified or later"),
    _grant("grant.allotted", "จัดสรรแล้ว", "Pupils allotted", "count", "allotted", "ได้รับการจัดสรรงบประมาณ", "Grant allotted",
           "rows whose stage is allotted or later"),
    _grant("grant.paid", "จ่ายแล้ว", "Pupils paid", "count", "paid", "เงินถึงนักเรียนแล้ว", "Grant paid out", "rows whose stage is paid"),
    _grant("grant.basic_recipients", "ผู้รับเงินอุดหนุนปัจจัยพื้นฐาน", "Basic-needs subsidy recipients", "count", "basic",
           "นักเรียนยากจน (รวมยากจนพิเศษ) ที่ได้รับเงินอุดหนุนปัจจัยพื้นฐานจาก สถ. " + DISTINCT_TH,
           "Poor pupils (extra-poor included) given the basic-needs subsidy by DLA; distinct pupils within the period",
           "distinct pupils with basic_baht > 0", direction="neither", periods=BOTH,
           synonyms=("นักเรียนยากจน", "จำนวนนักเรียนยากจน")),
    _grant("grant.equity_recipients", "ผู้รับทุนเสมอภาค", "Equity Grant recipients", "count", "equity",
           "นักเรียนยากจนพิเศษที่ได้รับทุนเสมอภาค (แบบมีเงื่อนไข) จาก กสศ. " + DISTINCT_TH,
           "Extra-poor pupils given the conditional Equity Grant by EEF; distinct pupils within the period",
           "distinct pupils with equity_baht > 0", periods=BOTH, synonyms=("นักเรียนยากจนพิเศษ", "ทุนเสมอภาค")),
    _grant("grant.basic_budget", "งบเงินอุดหนุนปัจจัยพื้นฐาน", "Basic-needs subsidy budget", "money", "basic_baht",
           "ผลรวมเงินอุดหนุนปัจจัยพื้นฐาน", "Sum of the basic-needs subsidy", "Σ basic_baht", periods=BOTH,
           caveat_th="ปิดบังตามจำนวนผู้รับ", caveat_en="Hidden wherever the number of recipients is hidden"),
    _grant("grant.equity_budget", "งบทุนเสมอภาค", "Equity Grant budget", "money", "equity_baht", "ผลรวมทุนเสมอภาค",
           "Sum of the Equity Grant", "Σ equity_baht", periods=BOTH,
           caveat_th="รายภาคเรียนกับรายปีต่างกัน ห้ามนำไปเทียบหรือบวกข้ามชนิด", caveat_en="A semester and a year are different: never compare or add them"),
    _grant("grant.basic_per_head", "เงินปัจจัยพื้นฐานต่อหัว", "Basic-needs subsidy per head", "per_head", "basic_baht",
           "เงินอุดหนุนปัจจัยพื้นฐานหารด้วยผู้รับในช่วงเวลาเดียวกัน", "Subsidy over its distinct recipients of the same period",
           "Σ basic_baht ÷ distinct recipients", denominator="basic", unit="baht per pupil", periods=BOTH),
    _grant("grant.equity_per_head", "ทุนเสมอภาคต่อหัว", "Equity Grant per head", "per_head", "equity_baht",
           "ทุนเสมอภาคหารด้วยผู้รับในช่วงเวลาเดียวกัน", "Grant over its distinct recipients of the same period",
           "Σ equity_baht ÷ distinct recipients", denominator="equity", unit="baht per pupil", periods=BOTH),
    _grant("grant.coverage", "ความครอบคลุม", "Coverage", "rate", "basic", "ผู้รับเงินอุดหนุนต่อผู้เข้าเกณฑ์ที่คัดกรองในภาคเรียนเดียวกัน",
           "Recipients over eligible pupils screened in the same semester", "basic ÷ eligible", denominator="eligible", direction="up"),
    _grant("grant.equity_coverage", "ความครอบคลุมทุนเสมอภาค", "Equity Grant coverage", "rate", "equity",
           "ผู้รับทุนเสมอภาคต่อนักเรียนยากจนพิเศษที่คัดกรองในภาคเรียนเดียวกัน", "Recipients over extra-poor pupils screened in the same semester",
           "equity ÷ extra-poor screened", denominator="eligible_extra", direction="up"),
    _grant("grant.missed", "ผู้เข้าเกณฑ์ที่ยังไม่ได้รับ", "Eligible but not reached", "count", "eligible-basic",
           "ผู้เข้าเกณฑ์ที่ยังไม่ได้รับเงินอุดหนุนในภาคเรียน", "Eligible pupils without the subsidy in the semester", "eligible − basic", direction="down"),
    _grant("grant.equity_share", "สัดส่วนยากจนพิเศษในผู้รับ", "Extra-poor share of recipients", "rate", "equity",
           "ผู้รับทุนเสมอภาคต่อผู้รับเงินอุดหนุนปัจจัยพื้นฐานในภาคเรียนเดียวกัน", "Equity Grant recipients over subsidy recipients of the same semester",
           "equity ÷ basic", denominator="basic"),
    _grant("grant.condition_rate", "ผ่านเงื่อนไขการมาเรียน", "Attendance condition met", "rate", "met",
           "ผู้รับที่มาเรียนถึงเกณฑ์ของปีนั้นต่อผู้ที่มีข้อมูล", "Pupils whose attendance reached the year's threshold, of those recorded", "met ÷ known",
           denominator="condition_known", direction="up", caveat_th="เกณฑ์เป็นค่าตามปี (ร้อยละ 80 ในปี 2562 ร้อยละ 85 ในปี 2568)",
           caveat_en="The threshold is dated: 80 % in 2562, 85 % in 2568"),
    _grant("grant.attendance_mean", "อัตรามาเรียนเฉลี่ย", "Mean attendance", "rate", "attendance_sum", "ค่าเฉลี่ยอัตรามาเรียนของผู้ที่มีข้อมูล",
           "Mean attendance rate of those recorded", "Σ attendance ÷ n", denominator="attended", direction="up"),
    _grant("grant.retention", "คงอยู่ในระบบ", "Still in school", "rate", "in_school", "ผู้ที่ยังเรียนอยู่ในภาคเรียนถัดไปต่อผู้ที่ทราบสถานะ",
           "Pupils still in school next semester, of those whose status is known", "(stayed + moved up + moved) ÷ known",
           denominator="next_known", direction="up"),
    _grant("grant.dropout", "ออกกลางคัน", "Dropped out", "rate", "next_known-in_school", "ผู้ที่ออกจากระบบในภาคเรียนถัดไปต่อผู้ที่ทราบสถานะ",
           "Pupils who left school by next semester, of those whose status is known", "dropped out ÷ known", denominator="next_known",
           direction="down"),
    _grant("grant.same_school", "เรียนต่อโรงเรียนเดิม", "Stayed in the same school", "rate", "retained", "ผู้ที่อยู่โรงเรียนเดิมหรือเลื่อนชั้นต่อผู้ที่ทราบสถานะ",
           "Stayed or moved up, of those whose status is known", "(stayed + moved up) ÷ known", denominator="next_known", direction="up"),
    _grant("grant.days_to_pay", "วันตั้งแต่ค้นพบจนจ่าย", "Days from found to paid", "mean", "days_sum", "จำนวนวันเฉลี่ยตั้งแต่วันค้นพบถึงวันจ่าย",
           "Mean days between found and paid", "Σ days ÷ paid with both dates", denominator="timed", unit="days", direction="down"),
    _grant("grant.referred", "ส่งต่อหน่วยงานอื่น", "Pupils referred", "count", "referred", "นักเรียนที่ส่งต่อข้อมูลให้หน่วยงานอื่น",
           "Pupils referred to another agency", "referral is sent, accepted or closed"),
    _grant("grant.paid_share", "จ่ายแล้วต่อจัดสรร", "Paid of allotted", "rate", "paid", "จ่ายแล้วต่อจัดสรรในภาคเรียนเดียวกัน",
           "Paid over allotted in the same semester", "paid ÷ allotted", denominator="allotted", direction="up"),
]

_TSQP_PLACES = ("nation", "region", "province", "school")
_SCHOOLS = [
    Indicator("tsqp.schools", "โรงเรียนพัฒนาตนเอง", "TSQP schools", "schools", "count", "tsqp", "schools", "โรงเรียนสังกัด อปท. ในเครือข่าย TSQP",
              "LAO schools in the school-development network", "count of TSQP schools", person=False, periods=(), places=_TSQP_PLACES, direction="up"),
    Indicator("tsqp.provinces", "จังหวัดที่มีโรงเรียน TSQP", "Provinces with a TSQP school", "provinces", "count", "tsqp", "places:province",
              "จังหวัดที่มีโรงเรียน TSQP อย่างน้อยหนึ่งแห่ง", "Provinces with at least one TSQP school", "distinct provinces", person=False, periods=(),
              places=("nation", "region")),
    Indicator("tsqp.teachers", "ครูที่ได้รับประโยชน์", "Teachers who benefited", "teachers", "count", "tsqp", "teachers", "ครูในโรงเรียน TSQP ที่ได้รับประโยชน์",
              "Teachers of TSQP schools who benefited", "Σ teachers", periods=(), places=_TSQP_PLACES, direction="up"),
    Indicator("tsqp.pupils", "นักเรียนที่ได้รับประโยชน์", "Pupils who benefited", "pupils", "count", "tsqp", "pupils", "นักเรียนในโรงเรียน TSQP ที่ได้รับประโยชน์",
              "Pupils of TSQP schools who benefited", "Σ pupils", periods=(), places=_TSQP_PLACES, direction="up"),
    Indicator("tsqp.pupils_per_teacher", "นักเรียนต่อครู (TSQP)", "Pupils per teacher (TSQP)", "pupils per teacher", "mean", "tsqp", "pupils",
              "นักเรียนต่อครูที่ได้รับประโยชน์", "Pupils per teacher who benefited", "Σ pupils ÷ Σ teachers", denominator="teachers", periods=(),
              places=_TSQP_PLACES),
]
_RESULT_PLACES = ("nation", "region", "province", "lao", "school")
_RESULT: dict = {"family": "results", "periods": ("academic_year",), "places": _RESULT_PLACES, "dims": ("subject", "grade", "area"),
                 "caveat_th": "คะแนนคนละวิชาหรือคนละชั้นไม่ควรเทียบกันโดยตรง", "caveat_en": "Scores of different subjects or grades are not comparable"}
_RESULTS = [
    Indicator("school.tested", "ผู้เข้าสอบ", "Pupils tested", "pupils", "count", numerator="tested", definition_th="จำนวนผู้เข้าสอบ (คน-วิชา)",
              definition_en="Pupils tested (pupil × subject)", formula="Σ n", **_RESULT),
    Indicator("school.mean_score", "คะแนนเฉลี่ย", "Mean score", "points", "mean", numerator="score_sum", denominator="tested", direction="up",
              definition_th="คะแนนเฉลี่ยถ่วงน้ำหนักด้วยผู้เข้าสอบ", definition_en="Mean score weighted by pupils tested", formula="Σ n·mean ÷ Σ n", **_RESULT),
    Indicator("school.sd_score", "ส่วนเบี่ยงเบนมาตรฐาน", "Standard deviation of scores", "points", "sd", numerator="square_sum", denominator="tested",
              definition_th="ส่วนเบี่ยงเบนมาตรฐานรวมของคะแนน", definition_en="Pooled standard deviation of scores",
              formula="√((Σ((n−1)sd² + n·mean²) − N·M²) ÷ (N−1))", **_RESULT),
    Indicator("school.rural_urban_gap", "ช่องว่างเมือง–ชนบท", "Urban–rural gap", "SD", "sd", numerator="gap:area", denominator="tested", direction="down",
              definition_th="คะแนนเฉลี่ยโรงเรียนในเมืองลบชนบท หารด้วย SD รวม ป.6 และ ม.3 แยกวิชาแล้วเฉลี่ย",
              definition_en="Urban minus rural mean over the pooled SD, within grade and subject, averaged", formula="(M_urban − M_rural) ÷ SD_pooled",
              **{**_RESULT, "dims": ("subject", "grade"), "places": ("nation", "region", "province")}),
]

_CENTRE: dict = {"family": "centres", "places": ("nation", "region", "province", "district", "centre")}
_ECD = [
    Indicator("ecd.centres", "ศูนย์พัฒนาเด็กเล็กที่รายงาน", "Centres reporting", "centres", "count", numerator="centres", person=False,
              definition_th="ศูนย์ที่ส่งข้อมูลในภาคเรียน", definition_en="Centres that reported in the semester", formula="count of centres", **_CENTRE),
    Indicator("ecd.centres_upgraded", "ศูนย์ที่ยกระดับ", "Centres being upgraded", "centres", "count", numerator="members:upgrade", person=False, direction="up",
              definition_th="ศูนย์ที่เข้าร่วมการยกระดับคุณภาพ", definition_en="Centres that joined the upgrade", formula="centres with an upgrade semester",
              **{**_CENTRE, "periods": (), "places": ("nation", "region", "province", "district")}),
    Indicator("ecd.upgrade_provinces", "จังหวัดนำร่องยกระดับศูนย์", "Provinces of the centre upgrade", "provinces", "count", numerator="provinces:upgrade",
              person=False, definition_th="จังหวัดที่มีศูนย์เข้าร่วมการยกระดับ", definition_en="Provinces with a centre in the upgrade", formula="distinct provinces",
              **{**_CENTRE, "periods": (), "places": ("nation", "region")}),
    Indicator("ecd.children", "เด็กในศูนย์", "Children in centres", "children", "count", numerator="children", definition_th="จำนวนเด็กในศูนย์",
              definition_en="Children in centres", formula="Σ children", synonyms=("จำนวนเด็ก", "เด็ก (คน)", "จำนวน เด็ก (คน)"), **_CENTRE),
    Indicator("ecd.poor_reached", "เด็กยากจนที่เข้าถึง", "Poor young children reached", "children", "count", numerator="poor_reached", direction="up",
              definition_th="เด็กปฐมวัยยากจนที่ได้รับการดูแลในศูนย์", definition_en="Poor young children cared for in centres", formula="Σ poor_reached", **_CENTRE),
    Indicator("ecd.poor_share", "สัดส่วนเด็กยากจนในศูนย์", "Poor share of children", "%", "rate", numerator="poor_reached", denominator="children",
              definition_th="เด็กยากจนต่อเด็กทั้งหมดในศูนย์", definition_en="Poor children over all children in centres", formula="Σ poor ÷ Σ children", **_CENTRE),
    Indicator("ecd.teachers", "ครูและผู้ดูแลเด็ก", "Teachers and carers", "teachers", "count", numerator="teachers", definition_th="ครูและผู้ดูแลเด็กในศูนย์",
              definition_en="Teachers and carers in centres", formula="Σ teachers", **_CENTRE),
    Indicator("ecd.children_per_teacher", "เด็กต่อครู", "Children per teacher", "children per teacher", "mean", numerator="children", denominator="teachers",
              direction="down", definition_th="เด็กต่อครูและผู้ดูแล", definition_en="Children per teacher or carer", formula="Σ children ÷ Σ teachers", **_CENTRE),
    Indicator("ecd.quality_share", "ศูนย์ที่ผ่านมาตรฐานระดับดีขึ้นไป", "Centres of good standard or better", "%", "rate", numerator="good", denominator="assessed",
              person=False, direction="up", definition_th="ศูนย์ระดับดีหรือดีมากต่อศูนย์ที่ประเมินแล้ว", definition_en="Good or excellent centres of those assessed",
              formula="(good + excellent) ÷ assessed", **_CENTRE),
]

_TRIAL = [
    Indicator("reachup.families", "กลุ่มตัวอย่างพ่อแม่–เด็ก", "Parent–child sample groups", "sample groups", "count", "trial", "families",
              "กลุ่มตัวอย่างในโครงการ Reach Up × เงินอุดหนุน", "Sample groups of the Reach Up × cash-transfer trial", "count of families",
              places=("nation", "region", "province", "subdistrict"), direction="up"),
    Indicator("reachup.areas", "พื้นที่นำร่อง Reach Up", "Reach Up pilot areas", "areas", "count", "trial", "distinct:area", "พื้นที่นำร่องของโครงการ",
              "Pilot areas of the trial", "distinct areas", person=False, periods=(), places=("nation",)),
    Indicator("reachup.provinces", "จังหวัดในโครงการ Reach Up", "Reach Up provinces", "provinces", "count", "trial", "distinct:province",
              "จังหวัดที่มีกลุ่มตัวอย่าง", "Provinces with sample groups", "distinct provinces", person=False, periods=(), places=("nation",)),
    Indicator("reachup.subdistricts", "ตำบลนำร่อง Reach Up", "Reach Up sub-districts", "sub-districts", "count", "trial", "distinct:subdistrict",
              "ตำบลที่มีกลุ่มตัวอย่าง", "Sub-districts with sample groups", "distinct sub-districts", person=False, periods=(), places=("nation",)),
]

_READINESS: dict = {"family": "readiness", "periods": ("academic_year",), "dims": ("subdomain", "group_kind", "group_code"),
                    "source": "TSRS (โครงสร้างตาม RIPED)", "caveat_th": "สำรวจภาคตัดขวางซ้ำ ไม่ใช่เด็กคนเดิม", "caveat_en": "A repeated cross-section, not a panel"}
_LEARNING = [
    Indicator("readiness.assessed", "เด็กที่ประเมิน", "Children assessed", "children", "count", numerator="n", definition_th="เด็กอนุบาล 3 ที่ประเมิน",
              definition_en="Kindergarten-3 children assessed", formula="Σ n (one sub-domain)", **_READINESS),
    Indicator("readiness.mean", "คะแนนความพร้อมเฉลี่ย", "Mean readiness score", "points", "mean", numerator="mean", direction="up",
              definition_th="คะแนนเฉลี่ยถ่วงน้ำหนักประชากร", definition_en="Population-weighted mean score", formula="Σ w·mean ÷ Σ w", **_READINESS),
    Indicator("readiness.z", "ความพร้อม (SD ของรอบฐาน)", "Readiness in SD of the base round", "SD", "sd", numerator="z", direction="up",
              definition_th="(คะแนน − ค่าเฉลี่ยรอบฐาน) ÷ SD รอบฐาน รอบฐานคงที่ คือรอบแรกที่มี", definition_en="(mean − base mean) ÷ base SD; the base is the first round and stays fixed",
              formula="(x − μ_base) ÷ σ_base", **_READINESS),
    Indicator("readiness.change", "เปลี่ยนจากรอบฐาน", "Change since the base round", "SD", "sd", numerator="change", direction="up",
              definition_th="ค่ามาตรฐานลบค่าของพื้นที่เดียวกันในรอบฐาน", definition_en="Standardised mean minus that of the same place in the base round",
              formula="z_t − z_base", **_READINESS),
    Indicator("readiness.below_cut", "ต่ำกว่าเกณฑ์", "Below the published cut", "%", "rate", numerator="below_cut", direction="down",
              definition_th="สัดส่วนเด็กที่ได้คะแนนต่ำกว่าเกณฑ์ของรอบฐาน", definition_en="Share of children below the cut, weighted", formula="Σ w·share ÷ Σ w", **_READINESS),
    Indicator("readiness.gap_wealth", "ช่องว่างฐานะ", "Wealth gap", "SD", "sd", numerator="gap:wealth", direction="down",
              definition_th="ควินไทล์รวยสุดลบจนสุด ในหน่วย SD รอบฐาน", definition_en="Richest minus poorest quintile in base-round SD", formula="z_q5 − z_q1",
              **{**_READINESS, "dims": ("subdomain",)}),
    Indicator("readiness.gap_area", "ช่องว่างเมือง–ชนบท", "Urban–rural gap", "SD", "sd", numerator="gap:area", direction="down",
              definition_th="เมืองลบชนบท ในหน่วย SD รอบฐาน", definition_en="Urban minus rural in base-round SD", formula="z_urban − z_rural",
              **{**_READINESS, "dims": ("subdomain",)}),
    Indicator("readiness.closure_days", "วันปิดเรียน", "Days of closure", "days", "mean", numerator="closure_days", definition_th="วันปิดเรียนก่อนวันประเมิน",
              definition_en="Days of closure before the assessment", formula="Σ w·days ÷ Σ w", **{**_READINESS, "dims": ()}),
    Indicator("readiness.per_closure_day", "เปลี่ยนต่อวันปิดเรียน", "Change per closure day", "SD per day", "sd", numerator="slope",
              definition_th="ความชันของการเปลี่ยนแปลงรายจังหวัดต่อวันปิดเรียน (ถ่วงน้ำหนัก)", definition_en="Weighted slope of provinces' change on closure days",
              formula="WLS slope of change on closure_days", **{**_READINESS, "places": ("nation",), "dims": ("subdomain",)}),
]


def _reported(id: str, th: str, en: str, unit: str, person: bool, synonyms: tuple[str, ...], periods: tuple[str, ...],
              dims: tuple[str, ...] = (), source: str = "ตารางที่หน่วยงานรายงาน") -> Indicator:
    kind: Kind = "money" if unit == "baht" else "count"
    return Indicator(id, th, en, unit, kind, "reported", "value", f"{th} ตามที่หน่วยงานรายงาน", f"{en}, as reported by the agency",
                     "Σ reported values", person=person, periods=periods, dims=dims, source=source, synonyms=synonyms)


_REPORTED = [
    _reported("assist.recipients", "ผู้รับการสงเคราะห์รายบุคคล", "Recipients of individual assistance", "persons", True,
              ("จำนวนกลุ่มเป้าหมาย", "กลุ่มเป้าหมาย รวม"), ("fiscal_year",), ("sex",)),
    _reported("assist.education_baht", "เงินสงเคราะห์เพื่อการศึกษา", "Assistance for education", "baht", False,
              ("ค่าใช้จ่ายทางการศึกษา",), ("fiscal_year",)),
    _reported("assist.baht", "เงินสงเคราะห์รวม", "Assistance, all purposes", "baht", False,
              ("รวมจำนวนเงินที่จังหวัดได้รับ", "รวมจำนวนเงิน"), ("fiscal_year",)),
    _reported("pao.budget", "งบประมาณ อบจ.", "Budget of provincial administrative organisations", "baht", False,
              ("งบประมาณ(บาท)", "งบประมาณ"), ("fiscal_year",)),
    _reported("pao.education_budget", "งบการศึกษาของ อบจ.", "Education budget of provincial administrative organisations", "baht", False,
              ("งบประมาณ(บาท)", "งบประมาณ"), ("fiscal_year",)),
    _reported("school.m6_completers", "ผู้สำเร็จ ม.6", "Pupils completing Mathayom 6", "pupils", True, ("totalstd",), ("academic_year",), ("sex",)),
    _reported("population.registered", "ประชากรตามทะเบียน", "Registered population", "persons", True, ("รวม", "ประชากร"), ("calendar_year",), ("sex",)),
    _reported("population.children_2_4", "เด็กอายุ 2–4 ปี", "Children aged 2–4", "children", True, ("เด็กอายุ 2-4",), ("academic_year",)),
]

_POLICY = [
    Indicator("pilot.size", "ขนาดชุดพื้นที่นำร่อง", "Places in a pilot set", "places", "count", "pilot", "members", "จำนวนสมาชิกของชุดพื้นที่นำร่อง",
              "Members of a pilot set", "count of members", person=False, periods=(), places=("nation",), dims=("pilot_set",)),
    Indicator("policy.years_unchanged", "ปีที่อัตราไม่เปลี่ยน", "Years since a rate last moved", "years", "years", "policy", "years_unchanged",
              "จำนวนปีเต็มนับจากวันที่อัตราเปลี่ยนล่าสุดถึงวันที่อ้างอิง", "Whole years from the last change of a rate to the reference day", "reference day − last change",
              person=False, periods=(), places=("nation",), dims=("rate",)),
    Indicator("target.years", "ปีที่ตั้งเป้าหมาย", "Years with targets", "years", "count", "target", "years", "จำนวนปีที่มีเป้าหมาย", "Years that targets cover",
              "distinct years of the target table", person=False, periods=(), places=("nation",)),
]

REGISTRY: dict[str, Indicator] = {i.id: i for i in (*_GRANTS, *_SCHOOLS, *_RESULTS, *_ECD, *_TRIAL, *_LEARNING, *_REPORTED, *_POLICY)}
