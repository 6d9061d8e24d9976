"""The card of a term, as chats show it."""

import re

import pytest

from glossary import cards
from glossary.services import publishing
from tests.factories import TermFactory
from tests.snapshots import term_snapshot

pytestmark = pytest.mark.django_db


def test_a_card_is_a_png_of_the_size_that_chats_expect(client):
    TermFactory(label="compaction")
    response = client.get("/terms/compaction/card.png")
    assert response["Content-Type"] == "image/png"
    assert [int.from_bytes(response.content[at : at + 4]) for at in (16, 20)] == [1200, 630]
    assert "Content-Encoding" not in client.get("/terms/compaction/card.png", headers={"Accept-Encoding": "br"})


def test_pages_name_the_card_with_their_revision_so_that_a_change_is_seen(client, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    term = TermFactory(label="compaction")

    def image(address: str) -> str:
        return re.search(r'og:image" content="([^"]+)"', client.get(address).content.decode())[1]

    before = client.get("/terms/compaction/card.png").content
    assert image("/terms/compaction/") == "https://words.example.org/terms/compaction/card.png?v=1"
    lines = {"engineer": "Something else.", "manager": "Something else again."}
    publishing.publish_term(snapshot=term.current.snapshot | {"lines": lines})
    for address in ("/terms/compaction/", "/terms/compaction/v/1/"):
        assert image(address) == "https://words.example.org/terms/compaction/card.png?v=2"
    assert client.get("/terms/compaction/card.png").content != before


def test_what_was_typed_is_text_in_the_picture_and_never_markup():
    svg = cards.svg_of(term_snapshot(label='<script>"&', lines={"engineer": "<b>", "manager": "&amp;"}))
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    assert cards.png(svg).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "label", ["x", "a" * 80, "event-carried state transfer of everything that there is in the shop"]
)
def test_a_label_of_any_length_stays_on_the_card(label):
    svg = cards.svg_of(term_snapshot(label=label))
    size = int(re.search(r'font-weight="bold" font-size="(\d+)"', svg)[1])
    shown = re.search(r'font-weight="bold"[^>]*>([^<]*)<', svg)[1]
    assert len(shown) * size * cards.BREADTH <= cards.WIDTH - cards.MARGIN


def test_a_card_moves_with_its_term_and_outlives_it(client):
    TermFactory(label="ledger", retired=True)
    assert client.get("/terms/ledger/card.png").status_code == 200
    assert client.get("/terms/no-such/card.png").status_code == 404
