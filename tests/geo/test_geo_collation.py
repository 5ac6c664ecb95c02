"""Thai dictionary order."""

from __future__ import annotations

import random

import pytest

import geo


@pytest.mark.parametrize(
    "words",
    [
        ["ก", "กา", "เก", "เกา", "เก่า", "เก้า", "แก", "ไก่", "ข", "ขา"],
        ["กา", "ก่า", "ก้า", "ก๊า", "ก๋า", "กาก"],
        ["กก", "กบ", "กรรม", "กฤษณา", "กลม", "กะ", "กัน", "กำ", "กิน", "เกม", "เกาะ", "แกง", "โกง", "ใกล้", "ไกล"],
        ["เพชรบุรี", "เพชรบูรณ์", "แพร่", "ภูเก็ต"],
        ["จันทบุรี", "ฉะเชิงเทรา", "ชลบุรี", "ชัยนาท", "ชัยภูมิ", "ชุมพร", "เชียงราย", "เชียงใหม่", "ตรัง"],
        ["ระยอง", "ราชบุรี", "ลพบุรี", "ลำปาง", "ลำพูน", "เลย", "ศรีสะเกษ"],
        ["ขาว", "ข้าว", "เขา", "เข่า", "เข้า"],
        ["A", "b", "C", "ก"],
        ["ตำบล 1", "ตำบล ๒", "ตำบล 3"],
    ],
)
def test_dictionary_order(words: list[str]) -> None:
    mixed = words.copy()
    random.Random(1).shuffle(mixed)
    assert sorted(mixed, key=geo.thai_sort_key) == words


def test_marks_only_decide_last() -> None:
    assert geo.thai_sort_key("ข้า") < geo.thai_sort_key("ขาก")
    assert geo.thai_sort_key("ขา") < geo.thai_sort_key("ข้า")


def test_the_first_and_last_provinces() -> None:
    ordered = sorted(geo.provinces()["name_th"], key=geo.thai_sort_key)
    assert ordered[:4] == ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี", "กาฬสินธุ์"]
    assert ordered[-3:] == ["อุตรดิตถ์", "อุทัยธานี", "อุบลราชธานี"]


def test_odd_text_has_a_key_too() -> None:
    assert geo.thai_sort_key("") < geo.thai_sort_key("ก")
    assert geo.thai_sort_key("่") is not None
    assert geo.thai_sort_key("เ") < geo.thai_sort_key("แ")
