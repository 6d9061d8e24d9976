"""A site moves between SQLite and PostgreSQL, either way, with everything."""

import psycopg
import pytest

from tests.moving import move
from tests.proof.postgresql import cluster

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def server():
    """A running PostgreSQL; gives new, empty databases by name."""
    with cluster() as url:

        def new(name: str) -> str:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return f"{url.rpartition('/')[0]}/{name}"

        yield new


def sqlite(folder, name: str) -> str:
    return f"sqlite:///{folder}/{name}.sqlite3"


def test_a_site_moves_from_sqlite_to_postgresql(server, tmp_path):
    move(sqlite(tmp_path, "source"), server("target"), server("spare"), tmp_path)


def test_a_site_moves_from_postgresql_to_sqlite(server, tmp_path):
    move(server("source"), sqlite(tmp_path, "target"), sqlite(tmp_path, "spare"), tmp_path)
