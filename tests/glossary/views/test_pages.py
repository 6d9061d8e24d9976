"""What every reading page promises: headers, freshness, and that it says nothing about its visitor."""

import gzip

import brotli
import pytest

from glossary import pages
from glossary.services.publishing import publish_term
from tests.factories import ScenarioFactory, TermFactory

READING = ["/", "/terms/", "/terms/compaction/", "/terms/compaction/v/1/", "/compare/compaction/offset/", "/map/"]
PLAYING = ["/simulator/", "/simulator/play/", "/simulator/fidelity/", "/embed/play/"]


@pytest.fixture
def term():
    TermFactory(label="offset")
    return TermFactory(label="compaction", scenarios=[ScenarioFactory(slug="play").slug])


@pytest.mark.parametrize("address", [*READING, *PLAYING, "/search/?q=compaction", "/robots.txt", "/sitemap.xml"])
def test_a_page_is_the_same_for_everybody_and_answers_304(client, term, address):
    first = client.get(address)
    assert first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    assert not first.cookies
    assert b"csrf" not in first.content.lower()
    assert b"nonce" not in first.content.lower()
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == first.headers["Vary"]


@pytest.mark.parametrize("address", [*READING, *PLAYING, "/search/", "/no-such-page/", "/healthz"])
def test_headers_close_what_is_not_needed(client, term, address):
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    if not address.startswith("/embed/"):
        assert policy["frame-ancestors"] == "'none'"
        assert headers["X-Frame-Options"] == "DENY"


def test_an_embed_may_stand_in_frames_of_other_sites_also_when_it_comes_from_the_cache(client, term):
    for response in (client.get("/embed/play/"), client.get("/embed/play/")):
        assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in response.headers


@pytest.mark.parametrize(
    ("address", "varies"),
    [("/", False), ("/terms/", False), ("/map/", False), ("/terms/compaction/", True), ("/search/?q=x", True)],
)
def test_only_what_answers_htmx_with_a_part_varies_by_it(client, term, address, varies):
    for headers in ({}, {"HX-Request": "true"}):
        assert ("HX-Request" in client.get(address, headers=headers).headers["Vary"]) is varies


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip;q=1.0, br;q=0", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
        ("zstd, ;;;,q=", None, bytes),
    ],
)
def test_a_page_is_compressed_as_the_browser_takes_it(client, term, accepted, encoding, decode):
    plain = client.get("/terms/compaction/")
    for _ in range(2):
        response = client.get("/terms/compaction/", headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == encoding
        assert decode(response.content) == plain.content
        assert "Accept-Encoding" in response.headers["Vary"]
        assert (response.headers["ETag"] == plain.headers["ETag"]) is (encoding is None)


def test_a_publication_shows_at_once_and_leaves_other_pages_as_they_were(client, term):
    before, untouched = client.get("/terms/compaction/"), client.get("/terms/offset/")
    publish_term(snapshot=term.current.snapshot | {"gap": "A wholly new gap."})
    after = client.get("/terms/compaction/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert b"A wholly new gap." in after.content
    same = client.get("/terms/offset/", headers={"If-None-Match": untouched.headers["ETag"]})
    assert same.status_code == 304


def test_a_page_that_is_kept_asks_for_the_publication_only(client, term, django_assert_num_queries):
    for address in [*READING, *PLAYING]:
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)


def test_parameters_that_a_page_does_not_read_make_no_new_page(client, term, django_assert_num_queries):
    plain = client.get("/terms/compaction/")
    with django_assert_num_queries(1):
        assert client.get("/terms/compaction/?utm_source=mail&x=%00").content == plain.content


def test_what_was_not_found_is_not_kept(client, term):
    assert client.get("/terms/later/").status_code == 404
    TermFactory(label="later")
    assert client.get("/terms/later/").status_code == 200


def test_a_new_release_does_not_answer_with_pages_of_the_old_one(client, term, monkeypatch):
    client.get("/terms/compaction/")
    monkeypatch.setattr(pages, "release", lambda: "another")
    monkeypatch.setattr("glossary.reading.find_term", lambda slug: None)
    assert client.get("/terms/compaction/").status_code == 404
