"""Rates in force, prices, events and targets. Sourced rows name their source; the others say that they are invented."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data_access.demo.common import INVENTED_SOURCE, YEARS


def build() -> dict[str, pd.DataFrame]:
    """The tables `rate`, `parameter`, `price_index`, `event` and `target`."""
    return {"rate": rate(), "parameter": parameter(), "price_index": price_index(), "event": event(), "target": target()}


# ---- rates ------------------------------------------------------------------------------------------------------------------
_LUNCH_2566 = "มติ ครม. 8 พ.ย. 2565 (borworn.blog, kroonut.com)"
_EQUITY_2565 = "อนุมัติ 12 ม.ค. 2564 ใช้ตั้งแต่ปีการศึกษา 2565 (prd.go.th iid/7243; ohozee.com) วันเริ่มตามนิยามภาคเรียนของระบบ 1 พ.ค."
_EQUITY_2568 = "อัตรา 1,000–7,200 บาทต่อปีตามระดับและกรณี ภาคเรียน 1/2568 (Bangkok Post 3069096) วันเริ่มตามนิยามภาคเรียนของระบบ 1 พ.ค."
_BASIC = "อัตรา 500/1,500 บาทต่อภาคเรียนตาม nationthailand 30358415 (พ.ย. 2561) ไม่พบวันเริ่มใช้อัตรานี้ จึงลงเดือนของข่าว"
_ASIANEWS = (
    "asianews.eu อ้าง 1,000 และ 3,000 บาทต่อภาคเรียนสำหรับยากจนพิเศษ ขัดกับ 500/1,500 ต้องยืนยันกับหน่วยงาน ไม่พบวันเริ่มใช้ จึงลงวันเดียวกับแหล่งที่ขัดกัน"
)
_RATES = (
    ("lunch", "all", dt.date(2020, 10, 1), 20, "day", "paid", "efoodchoice 98: 20 บาทใช้ถึงปีงบ 2564 ไม่พบวันเริ่ม จึงลงวันต้นปีงบ 2564"),
    ("lunch", "all", dt.date(2021, 10, 1), 21, "day", "approved", "มติ ครม. 9 ก.พ. 2564 ตั้งแต่ปีงบ 2565 (maesod.info)"),
    ("lunch", "1-40", dt.date(2022, 10, 1), 36, "day", "approved", _LUNCH_2566),
    ("lunch", "41-100", dt.date(2022, 10, 1), 27, "day", "approved", _LUNCH_2566),
    ("lunch", "101-120", dt.date(2022, 10, 1), 24, "day", "approved", _LUNCH_2566),
    ("lunch", "121+", dt.date(2022, 10, 1), 22, "day", "approved", _LUNCH_2566),
    ("basic_needs", "primary", dt.date(2018, 11, 1), 500, "semester", "paid", _BASIC),
    ("basic_needs", "lower_secondary", dt.date(2018, 11, 1), 1500, "semester", "paid", _BASIC),
    ("basic_needs", "primary", dt.date(2018, 11, 1), 1000, "semester", "conflicting", _ASIANEWS),
    ("basic_needs", "lower_secondary", dt.date(2018, 11, 1), 3000, "semester", "conflicting", _ASIANEWS),
    (
        "equity_grant",
        "all",
        dt.date(2018, 11, 1),
        800,
        "semester",
        "paid",
        "พ.ย. 2561 เพิ่ม 800 บาทต่อภาคเรียน ป.1–ม.3 (nationthailand 30358415)",
    ),
    (
        "equity_grant",
        "all",
        dt.date(2019, 5, 1),
        3000,
        "semester",
        "conflicting",
        "Bangkok Post 1797819: “3,000 baht a semester” ปีการศึกษา 2562 ขัดกับแหล่งอื่น ต้องยืนยันกับ กสศ.",
    ),
    ("equity_grant", "primary", dt.date(2022, 5, 1), 5100, "year", "approved", _EQUITY_2565),
    ("equity_grant", "lower_secondary", dt.date(2022, 5, 1), 4500, "year", "approved", _EQUITY_2565),
    ("equity_grant", "upper_secondary", dt.date(2022, 5, 1), 9100, "year", "approved", _EQUITY_2565),
    ("equity_grant", "lowest", dt.date(2025, 5, 1), 1000, "year", "approved", _EQUITY_2568),
    ("equity_grant", "highest", dt.date(2025, 5, 1), 7200, "year", "approved", _EQUITY_2568),
)


_START_NOT_FOUND = (("lunch", 20), ("basic_needs", 500), ("basic_needs", 1500), ("basic_needs", 1000), ("basic_needs", 3000))
"""Rates whose sources say that they were paid and not since when: their day is one on which they were in force."""


def rate() -> pd.DataFrame:
    """Dated rates with status: what sources agree on and what they do not. No date here is invented; one that is not a start says so."""
    frame = pd.DataFrame(_RATES, columns=["rate_id", "band", "effective_from", "baht", "per", "status", "source"])
    unknown = [pair in _START_NOT_FOUND for pair in zip(frame["rate_id"], frame["baht"], strict=True)]
    frame["since_known"] = ~pd.Series(unknown)
    return frame.assign(effective_from=pd.to_datetime(frame["effective_from"]), baht=frame["baht"].astype(float))


# ---- prices -----------------------------------------------------------------------------------------------------------------
CPI_CHANGES = {2562: 0.71, 2563: -0.85, 2564: 1.23, 2565: 6.08, 2566: 1.23}
"""Published change of each year's average on the year before, per cent (World Bank)."""


def price_index() -> pd.DataFrame:
    """Consumer prices chained from the published yearly changes, 2562 = 100."""
    levels = {2561: 100 / (1 + CPI_CHANGES[2562] / 100), 2562: 100.0}
    for year in (y for y in CPI_CHANGES if y > 2562):
        levels[year] = levels[year - 1] * (1 + CPI_CHANGES[year] / 100)
    return pd.DataFrame(
        {
            "calendar_year": list(levels),
            "base": "2562=100",
            "value": [round(v, 4) for v in levels.values()],
            "source": "World Bank อัตราเงินเฟ้อ (CPI) รายปี 2019–2023 ต่อกันเป็นดัชนีฐาน 2562",
        }
    )


# ---- events -----------------------------------------------------------------------------------------------------------------
_CABINET_2564 = "maesod.info; thaipost 258630"
_EVENTS = (
    (
        "mou-2",
        dt.date(2022, 10, 31),
        "mou",
        "ลงนาม MOU ฉบับที่ 2 สถ.–กสศ.",
        "Second DLA–EEF memorandum signed",
        "ตามข่าว 31 ต.ค. 2565",
    ),
    (
        "cabinet-per-head",
        dt.date(2022, 7, 26),
        "cabinet",
        "ครม. เห็นชอบหลักการเพิ่มเงินอุดหนุนรายหัว (ปีงบ 2566–2569)",
        "Cabinet agrees in principle to raise per-head support (FY2566–2569)",
        "eef.or.th/news-270722-2",
    ),
    (
        "cabinet-lunch-21",
        dt.date(2021, 2, 9),
        "cabinet",
        "ครม. เพิ่มค่าอาหารกลางวันเป็น 21 บาท ตั้งแต่ปีงบ 2565",
        "Cabinet raises the school lunch to 21 baht from FY2565",
        _CABINET_2564,
    ),
    (
        "cabinet-lunch-size",
        dt.date(2022, 11, 8),
        "cabinet",
        "ครม. กำหนดค่าอาหารกลางวันตามขนาดโรงเรียน 22–36 บาท ตั้งแต่ปีงบ 2566",
        "Cabinet sets school lunch by school size, 22–36 baht, from FY2566",
        "borworn.blog; kroonut.com",
    ),
    (
        "equity-rates-2565",
        dt.date(2021, 1, 12),
        "rate",
        "อนุมัติอัตราทุนเสมอภาคสำหรับปีการศึกษา 2565",
        "Equity Grant rates approved for AY2565",
        "prd.go.th iid/7243; ohozee.com",
    ),
    (
        "closure-unicef",
        dt.date(2021, 2, 28),
        "closure",
        "นับถึง ก.พ. 2564: ปิดเรียนเต็ม 64 วัน บางส่วน 20 วัน จาก 181 วันเรียน",
        "Counted to Feb 2021: 64 school days closed, 20 partly, of 181",
        "UNICEF",
    ),
    (
        "closure-unesco",
        dt.date(2021, 3, 29),
        "closure",
        "นับถึง 29 มี.ค. 2564: ปิดเรียน 25 สัปดาห์ (เต็ม 13 บางส่วน 12)",
        "Counted to 29 Mar 2021: closed 25 weeks (13 fully, 12 partly)",
        "UNESCO",
    ),
    (
        "closure-oxcgrt",
        dt.date(2021, 12, 14),
        "closure",
        "นับถึง 14 ธ.ค. 2564: มาตรการปิดโรงเรียนระดับ 3 รวม 250 วัน",
        "Counted to 14 Dec 2021: school closing at level 3 on 250 days",
        "OxCGRT",
    ),
)


def event() -> pd.DataFrame:
    """Sourced events; closures carry the day up to which they were counted; survey rounds are invented."""
    surveys = [
        (
            f"survey-{y}",
            dt.date(y - 542, 1, 15),
            "survey",
            f"รอบสำรวจความพร้อม ปีการศึกษา {y} (ข้อมูลสมมติ)",
            f"School-readiness round, academic year {y} (invented)",
            INVENTED_SOURCE,
        )
        for y in YEARS[:-1]
    ]
    frame = pd.DataFrame([*_EVENTS, *surveys], columns=["event_id", "starts_on", "kind", "title_th", "title_en", "source"])
    frame.insert(2, "ends_on", pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]"))
    return frame.assign(starts_on=pd.to_datetime(frame["starts_on"]))


# ---- targets ----------------------------------------------------------------------------------------------------------------
_TARGETS = {
    "grant.basic_recipients": (27_500, 29_000, 30_500),
    "grant.equity_recipients": (19_000, 20_000, 21_000),
    "grant.coverage": (0.90, 0.92, 0.94),
    "tsqp.schools": (40, 50, 60),
    "ecd.poor_reached": (71_000, 74_500, 78_000),
    "ecd.quality_share": (0.70, 0.78, 0.85),
    "reachup.families": (1_440, 1_800, 2_200),
    "readiness.below_cut": (0.20, 0.18, 0.16),
    "pilot.size": (12, 14, 16),
}


def target() -> pd.DataFrame:
    """Invented national targets of 2566 to 2568, the three years that the memorandum looks ahead."""
    rows = [
        (i, f"AY{2566 + k}", "TH", float(v), f"เป้าหมายสมมติ: {INVENTED_SOURCE}")
        for i, vs in _TARGETS.items()
        for k, v in enumerate(vs)
    ]
    return pd.DataFrame(rows, columns=["indicator", "period", "place_code", "value", "source"])


# ---- dated parameters ---------------------------------------------------------------------------------------------------------
ATTENDANCE_THRESHOLDS = ((dt.date(2019, 5, 16), 0.80), (dt.date(2025, 5, 16), 0.85))
"""Attendance that the conditional grant asks for: 80 % in 2562, 85 % in 2568; the days are the starts of those school years."""


def parameter() -> pd.DataFrame:
    """Thresholds with the day from which they hold."""
    source = "เงื่อนไขทุนเสมอภาค: มาเรียนร้อยละ 80 (ปี 2562) และร้อยละ 85 (ปี 2568) วันเริ่มใช้เป็นวันเปิดภาคเรียนโดยประมาณ"
    row = {"parameter_id": "attendance_threshold", "unit": "share", "source": source}
    return pd.DataFrame([{**row, "effective_from": day, "value": value} for day, value in ATTENDANCE_THRESHOLDS])
