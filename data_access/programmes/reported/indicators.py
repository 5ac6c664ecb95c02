"""Aggregates that agencies report and nothing finer gives."""

from __future__ import annotations

from data_access.programmes.base import BANGKOK, Indicator, Kind
from i18n import N_


def _reported(
    id: str,
    th: str,
    en: str,
    unit: str,
    person: bool,
    synonyms: tuple[str, ...],
    periods: tuple[str, ...],
    dims: tuple[str, ...] = (),
    source: str = N_("Tables reported by the agencies"),
    outside: tuple[str, ...] = (),
) -> Indicator:
    kind: Kind = "money" if unit == "baht" else "count"
    return Indicator(
        id,
        th,
        en,
        unit,
        kind,
        "reported",
        "value",
        f"{th} ตามที่หน่วยงานรายงาน",
        f"{en}, as reported by the agency",
        "Σ reported values",
        person=person,
        periods=periods,
        dims=dims,
        source=source,
        synonyms=synonyms,
        outside=outside,
    )


REPORTED = [
    _reported(
        "assist.recipients",
        "ผู้รับการสงเคราะห์รายบุคคล",
        "Recipients of individual assistance",
        "persons",
        True,
        ("จำนวนกลุ่มเป้าหมาย", "กลุ่มเป้าหมาย รวม"),
        ("fiscal_year",),
        ("sex",),
    ),
    _reported(
        "assist.education_baht",
        "เงินสงเคราะห์เพื่อการศึกษา",
        "Assistance for education",
        "baht",
        False,
        ("ค่าใช้จ่ายทางการศึกษา",),
        ("fiscal_year",),
    ),
    _reported(
        "assist.baht",
        "เงินสงเคราะห์รวม",
        "Assistance, all purposes",
        "baht",
        False,
        ("รวมจำนวนเงินที่จังหวัดได้รับ", "รวมจำนวนเงิน"),
        ("fiscal_year",),
    ),
    _reported(
        "pao.budget",
        "งบประมาณ อบจ.",
        "Budget of provincial administrative organisations",
        "baht",
        False,
        ("งบประมาณ(บาท)", "งบประมาณ"),
        ("fiscal_year",),
        outside=BANGKOK,
    ),
    _reported(
        "pao.education_budget",
        "งบการศึกษาของ อบจ.",
        "Education budget of provincial administrative organisations",
        "baht",
        False,
        ("งบประมาณ(บาท)", "งบประมาณ"),
        ("fiscal_year",),
        outside=BANGKOK,
    ),
    _reported(
        "school.m6_completers",
        "ผู้สำเร็จ ม.6",
        "Pupils completing Mathayom 6",
        "pupils",
        True,
        ("totalstd", "ผู้สำเร็จการศึกษา ม.6", "จำนวนผู้สำเร็จการศึกษา ม.6"),
        ("academic_year",),
        ("sex",),
    ),
    _reported(
        "population.registered",
        "ประชากรตามทะเบียน",
        "Registered population",
        "persons",
        True,
        ("รวม", "ประชากร"),
        ("calendar_year",),
        ("sex",),
    ),
    _reported(
        "population.children_2_4", "เด็กอายุ 2–4 ปี", "Children aged 2–4", "children", True, ("เด็กอายุ 2-4",), ("academic_year",)
    ),
]
