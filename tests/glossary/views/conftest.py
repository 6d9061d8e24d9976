import re
from html import unescape

import pytest


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
