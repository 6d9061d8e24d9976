"""Every address for readers answers as it is promised."""

import re

import pytest
from django.db import OperationalError, connection

from tests.factories import ScenarioFactory, TermFactory

NOWHERE = [
    "/terms/no-such-term/",
    "/terms/no-such-term/v/1/",
    "/terms/compaction/v/2/",
    "/terms/compaction/v/0/",
    "/terms/compaction/v/99999999999999999999999/",
    "/terms/compaction/nonsense/",
    "/terms/Compaction/",
    "/terms/com%00paction/",
    "/id/bcdfghjk/",
    "/id/compaction/",
    "/compare/compaction/no-such-term/",
    "/simulator/no-such-scenario/",
    "/embed/no-such-scenario/",
    "/bench/constant/100/",
    "/nonsense/%ff/",
]


@pytest.fixture
def term():
    return TermFactory(label="compaction", scenarios=[ScenarioFactory(slug="compaction").slug])


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/terms/",
        "/terms/?voice=engineer&category=kafka&letter=C",
        "/terms/compaction/",
        "/terms/compaction/v/1/",
        "/compare/compaction/offset/",
        "/map/",
        "/search/",
        "/search/?q=compaction",
        "/simulator/",
        "/simulator/?model=compaction&log=orders",
        "/simulator/compaction/",
        "/simulator/fidelity/",
        "/embed/compaction/",
    ],
)
def test_a_page_has_one_heading_a_title_and_a_canonical_address(client, term, address):
    TermFactory(label="offset")
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert "Eventually Consistent</title>" in page
    assert f'<link rel="canonical" href="http://glossary.test{address.split("?")[0]}">' in page
    card = "/terms/compaction/card.png?v=1" if address.startswith("/terms/compaction/") else "/static/img/card.png"
    assert f'property="og:image" content="http://glossary.test{card}"' in page


@pytest.mark.parametrize("address", NOWHERE)
def test_what_does_not_exist_is_404(client, term, address):
    assert client.get(address).status_code == 404


def test_a_mistyped_address_is_answered_with_the_nearest_terms(client, term, words):
    response = client.get("/terms/comapction/")
    assert response.status_code == 404
    assert "Did you mean compaction engineer" in words(response)


def test_a_missing_slash_is_added(client, term):
    for address in ("/terms/compaction", "/terms/compaction/v/1", "/map", "/simulator/compaction"):
        assert client.get(address).headers["Location"] == address + "/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "address",
    ["/", "/terms/", "/terms/compaction/", "/map/", "/search/", "/simulator/", "/embed/compaction/", "/healthz"],
)
def test_reading_pages_only_read(client, term, method, address):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/", "/terms/", "/terms/compaction/", "/map/", "/search/?q=x", "/healthz"])
def test_head_says_what_get_would(client, term, address):
    head, get = client.head(address), client.get(address)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers.get("ETag") == get.headers.get("ETag")


def test_a_request_that_cannot_be_read_is_answered_in_words(client, words):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "This request cannot be read" in words(response)
    too_many = "&".join(f"a{n}=1" for n in range(6000))
    assert client.get(f"/search/?{too_many}").status_code == 400


def test_an_error_of_ours_is_answered_in_words(client, term, words, monkeypatch):
    def fail(*args):
        raise RuntimeError

    client.raise_request_exception = False
    monkeypatch.setattr("glossary.reading.find_term", fail)
    response = client.get("/terms/compaction/")
    assert response.status_code == 500
    assert "Something broke on our side" in words(response)


def test_health_is_asked_of_the_database(client):
    def refuse(*args):
        raise OperationalError

    assert client.get("/healthz").content == b"ok\n"
    with connection.execute_wrapper(refuse):
        assert client.get("/healthz").status_code == 503


def test_robots_are_told_where_the_map_of_the_site_is(client):
    assert "Sitemap: http://glossary.test/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_site_map_lists_published_pages_by_their_public_addresses(client, term):
    TermFactory(label="gone", retired=True)
    page = client.get("/sitemap.xml").content.decode()
    assert page.startswith("<?xml")
    assert "<loc>http://glossary.test/terms/compaction/</loc><lastmod>2026-03-02T09:00:00+00:00</lastmod>" in page
    assert "<loc>http://glossary.test/simulator/compaction/</loc>" in page
    assert "gone" not in page


def test_links_in_pages_lead_somewhere(client, term):
    TermFactory(label="offset", relations=[{"term": term.uid, "kind": "related"}])
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = client.get(address)
        # What needs a person leads to the door; everything else is open.
        assert response.status_code == 200 or response.headers["Location"].startswith("/accounts/login/"), address
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        links = re.findall(r'<a [^>]*href="(/[^"#]*)', response.content.decode())
        waiting += {link.replace("&amp;", "&") for link in links} - seen - set(waiting)
    assert {"/terms/compaction/", "/compare/compaction/offset/", "/simulator/compaction/", "/map/"} <= seen
