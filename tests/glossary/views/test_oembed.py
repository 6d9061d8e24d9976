"""oEmbed: what another page may show in place of a link to ours."""

import re
from urllib.parse import quote, urlsplit

import pytest

from tests.factories import ScenarioFactory, TermFactory

pytestmark = pytest.mark.django_db
HOME = "https://words.example.org"


@pytest.fixture(autouse=True)
def public_url(settings):
    settings.PUBLIC_URL = HOME


@pytest.fixture
def term():
    return TermFactory(label="retention", scenarios=[ScenarioFactory(slug="kept").slug], renamed=True)


def asked(client, path: str, status: int = 200, **more) -> dict:
    response = client.get("/oembed", {"url": f"{HOME}{path}", **more})
    assert response.status_code == status
    return response.json()


def test_every_page_of_a_term_and_its_scenario_are_a_frame_of_its_figure(client, term):
    pages = ["/terms/retention/", "/terms/the-new-name/", "/terms/the-new-name/v/1/", f"/id/{term.uid}/"]
    for path in [*pages, f"/id/{term.uid}/v/1/", "/simulator/kept/", "/embed/kept/"]:
        answer = asked(client, path)
        assert (answer["version"], answer["type"]) == ("1.0", "rich")
        assert f'src="{HOME}/embed/kept/"' in answer["html"]
        assert (answer["width"], answer["height"]) == (800, 640)


def test_the_frame_keeps_to_the_room_that_there_is(client, term):
    answer = asked(client, "/simulator/kept/", maxwidth="300", maxheight="9999")
    assert (answer["width"], answer["height"]) == (300, 640)
    assert 'width="300"' in answer["html"]
    assert asked(client, "/simulator/kept/", maxwidth="-1")["width"] == 800


def test_a_term_without_a_figure_is_a_link(client):
    TermFactory(label="offset")
    answer = asked(client, "/terms/offset/")
    assert (answer["type"], answer["title"]) == ("link", "offset")
    assert "html" not in answer


@pytest.mark.parametrize(
    "path", ["/terms/nothing/", "/terms/", "/simulator/nothing/", "/terms/the-new-name/v/9/", "/id/bbbbbbbb/", "/%00"]
)
def test_an_address_without_a_page_to_embed_is_not_found(client, term, path):
    asked(client, path, 404)


def test_what_cannot_be_answered_is_refused_with_the_code_of_the_specification(client, term):
    assert client.get("/oembed").status_code == 400
    assert client.get("/oembed", {"url": "https://elsewhere.example/terms/retention/"}).status_code == 404
    asked(client, "/terms/retention/", 501, format="xml")


def test_pages_name_where_to_ask_and_the_answer_is_there(client, term):
    for path in ("/terms/the-new-name/", "/terms/the-new-name/v/1/", "/simulator/kept/"):
        head = client.get(path).content.decode()
        link = re.search(r'application/json\+oembed" title="[^"]+" href="([^"]+)"', head)[1].replace("&amp;", "&")
        assert link == f"{HOME}/oembed?url={quote(HOME + path, safe='')}&format=json"
        parts = urlsplit(link)
        assert client.get(f"{parts.path}?{parts.query}").json()["type"] == "rich"
