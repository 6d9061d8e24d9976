import re
from html import unescape

import pytest

from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def database(db):
    """Every page asks the database at least for the number of the publication."""


@pytest.fixture
def words():
    """The text of a response as a reader sees it, without markup."""

    def read(response) -> str:
        html = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", response.content.decode())
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

    return read


@pytest.fixture
def member(client):
    """A member, in whose name the client asks."""
    person = UserFactory(member=True)
    client.force_login(person)
    return person


@pytest.fixture
def curator(client):
    """A curator, in whose name the client asks."""
    person = UserFactory(curator=True)
    client.force_login(person)
    return person
