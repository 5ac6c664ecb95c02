"""Cells to values: Thai digits, separators, Buddhist and Common Era, Thai dates, code words, dashes as missing."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import Any

from data_access.contract import periods
from data_access.contract.errors import SamoephakError
from data_access.programmes import splits
from i18n import N_

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
MISSING = {"", "-", "–", "—", "−", "--", "---", "n/a", "null", "#null", "ไม่มีข้อมูล", "ไม่มี", "..", "..."}
ERRORS = {"#ref!", "#n/a", "#div/0!", "#value!", "#name?", "#num!", "#null!", "#spill!", "#calc!"}
DITTO = {'"', "''", "″", "〃", "”", "“", "ditto", ",,", "'' ''"}

_MONTHS = {
    1: ("มกราคม", "ม.ค.", "มค", "january", "jan"),
    2: ("กุมภาพันธ์", "ก.พ.", "กพ", "february", "feb"),
    3: ("มีนาคม", "มี.ค.", "มีค", "march", "mar"),
    4: ("เมษายน", "เม.ย.", "เมย", "april", "apr"),
    5: ("พฤษภาคม", "พ.ค.", "พค", "may"),
    6: ("มิถุนายน", "มิ.ย.", "มิย", "june", "jun"),
    7: ("กรกฎาคม", "ก.ค.", "กค", "july", "jul"),
    8: ("สิงหาคม", "ส.ค.", "สค", "august", "aug"),
    9: ("กันยายน", "ก.ย.", "กย", "september", "sep", "sept"),
    10: ("ตุลาคม", "ต.ค.", "ตค", "october", "oct"),
    11: ("พฤศจิกายน", "พ.ย.", "พย", "november", "nov"),
    12: ("ธันวาคม", "ธ.ค.", "ธค", "december", "dec"),
}
MONTHS = {word.replace(".", ""): number for number, words in _MONTHS.items() for word in words}
_MONTH_PATTERN = r"[ก-ฮ][ก-๎]*\.?\s?(?:[ก-ฮ][ก-๎]*\.?)?|[A-Za-z]+\.?"

# Words accepted for the codes of the contract, after `squash`.
CODE_WORDS: dict[str, tuple[str, ...]] = {
    "male": ("ชาย", "ช", "ด.ช.", "เด็กชาย", "เพศชาย", "นาย", "male", "m", "boy", "boys", "men", "totalmale"),
    "female": ("หญิง", "ญ", "ด.ญ.", "เด็กหญิง", "เพศหญิง", "นางสาว", "female", "f", "girl", "girls", "women", "totalfemale"),
    "unspecified": ("ไม่ระบุ", "ไม่ระบุเพศ", "ไม่ทราบ", "อื่นๆ", "unspecified", "unknown", "other", "u"),
    "all": ("รวม", "ทั้งหมด", "ทุกเพศ", "all", "total", "both"),
    "kindergarten": ("อนุบาล", "อ.", "ปฐมวัย", "ก่อนประถม", "kindergarten", "preprimary"),
    "primary": ("ประถมศึกษา", "ประถม", "ป.", "primary", "elementary"),
    "lower_secondary": ("มัธยมศึกษาตอนต้น", "ม.ต้น", "มัธยมต้น", "มัธยมศึกษาปีที่1-3", "lowersecondary"),
    "upper_secondary": ("มัธยมศึกษาตอนปลาย", "ม.ปลาย", "มัธยมปลาย", "ปวช.", "uppersecondary"),
    "extra_poor": ("ยากจนพิเศษ", "นักเรียนยากจนพิเศษ", "extrapoor", "extremelypoor"),
    "poor": ("ยากจน", "นักเรียนยากจน", "poor"),
    "not_poor": ("ไม่ยากจน", "ปกติ", "ไม่ผ่านเกณฑ์", "notpoor"),
    "disabled": ("พิการ", "มีความพิการ", "เป็นผู้พิการ", "คนพิการ", "disability", "withdisability"),
    "not_disabled": ("ไม่พิการ", "ไม่มีความพิการ", "ไม่เป็นผู้พิการ", "ปกติ", "nodisability", "notdisabled"),
    "found": ("ค้นพบ", "ค้นหา"),
    "screened": ("คัดกรอง", "คัดกรองแล้ว"),
    "certified": ("รับรอง", "รับรองแล้ว"),
    "verified": ("ตรวจสอบ", "ตรวจสอบแล้ว"),
    "allotted": ("จัดสรร", "จัดสรรแล้ว"),
    "paid": ("จ่าย", "จ่ายแล้ว", "โอนแล้ว"),
    "stayed": ("เรียนต่อ", "เรียนอยู่", "ซ้ำชั้น"),
    "moved_up": ("เลื่อนชั้น",),
    "moved": ("ย้าย", "ย้ายโรงเรียน"),
    "dropped_out": ("ออกกลางคัน", "หลุดจากระบบ", "dropout"),
    "unknown": ("ไม่ทราบสถานะ", "ไม่ทราบ"),
    "none": ("ไม่ส่งต่อ",),
    "sent": ("ส่งต่อแล้ว", "ส่งต่อ"),
    "accepted": ("รับเรื่อง", "รับแล้ว"),
    "closed": ("ปิดเรื่อง", "ยุติ"),
    "pao": ("อบจ.", "องค์การบริหารส่วนจังหวัด"),
    "city": ("เทศบาลนคร", "ทน."),
    "town": ("เทศบาลเมือง", "ทม."),
    "subdistrict_municipality": ("เทศบาลตำบล", "ทต."),
    "sao": ("อบต.", "องค์การบริหารส่วนตำบล"),
    "special": ("รูปแบบพิเศษ", "กทม.", "เมืองพัทยา"),
    "not_assessed": ("ยังไม่ประเมิน", "ไม่ได้ประเมิน"),
    "below": ("ต้องปรับปรุง", "ปรับปรุง", "ไม่ผ่าน"),
    "basic": ("พื้นฐาน", "ขั้นต้น", "พอใช้"),
    "good": ("ดี",),
    "excellent": ("ดีมาก", "ดีเยี่ยม"),
    "thai": ("ภาษาไทย", "ไทย"),
    "maths": ("คณิตศาสตร์", "คณิต", "math", "mathematics"),
    "science": ("วิทยาศาสตร์", "วิทย์"),
    "english": ("ภาษาอังกฤษ", "อังกฤษ"),
    "centre": ("ศูนย์พัฒนาเด็กเล็ก", "ศพด.", "เด็กเล็ก", "childcentre"),
    "vocational": ("อาชีวศึกษา", "อาชีวะ", "ปวส."),
    "higher": ("อุดมศึกษา", "มหาวิทยาลัย", "ปริญญาตรี", "highereducation", "university"),
    "out_of_school": ("นอกระบบ", "อยู่นอกระบบ", "ไม่ได้เรียน", "outofschool"),
    "working": ("ทำงาน", "มีงานทำ", "working"),
    "civil_centres": ("ทะเบียนราษฎร→ศูนย์พัฒนาเด็กเล็ก", "ทะเบียนราษฎร-ศพด."),
    "civil_pupils": ("ทะเบียนราษฎร→นักเรียน", "ทะเบียนราษฎร-นักเรียน"),
    "pupils_grants": ("นักเรียน→ทุน", "นักเรียน-ทุน"),
    "pupils_higher": ("นักเรียน→อุดมศึกษา", "นักเรียน-อุดมศึกษา"),
    "teachers_schools": ("ครู→โรงเรียน", "ครู-โรงเรียน"),
    "schools_laos": ("โรงเรียน→อปท.", "โรงเรียน-อปท."),
    "comparison": ("กลุ่มเปรียบเทียบ", "กลุ่มควบคุม", "control"),
    "visits": ("เยี่ยมบ้าน",),
    "cash": ("เงินอุดหนุน", "เงินโอน"),
    "visits_cash": ("เยี่ยมบ้านและเงินอุดหนุน", "เยี่ยมบ้านและเงินโอน", "เยี่ยมบ้าน+เงินโอน"),
    "baseline": ("ก่อนเริ่ม", "ฐาน", "ก่อนทดลอง"),
    "midline": ("ระหว่างทาง", "กลางโครงการ"),
    "endline": ("สิ้นสุด", "หลังทดลอง"),
    "empowerment": ("การเสริมพลังบุคคลและความสมานฉันท์",),
    "prosperity": ("เศรษฐกิจและวัฒนธรรม",),
    "sustainability": ("การพัฒนาที่ยั่งยืน",),
    "education_system": ("การเรียนรู้ในระบบ", "การเรียนรู้อย่างทั่วถึงในระบบการศึกษา"),
    "families": ("การเรียนรู้ในครอบครัวและชุมชน",),
    "workplace": ("การเรียนรู้ในที่ทำงาน",),
    "technologies": ("เทคโนโลยีการเรียนรู้",),
    "quality": ("คุณภาพการเรียนรู้",),
    "culture": ("วัฒนธรรมการเรียนรู้",),
    "political_will": ("เจตจำนงทางการเมือง",),
    "governance": ("ธรรมาภิบาลและการมีส่วนร่วม",),
    "resources": ("ทรัพยากร",),
    "sd": ("ส่วนเบี่ยงเบนมาตรฐาน",),
    "months": ("เดือน",),
    "school_years": ("ปีการเรียน", "ปีการศึกษา"),
    "kindergarten_3": ("อนุบาล3", "อ.3"),
    "primary_6": ("ป.6", "ประถมศึกษาปีที่6"),
    "lower_secondary_3": ("ม.3", "มัธยมศึกษาปีที่3"),
    "age_15": ("อายุ15ปี",),
    "adult": ("ผู้ใหญ่",),
    "attendance_threshold": ("เกณฑ์การมาเรียน",),
    "share": ("สัดส่วน",),
    "child_youth": ("เด็กและเยาวชน", "เด็กเยาวชน", "เด็กนอกระบบ", "childrenandyouth"),
    "informal_worker": ("แรงงานนอกระบบ", "แรงงาน", "informalworkers"),
    "3_5": ("3-5ปี", "3–5ปี", "3-5", "3ถึง5ปี"),
    "6_14": ("6-14ปี", "6–14ปี", "6-14", "6ถึง14ปี"),
    "15_17": ("15-17ปี", "15–17ปี", "15-17", "15ถึง17ปี"),
    "18_24": ("18-24ปี", "18–24ปี", "18-24", "18ถึง24ปี"),
    "25_59": ("25-59ปี", "25–59ปี", "25-59", "25ถึง59ปี"),
    "60_up": ("60ปีขึ้นไป", "60+", "ตั้งแต่60ปี"),
    "matched": ("พบคู่", "เชื่อมได้", "ตรงกัน"),
    "no_id": ("ไม่มีเลขประจำตัว", "ไม่มีเลข"),
    "not_found": ("ไม่พบในทะเบียน", "ไม่พบ"),
    "differs": ("ข้อมูลไม่ตรงกัน", "ไม่ตรงกัน"),
    "duplicate": ("ซ้ำ", "ซ้ำกัน", "ระเบียนซ้ำ"),
}
for _split in splits().values():
    CODE_WORDS.update(_split.codes)
_TRUE = {"ใช่", "มี", "ผ่าน", "จริง", "yes", "y", "true", "1", "t", "/", "✓", "✔"}
_FALSE = {"ไม่ใช่", "ไม่มี", "ไม่ผ่าน", "ไม่", "เท็จ", "no", "n", "false", "0", "f", "x", "✗"}


class BadValue(SamoephakError):
    """A cell that cannot be read as what its column holds; what was expected is the message."""


_VOWELS, _TONES = (
    "\u0e31\u0e34-\u0e3a\u0e4d",
    "\u0e47-\u0e4c\u0e4e",
)  # marks above and below a letter, in the order in which they are written
_MARKS = re.compile(rf"[{_VOWELS}{_TONES}]{{2,}}")
_ODD_SPELLING = re.compile(rf"[\u00ad\u200b-\u200f\u2060\ufeff]|เเ|{_MARKS.pattern}|\u0e4dา|ำ[{_TONES}]")


def one_spelling(text: str) -> str:
    """Thai letters in one order of code points: what looks alike is written alike (น้ำ three ways, แ as two เ, marks without width)."""
    while _ODD_SPELLING.search(text) and (mended := _mended(text)) != text:
        text = mended
    return text


def _mended(text: str) -> str:
    plain = re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "", text).replace("เเ", "แ").replace("ำ", "\u0e4dา")
    plain = re.sub(rf"(\u0e4dา)([{_TONES}]+)", r"\2\1", plain)
    plain = _MARKS.sub(lambda found: "".join(sorted(dict.fromkeys(found[0]), key=_is_tone)), plain)
    return re.sub(rf"\u0e4d([{_TONES}]*)า", r"\1ำ", plain)


def _is_tone(mark: str) -> bool:
    return bool(re.match(f"[{_TONES}]", mark))


def squash(text: object) -> str:
    """A heading or word in comparable form: NFC, Thai digits as 0-9, no spaces or line breaks, lower case."""
    return _squashed(str(text))


@lru_cache(maxsize=100_000)
def _squashed(text: str) -> str:
    plain = one_spelling(unicodedata.normalize("NFC", text)).translate(THAI_DIGITS)
    return re.sub(r"[\s_]+", "", plain).lower()


def is_missing(cell: Any) -> bool:
    """Whether a cell is blank or a mark for no data (a dash, n/a, ไม่มีข้อมูล)."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING)


def is_error(cell: Any) -> bool:
    """Whether a cell holds the error of a spreadsheet formula (`#REF!`): a lost value, not a missing one."""
    return isinstance(cell, str) and cell.strip().lower() in ERRORS


def is_ditto(cell: Any) -> bool:
    """Whether a cell is a mark for "same as above"."""
    return isinstance(cell, str) and cell.strip() in DITTO


_NUMBER = re.compile(
    r"^\(?[-+−]?(\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+|\d+)(\.\d+)?\)?\s*(%|บาท|คน|แห่ง|baht)?$|^[-+−]?\d*\.\d+\s*%?$|^\d+(\.\d+)?e[+-]?\d+$",
    re.I,
)


def number(cell: Any) -> float | None:
    """A number, or None when missing. `๑,๒๓๔.๕`, `(1,200)` as negative, `12%` as 0.12. Raises BadValue."""
    if is_missing(cell):
        return None
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise BadValue(N_("a number"))
    found = float(cell) if isinstance(cell, int | float) else _number_in(str(cell))
    if found is None and str(cell).startswith("="):
        raise BadValue(N_("a number (the formula has no stored result: open the file in a spreadsheet and save it)"))
    if found is None:
        raise BadValue(N_("a number"))
    return found


@lru_cache(maxsize=200_000)
def _number_in(cell: str) -> float | None:
    """The number that a text is, or None when it is not one."""
    text = cell.translate(THAI_DIGITS).strip()
    if not _NUMBER.match(text):
        return None
    sign = -1 if text.startswith(("(", "-", "−")) else 1
    share = 0.01 if text.endswith("%") else 1.0
    digits = re.sub(r"[^\d.e+-]|^[-+]", "", text.lower().replace("−", "-").replace("baht", ""))
    return sign * float(digits.lstrip("-+")) * share


def is_number(cell: Any) -> bool:
    """Whether a cell holds a number, written in any way."""
    if isinstance(cell, str):
        return not is_missing(cell) and _number_in(cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def integer(cell: Any) -> int | None:
    """A whole number, or None. Raises BadValue on fractions and text."""
    found = number(cell)
    if found is None:
        return None
    if abs(found - round(found)) > 1e-9:
        raise BadValue(N_("a whole number"))
    return round(found)


def buddhist_year(cell: Any) -> int:
    """A year of four digits (BE or CE) or two (BE) as a Buddhist-Era year. Raises BadValue."""
    text = re.sub(
        r"(พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|ปี(การศึกษา|งบประมาณ)?|b\.?e\.?|a\.?d\.?|fy|ay|cy)",
        "",
        (str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)).translate(THAI_DIGITS).lower(),
    )
    if not re.fullmatch(r"\s*\d{2}(\d{2})?\s*", text):
        raise BadValue(N_("a year such as 2565"))
    year = int(text)
    if year < 100:
        return 2500 + year
    if 2400 <= year <= 2699:
        return year
    if 1900 <= year <= 2199:
        return year + periods.BE_OFFSET
    raise BadValue(N_("a year such as 2565"))


def is_year(cell: Any) -> bool:
    """Whether a cell is a four-digit year (BE or CE), with or without พ.ศ. or ปี."""
    if cell is None or isinstance(cell, bool | dt.date):
        return False
    try:
        return len(re.sub(r"\D", "", str(cell).translate(THAI_DIGITS).removesuffix(".0"))) == 4 and buddhist_year(cell) > 0
    except BadValue:
        return False


def semester(cell: Any) -> str | None:
    """`1/2565`, `2565/1`, `ภาคเรียนที่ ๑ ปีการศึกษา ๒๕๖๕` or `2565-1` as `2565-1`; None when missing. Raises BadValue."""
    if is_missing(cell):
        return None
    text = str(cell).translate(THAI_DIGITS)
    if match := re.search(r"(?<!\d)([12])\s*(?:[/-]|\D*?ปี(?:การศึกษา)?\s*(?:พ\.\s?ศ\.)?)\s*(\d{4}|\d{2})(?!\d)", text):
        return f"{buddhist_year(match[2])}-{match[1]}"
    if match := re.search(r"(?<!\d)(\d{4})\s*[/-]\s*([12])(?!\d)", text):
        return f"{buddhist_year(match[1])}-{match[2]}"
    raise BadValue(N_("a semester such as 1/2565"))


def period(cell: Any, kind: str) -> str | None:
    """A cell as a period code of one type: semester, academic_year, fiscal_year, calendar_year. Raises BadValue."""
    if is_missing(cell):
        return None
    text = str(cell).strip()
    if kind == "semester":
        return semester(cell)
    prefix = {"academic_year": "AY", "fiscal_year": "FY", "calendar_year": "CY"}[kind]
    given = re.match(r"(AY|FY|CY)", text, re.I)
    if given and given[1].upper() != prefix:
        raise BadValue(N_("a period of another kind, such as {example}"), example=f"{prefix}2565")
    return f"{prefix}{buddhist_year(cell)}"


def date(cell: Any) -> dt.date | None:
    """A date: `๑๖ พ.ค. ๕๓`, `16/5/2553`, `2010-05-16`, a spreadsheet date; None when missing. Raises BadValue.

    A two-digit year is Buddhist. Dates in spreadsheets whose year was typed in the Buddhist Era are moved 543 years.
    """
    if is_missing(cell):
        return None
    if isinstance(cell, dt.date):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        return _make(day.year, day.month, day.day)
    text = str(cell).translate(THAI_DIGITS).strip()
    if match := re.fullmatch(
        r"(?:วัน\S+\s+)?(?:ที่\s*)?(\d{1,2})\s*[/.\- ]?\s*(" + _MONTH_PATTERN + r")\s*(?:พ\.?ศ\.?\s*)?(\d{4}|\d{2})", text
    ):
        return _make(match[3], _month(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text):
        return _make(match[1], int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", text):
        return _make(match[3], int(match[2]), int(match[1]))
    raise BadValue(N_("a date such as 16 พ.ค. 2553"))


def _month(word: str) -> int:
    found = MONTHS.get(re.sub(r"[.\s]", "", word).lower())
    if found is None:
        raise BadValue(N_("a date such as 16 พ.ค. 2553"))
    return found


def _make(year: int | str, month: int, day: int) -> dt.date:
    try:
        return dt.date(buddhist_year(year) - periods.BE_OFFSET, month, day)
    except ValueError as error:
        raise BadValue(N_("a date such as 16 พ.ค. 2553")) from error


def find_date(text: str) -> dt.date | None:
    """The first date inside a longer text ("ณ วันที่ ๑๐ มิถุนายน ๒๕๕๕", "ข้อมูลเดือน มกราคม 2564"), or None."""
    plain = text.translate(THAI_DIGITS)
    months = "|".join(sorted((re.escape(w) for ws in _MONTHS.values() for w in ws), key=len, reverse=True))
    if match := re.search(rf"(?:(\d{{1,2}})\s*)?({months})\s*(?:พ\.?ศ\.?\s*)?(\d{{4}})", plain, re.I):
        return _make(match[3], _month(match[2]), int(match[1] or 1))
    if match := re.search(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", plain):
        return _make(match[3], int(match[2]), int(match[1]))
    return None


def fixed_code(cell: Any, digits: int | None) -> str | None:
    """A cell as text, which for a code of so many `digits` must have them all. Raises BadValue.

    Spreadsheets drop leading zeros and write long codes as 1.01E+09: the digits are then lost, and are never made up.
    """
    found = text(cell)
    if found is None or digits is None:
        return found
    plain = found.translate(THAI_DIGITS)
    plain = re.sub(r"[\s-]", "", plain) if re.fullmatch(r"[\d\s-]+", plain) else plain
    if re.fullmatch(r"\d+(\.\d+)?e\+?\d+", plain, re.I):
        raise BadValue(
            N_(
                "a code of {digits} digits (the spreadsheet rounded this one: have the file exported again with the column as text)"
            ),
            digits=digits,
        )
    if plain.isdigit() and len(plain) < digits:
        raise BadValue(
            N_("a code of {digits} digits (zeros in front may be lost: have the file exported again with the column as text)"),
            digits=digits,
        )
    if not re.fullmatch(rf"\d{{{digits}}}", plain):
        raise BadValue(N_("a code of {digits} digits"), digits=digits)
    return plain


def boolean(cell: Any) -> bool | None:
    """Yes or no in Thai or English, `/` or `✓` as yes; None when missing. Raises BadValue."""
    if isinstance(cell, bool):
        return cell
    word = squash(cell) if cell is not None else ""
    word = word.removesuffix(".0")
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if is_missing(cell):
        return None
    raise BadValue(N_("yes or no (ใช่ / ไม่ใช่)"))


def code(cell: Any, allowed: tuple[str, ...]) -> str | None:
    """A code of the contract, from itself or a Thai or English word; None when missing. Raises BadValue."""
    if is_missing(cell):
        return None
    word = squash(cell)
    for candidate in allowed:
        if word == squash(candidate) or word in {squash(w) for w in CODE_WORDS.get(candidate, ())}:
            return candidate
    raise BadValue(N_("one of: {codes}"), codes=", ".join(allowed))


def grade(cell: Any) -> str | None:
    """`ป.1`, `ประถมศึกษาปีที่ ๑`, `อ.2`, `ม.3` or `P1` as K1-K3, P1-P6, M1-M6; None when missing. Raises BadValue."""
    if is_missing(cell):
        return None
    match = re.fullmatch(r"(อนุบาล(?:ปีที่)?|อ\.?|k|ประถมศึกษาปีที่|ประถม|ป\.?|p|มัธยมศึกษาปีที่|มัธยม|ม\.?|m)(\d)", squash(cell))
    if match:
        found = {"อ": "K", "k": "K", "ป": "P", "p": "P", "ม": "M", "m": "M"}[match[1][0]] + match[2]
        if re.fullmatch(r"K[1-3]|P[1-6]|M[1-6]", found):
            return found
    raise BadValue(N_("a grade such as ป.1 or P1"))


def text(cell: Any) -> str | None:
    """A cell as text: whole numbers without `.0`, runs of spaces as one; None when missing."""
    if is_missing(cell):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).split())
