"""Matching names: what is certain, what is a guess, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import geo
from geo import tables
from geo.text import key

DATA = Path(tables.__file__).parent / "data"


def aliases() -> list[tuple[str, str]]:
    with (DATA / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return [(r["dopa"], r["alias"]) for r in csv.DictReader(file)]


PROVINCES = [(r["dopa"], r["name_th"], r["name_en"], r["iso"]) for r in tables.rows("provinces")]


@pytest.mark.parametrize(("code", "thai", "english", "iso"), PROVINCES, ids=[p[0] for p in PROVINCES])
def test_every_province_is_certain_however_it_is_written(code: str, thai: str, english: str, iso: str) -> None:
    thai_code = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    names: tuple[str, ...] = (thai, english)
    names += (f"จังหวัด{thai}", f"จ.{thai}", f"จ. {thai}", f" {thai}\u200b ", english.upper())
    names += (f"{english} Province", f"Changwat {english}", english.replace(" ", ""), english.replace("-", " "))
    for text in names:
        assert geo.match_province(text).code == code, text
        assert geo.match_province(text).score == 1.0, text
        assert geo.match_province(text).how == "name", text
    for text in (code, thai_code, iso, f"{code}.0", f"TH{code}"):
        match = geo.match_province(text)
        assert (match.code, match.score, match.how) == (code, 1.0, "code")


def test_every_alias_is_certain() -> None:
    for code, alias in aliases():
        match = geo.match_province(alias)
        assert (match.code, match.score) == (code, 1.0), alias
        assert match.how in ("alias", "name")


def test_no_two_provinces_share_an_alias_or_name() -> None:
    owner: dict[str, str] = {}
    spellings = [*aliases(), *((p[0], name) for p in PROVINCES for name in p[1:3])]
    for code, spelling in spellings:
        assert owner.setdefault(key(spelling), code) == code, spelling
        assert key(spelling), spelling


def test_every_province_has_both_abbreviations() -> None:
    with (DATA / "aliases.csv").open(encoding="utf-8", newline="") as file:
        short = [(r["dopa"], r["alias"]) for r in csv.DictReader(file) if r["kind"] == "abbreviation"]
    for code, *_ in PROVINCES:
        mine = [alias for owner, alias in short if owner == code]
        assert sorted(a.isascii() for a in mine) == [False, True], code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("กทม.", "10"), ("กรุงเทพฯ", "10"), ("กรุงเทพ", "10"), ("BKK", "10"), ("bangkok", "10"), ("อยุธยา", "14"),
        ("Ayutthaya", "14"), ("โคราช", "30"), ("Korat", "30"), ("แปดริ้ว", "24"), ("อุบลฯ", "34"), ("สุราษฎร์ฯ", "84"),
        ("นครศรีฯ", "80"), ("ประจวบฯ", "77"), ("แม่ฮ่องสอน", "58"), ("เเม่ฮ่องสอน", "58"), ("Maehongson", "58"),
        ("Chonburi", "20"), ("Chon Buri", "20"), ("Lopburi", "16"), ("Buriram", "31"), ("Prachinburi", "25"),
        ("Singburi", "17"), ("Chainat", "18"), ("Bueng Kan", "38"), ("Bungkan", "38"), ("Phang Nga", "82"),
        ("Phangnga", "82"), ("Phang-nga", "82"), ("กจ", "71"), ("กจ.", "71"), ("กทม", "10"), ("จบ", "22"),
        ("จ.กจ.", "71"), ("Sisaket", "33"), ("Nongbualamphu", "39"), ("ลําปาง", "52"),
        ("ลํำปาง", "52"), ("กําแพงเพชร", "62"),
    ],
)  # fmt: skip
def test_common_ways_of_writing(text: str, code: str) -> None:
    match = geo.match_province(text)
    assert (match.code, match.score, match.certain) == (code, 1.0, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("buogkan", "38"), ("Loburi", "16"), ("ศรีษะเกษ", "33"), ("เชียงไหม่", "50"), ("หนองบัวลำพู", "39"),
        ("Chang Mai", "50"),
    ],
)  # fmt: skip
def test_close_spellings_are_guesses_to_confirm(text: str, code: str) -> None:
    match = geo.match_province(text)
    assert (match.code, match.how) == (code, "close")
    assert 0 < match.score < 1
    assert not match.certain
    assert match.candidates[0] == (code, match.score)
    assert [s for _, s in match.candidates] == sorted((s for _, s in match.candidates), reverse=True)


NOTHING = ["", "   ", "จังหวัด", "99", "00", "รวม", "ทั้งหมด", "total", "-", "xyzzy", "กก", "1", "102", "ภาคเหนือ", "ประเทศ"]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_like_a_province(text: str) -> None:
    match = geo.match_province(text)
    assert match.code is None
    assert not match.certain


def test_one_slip_never_makes_another_province_certain() -> None:
    """Dropping any one letter of a name must never be certain for a different province."""
    for code, thai, english, _ in PROVINCES:
        for name in (thai, english):
            for i in range(len(name)):
                match = geo.match_province(name[:i] + name[i + 1 :])
                assert not match.certain or match.code == code, (name, i, match)


def test_phetchaburi_and_phetchabun_stay_apart() -> None:
    assert geo.match_province("เพชรบุรี").code == "76"
    assert geo.match_province("เพชรบูรณ์").code == "67"
    assert not geo.match_province("เพชรบ").certain
    assert not geo.match_province("Phetchabu").certain


def test_every_district_is_certain_in_its_province_unless_ambiguous() -> None:
    for row in tables.rows("districts"):
        for word in (row["name_th"], row["name_en"]):
            match = geo.match_district(word, row["province"])
            if row["dopa4"] in ("1404", "1413") and word == "Bang Sai":
                assert (match.code, match.how) == (None, "ambiguous")
                assert {c for c, _ in match.candidates} == {"1404", "1413"}
            else:
                assert (match.code, match.score, match.how) == (row["dopa4"], 1.0, "name"), (row, match)


@pytest.mark.parametrize(
    ("text", "province", "code"),
    [
        ("อำเภอหางดง", None, "5015"), ("อ.หางดง", None, "5015"), ("เขตพระนคร", None, "1001"), ("พระนคร", "10", "1001"),
        ("Amphoe Hang Dong", None, "5015"), ("Hang Dong District", None, "5015"), ("Khet Dusit", "10", "1002"),
        ("เมือง", "50", "5001"), ("อ.เมือง", "50", "5001"), ("Mueang", "50", "5001"), ("Muang Chiang Mai", None, "5001"),
        ("เมืองปาน", "52", "5213"), ("๕๐๑๕", None, "5015"), ("5015.0", "50", "5015"), ("TH5015", None, "5015"),
    ],
)  # fmt: skip
def test_districts(text: str, province: str | None, code: str) -> None:
    match = geo.match_district(text, province)
    assert (match.code, match.score) == (code, 1.0)


def test_ambiguous_districts_are_never_certain() -> None:
    assert geo.match_district("เมือง").how == "ambiguous"
    assert geo.match_district("เฉลิมพระเกียรติ").how == "ambiguous"
    assert geo.match_district("เฉลิมพระเกียรติ", "30").certain
    for row in tables.rows("districts"):
        match = geo.match_district(row["name_th"])
        assert not match.certain or match.code == row["dopa4"]


def test_codes_outside_the_parent_are_refused() -> None:
    assert geo.match_district("1001", "50").code is None
    assert geo.match_subdistrict("500107", "1001").code is None
    assert geo.match_subdistrict("ช้างเผือก", "5001", "10").code is None
    assert geo.match_district("9999").code is None


def test_subdistricts() -> None:
    assert geo.match_subdistrict("ต.ช้างเผือก", "5001").code == "500107"
    assert geo.match_subdistrict("ตำบลช้างเผือก", province="50").code == "500107"
    assert geo.match_subdistrict("Tambon Chang Phueak", "5001").certain
    assert geo.match_subdistrict("แขวงพระบรมมหาราชวัง").code == "100101"
    assert geo.match_subdistrict("100101").how == "code"
    assert geo.match_subdistrict("ช้างเผือก").how == "ambiguous"
    close = geo.match_subdistrict("ช้างเผิอก", "5001")
    assert (close.code, close.how) == ("500107", "close")


def test_every_subdistrict_round_trips_in_its_district_or_is_ambiguous() -> None:
    for row in list(tables.rows("subdistricts"))[::7]:
        match = geo.match_subdistrict(row["name_th"], row["dopa4"])
        assert match.code == row["dopa6"] or match.how == "ambiguous", (dict(row), match)


def test_search_tolerates() -> None:
    assert [p.code for p in geo.search("เชียง", 2)] == ["57", "50"]
    assert geo.search("โคราช")[0].code == "30"
    assert geo.search("buogkan", lang="en")[0].code == "38"
    assert geo.search("chiang mai", lang="en")[0].label == "Chiang Mai"
    assert geo.search("บางรัก")[0].code == "1004"
    assert geo.search("Hang Dong", lang="en")[0].label == "Hang Dong, Chiang Mai"
    assert geo.search("50")[0].code == "50"
    assert geo.search("หาดใหย่")[0].code == "9011"


def test_search_limits_and_order() -> None:
    assert geo.search("") == []
    assert geo.search("   ") == []
    assert geo.search("บาง", 0) == []
    found = geo.search("บาง", 8)
    assert len(found) == 8
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert all((p.level == "district") == (len(p.code) == 4) for p in found)
    for code, thai, english, _ in PROVINCES:
        assert geo.search(thai)[0].code == code
        assert geo.search(english, lang="en")[0].code == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("พัทยา", "20"),
        ("Pattaya", "20"),
        ("แม่กลอง", "75"),
        ("หาดใหญ่", "90"),
        ("ขอนแก", "40"),
        ("กทม", "10"),
        ("สุราด", None),
        ("ภาคเหนือ", None),
        ("เชียง", None),
        ("นคร", None),
        ("เมือง", None),
        ("เฉลิมพระเกียรติ", None),
        ("", None),
    ],
)
def test_what_is_typed_is_a_province_or_a_guess(typed: str, meant: str | None) -> None:
    assert geo.certain(geo.search(typed, 50)) == meant


def test_every_name_and_alias_of_a_province_is_certain() -> None:
    for code, thai, english, _ in PROVINCES:
        assert geo.certain(geo.search(thai, 50)) == code
        assert geo.certain(geo.search(english, 50)) == code
    for code, alias in aliases():
        assert geo.certain(geo.search(alias, 50)) in (code, None), alias  # an abbreviation may be a district's name as well


def test_a_town_is_no_name_of_a_province_in_a_file() -> None:
    for row in tables.rows("towns"):
        assert not geo.match_province(row["name_th"]).certain
