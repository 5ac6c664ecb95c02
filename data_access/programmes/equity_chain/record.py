"""The equity chain: children followed from centre to work, and how well registers link. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.contract import schema as s
from data_access.programmes.base import Family, Programme, covers
from data_access.programmes.equity_chain import answers
from data_access.programmes.equity_chain.cubes import LINKS as LINKS_CUBE
from data_access.programmes.equity_chain.cubes import link_atoms
from data_access.programmes.equity_chain.indicators import CHAIN, LINKS
from data_access.summaries import chain
from i18n import N_


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import chain

    return chain.build(world)


PROGRAMME = Programme(
    title=N_("Equity chain"),
    order=100,
    page="equity_chain",
    families=(
        Family("chain", "chain_record", "The equity chain", tuple(CHAIN), how=answers.answer, on_overview=False),
        Family("links", "register_link", "Links between registers", tuple(LINKS), LINKS_CUBE, link_atoms),
    ),
    codes={"stage": chain.STAGES, "next_stage": chain.STAGES, "link": s.LINK, "outcome": s.LINK_OUTCOME},
    coverage=(
        covers(
            1,
            "Equity assurance, the whole chain (ระบบหลักประกันความเสมอภาคทางการศึกษา)",
            "equity_chain",
            "chain.children chain.flow chain.in_education chain.stayed",
            "chain_record",
            "tests/data_access/test_chain.py tests/charts/test_flow_figure.py tests/ui/test_chain_page.py",
        ),
        covers(
            5,
            "Linked registers (เชื่อมโยงฐานข้อมูล)",
            "equity_chain",
            "link.records link.matched link.unmatched link.match_rate",
            "register_link",
            "tests/data_access/test_chain.py tests/ui/test_chain_page.py",
        ),
    ),
    demo=demo,
)
