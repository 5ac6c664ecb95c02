"""Every statement that summaries and questions send compiles for engines that cannot be run here, and is theirs by a parser.

Trino stands for a lakehouse, PostgreSQL's dialect for Citus.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
import sqlglot
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from trino.sqlalchemy.dialect import TrinoDialect

from data_access.analysis.claims import ledger
from tests.data_access import small
from tests.data_access.test_postgres import answers, everything

pytestmark = pytest.mark.any_store

DIALECTS = {"trino": TrinoDialect, "postgres": PGDialect_psycopg}
ENOUGH = 60  # distinct statements below which something has not been heard


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> list[sa.Select]:
    """Every distinct SELECT that publishing small tables and asking every indicator sends."""
    heard: dict[str, sa.Select] = {}

    def hear(_connection: Any, clause: Any, *_: Any) -> None:
        if isinstance(clause, sa.Select | sa.CompoundSelect):
            heard[str(clause)] = clause  # type: ignore[assignment]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("dialects")))
        sa.event.listen(sa.Engine, "before_execute", hear)
        try:
            small.publish(everything())
            answers()
            ledger()
        finally:
            sa.event.remove(sa.Engine, "before_execute", hear)
    return list(heard.values())


@pytest.mark.parametrize("name", DIALECTS)
def test_every_statement_is_one_of_the_dialect(name: str, statements: list[sa.Select]) -> None:
    assert len(statements) > ENOUGH
    dialect = DIALECTS[name]()
    for statement in statements:
        text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        parsed = sqlglot.parse_one(text, read=name, error_level=sqlglot.ErrorLevel.RAISE)
        unknown = [f.name for f in parsed.find_all(sqlglot.exp.Anonymous)]
        assert not unknown, f"functions that the parser does not know in {name}: {unknown} in {text[:300]}"
