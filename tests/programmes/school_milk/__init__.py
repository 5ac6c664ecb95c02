"""School milk: a programme from outside the house. This file: its page in the menu, its words, its table."""

from __future__ import annotations

from typing import Any

from data_access.programmes.light import Menu, Split

MENU = Menu("School milk", ":material/local_drink:", "Programmes")
UNITS = {"boxes": "box", "boxes per pupil": ""}
FLAVOUR = Split("Flavour", "All flavours", {"plain": ("Plain", "รสจืด"), "sweet": ("Sweet", "รสหวาน")})
SPLITS = {"flavour": FLAVOUR}
THAI = {"School milk": "นมโรงเรียน", "boxes": "กล่อง", "boxes per pupil": "กล่องต่อคน", "Plain": "รสจืด", "Sweet": "รสหวาน"}
THAI |= {"Flavour": "รสนม", "All flavours": "ทุกรส"}


def tables(schema: Any) -> None:
    """The table, with the headings that files have."""
    schema.table(
        "school_milk",
        "นมโรงเรียนรายภาคเรียน",
        "School milk by semester",
        schema.col("school_code", schema.T(10), "รหัสโรงเรียน", "School code", key=True, ref="school.school_code"),
        schema.col("semester", schema.T(6), "ภาคเรียน", "Semester", key=True, pattern=schema.SEMESTER_PATTERN),
        schema.col("flavour", schema.T, "รสนม", "Flavour", key=True, values=tuple(FLAVOUR.codes)),
        schema.col("pupils", schema.N, "นักเรียนที่ดื่มนม", "Pupils given milk", low=0, high=12000, unit="pupils"),
        schema.col("boxes", schema.N, "นม (กล่อง)", "Boxes of milk", low=0, high=3_000_000, unit="boxes"),
    )
