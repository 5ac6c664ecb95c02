"""The indicator registry: every number that reaches a screen is defined here, once.

An indicator says how it is computed from the measures of one family (`data_access.summaries`), what it means in Thai and English,
what it may not be used for, and where its definition comes from.
"""

from __future__ import annotations

from data_access.indicators.base import BANGKOK, TABLES, Indicator, Kind
from data_access.indicators.chain import CHAIN, LINKS
from data_access.indicators.cities import CITIES
from data_access.indicators.early_childhood import ECD
from data_access.indicators.grants import GRANTS, SCREENING
from data_access.indicators.learning import LEARNING
from data_access.indicators.outside import OUTSIDE
from data_access.indicators.policy import POLICY
from data_access.indicators.reported import REPORTED
from data_access.indicators.schools import ENROLMENT, RESULTS, SCHOOLS
from data_access.indicators.trial import TRIAL

REGISTRY: dict[str, Indicator] = {
    i.id: i
    for i in (
        *GRANTS,
        *SCREENING,
        *SCHOOLS,
        *ENROLMENT,
        *RESULTS,
        *ECD,
        *TRIAL,
        *LEARNING,
        *REPORTED,
        *POLICY,
        *CHAIN,
        *LINKS,
        *OUTSIDE,
        *CITIES,
    )
}
__all__ = ["BANGKOK", "REGISTRY", "TABLES", "Indicator", "Kind"]
