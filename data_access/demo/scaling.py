"""The demonstration data at the size of a country: every pupil many times over, for measuring.

Only `pupil_grant` grows; its copies have keys of their own, and everything else about them is that of the pupil they were copied
from. Shares stay what they are, counts are multiples: nothing of this reproduces a published figure.
"""

from __future__ import annotations

import sqlalchemy as sa

from data_access.contract.errors import UsageError
from data_access.contract.schema import pupil_grant
from i18n import N_

SUFFIXES = {"k": 1_000, "m": 1_000_000}
MOST = 100_000_000


def rows_of(text: str) -> int:
    """A number of rows as people write it: `36m`, `250k`, `1000000`."""
    number, suffix = (text[:-1], text[-1].lower()) if text[-1:].lower() in SUFFIXES else (text, "")
    if not number.isdigit() or not 0 < (rows := int(number) * SUFFIXES.get(suffix, 1)) <= MOST:
        raise UsageError(N_("{text} is no number of rows; write for example 1m or 36m"), text=text)
    return rows


def enlarge(engine: sa.Engine, rows: int) -> None:
    """Repeat the pupils of a draft until `pupil_grant` has `rows` rows; a draft that has as many is left as it is."""
    g = pupil_grant.c
    with engine.begin() as connection:
        present = connection.execute(sa.select(sa.func.count()).select_from(pupil_grant)).scalar_one()
        if not present or rows <= present:
            return
        numbers: sa.TableValuedAlias = (
            sa.func.generate_series(1, -(-rows // present) - 1).table_valued("n", name="numbers").render_derived()
        )
        key = sa.func.md5(g.pupil_key + "-" + sa.cast(numbers.c.n, sa.String)).label("pupil_key")
        copies = sa.select(*(key if c.name == "pupil_key" else c for c in g)).select_from(
            sa.join(pupil_grant, numbers, sa.true())
        )
        connection.execute(pupil_grant.insert().from_select([c.name for c in g], copies.limit(rows - present)))
