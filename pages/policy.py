"""Policy rates: what is paid by which card, what it is still worth, where steps cut, and what a change would cost."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import shell
from ui.kit import filters, provenance
from ui.programmes import policy
from ui.simulator import tabs
from ui.view.text import _

PARTS = {"rates": policy.rates_tab, "lunch_steps": policy.lunch_tab, "simulator": tabs.simulator_tab, "compare": tabs.compare_tab}


def page() -> None:
    """The page."""
    part = policy.part()
    costed = part in ("simulator", "compare")
    chosen = filters.bar(("region", "province")) if costed else filters.current(())
    blocks.caption(
        _(
            "Rates as dated cards: what was approved, what was paid and where sources disagree. "
            "The simulator costs a change of rates before it is proposed."
        )
    )
    policy.tabs(part)
    PARTS[part](chosen)
    provenance.footer(
        ["grant.basic_recipients", "grant.equity_recipients"] if costed else [],
        chosen,
        tables=["rate", "price_index", *(["school", "lao", "pupil_grant"] if costed else [])],
    )


if __name__ == "__main__":
    shell.guard("policy")
