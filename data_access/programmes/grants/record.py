"""Grants to poor pupils: from being found to being paid, and staying in school. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Programme, SamePeople, Sent, Shown, covers
from data_access.programmes.grants.cubes import GRANTS as GRANTS_CUBE
from data_access.programmes.grants.cubes import SCREENING as SCREENING_CUBE
from data_access.programmes.grants.cubes import grant_atoms, grant_senders, grant_year_atoms, screening_atoms
from data_access.programmes.grants.indicators import GRANTS, SCREENING
from data_access.programmes.reading import provinces_in
from i18n import N_

PAID = frozenset(("basic", "equity", "basic_baht", "equity_baht", "paid", "timed", "days_sum", "timed_paid", "days_paid"))
"""The measures that a payment makes."""


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import grants

    return {"pupil_grant": grants.pupil_grant(world), "screening_score": grants.screening_score(world)}


PROGRAMME = Programme(
    title=N_("Grants"),
    order=10,
    page="grants",
    families=(
        Family(
            "grants",
            "pupil_grant",
            "Grants",
            tuple(GRANTS),
            GRANTS_CUBE,
            grant_atoms,
            grant_year_atoms,
            ("basic", "equity"),
            expected=grant_senders,
            paid=PAID,
            sent=Sent("school", "school_code", "semester"),
        ),
        Family(
            "screening",
            "screening_score",
            "Screening scores",
            tuple(SCREENING),
            SCREENING_CUBE,
            screening_atoms,
            expected=provinces_in(s.screening_score),
        ),
    ),
    beside=("parameter",),
    codes={"sex": s.SEX, "level": s.LEVEL, "tier": s.TIER, "disability": s.DISABILITY},
    result=1,
    overview=(Shown("grant.basic_recipients"), Shown("grant.equity_recipients"), Shown("grant.coverage")),
    maps=("grant.basic_recipients", "grant.coverage", "grant.condition_rate"),
    watched=("grant.basic_recipients", "grant.coverage", "grant.condition_rate"),
    leading="grant.basic_recipients",
    province=(
        Shown("grant.basic_recipients"),
        Shown("grant.equity_recipients"),
        Shown("grant.coverage"),
        Shown("grant.condition_rate"),
        Shown("grant.dropout"),
    ),
    province_headlines=("grant.basic_recipients", "grant.coverage"),
    districts=("grant.basic_recipients", "grant.coverage", "grant.condition_rate"),
    same_people=(SamePeople("grants", "screened", "screening", "assessed"),),
    coverage=(
        covers(
            2,
            "Finding and screening (ค้นหา คัดกรอง รับรอง ตรวจสอบ จัดสรร)",
            "grants",
            "grant.found grant.screened grant.certified grant.verified grant.allotted grant.paid grant.coverage "
            "grant.days_to_screened screening.undercoverage screening.leakage",
            "pupil_grant screening_score",
            "tests/data_access/test_funnel.py tests/data_access/test_indicators.py",
        ),
        covers(
            3,
            "Grants (basic-needs subsidy and Equity Grant)",
            "grants overview",
            "grant.basic_recipients grant.basic_budget grant.equity_recipients grant.equity_budget grant.condition_rate "
            "grant.retention grant.dropout",
            "pupil_grant parameter published_figure",
            "tests/data_access/test_claims.py tests/data_access/test_indicators.py tests/ui/test_app.py",
        ),
        covers(
            4,
            "Referral (ส่งต่อข้อมูล)",
            "grants",
            "grant.referred grant.referrals_accepted grant.referrals_closed grant.referral_days",
            "pupil_grant",
            "tests/data_access/test_funnel.py",
        ),
    ),
    demo=demo,
)
