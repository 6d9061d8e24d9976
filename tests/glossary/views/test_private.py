"""A private site: everything behind sign-in, programs with a token, nothing left in shared caches."""

import pytest

from glossary.services import access_tokens, people
from tests.factories import ScenarioFactory, TermFactory, UserFactory


@pytest.fixture(autouse=True)
def private(settings):
    settings.PRIVATE = True


@pytest.fixture
def term():
    return TermFactory(label="compaction", scenarios=[ScenarioFactory(slug="compaction").slug])


@pytest.fixture
def token():
    return access_tokens.make_token(label="wiki", by=UserFactory(member=True))[1]


PAGES = [
    "/",
    "/terms/",
    "/terms/compaction/",
    "/terms/compaction/v/1/",
    "/search/?q=compaction",
    "/map/",
    "/simulator/",
    "/sitemap.xml",
    "/admin/",
    "/nonsense/",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_sign_in_and_says_nothing(client, term, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")
    assert "private" in response.headers["Cache-Control"]
    assert b"compaction" not in response.content.replace(b"q=compaction", b"")


def test_what_cannot_be_redirected_is_told_to_sign_in(client, term, words):
    for response in (client.post("/terms/compaction/"), client.get("/search/?q=x", headers={"HX-Request": "true"})):
        assert response.status_code == 401
        assert "Sign in" in words(response)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/", "/healthz", "/robots.txt"])
def test_the_way_in_is_open(client, address):
    assert client.get(address).status_code == 200


def test_robots_are_sent_away(client):
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_a_page_that_is_not_there_names_no_term(client, term, words):
    response = client.get("/accounts/compaction/")
    assert response.status_code == 404
    assert "Did you mean" not in words(response)
    client.force_login(UserFactory(member=True))
    assert "Did you mean compaction" in words(client.get("/accounts/compaction/"))


@pytest.mark.parametrize("role", ["member", "curator", "admin"])
def test_people_read_as_on_a_public_site_and_no_cache_keeps_it(client, term, role):
    client.force_login(UserFactory(**{role: True}))
    response = client.get("/terms/compaction/")
    assert response.status_code == 200
    assert "private" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_somebody_who_was_shut_out_reads_nothing(client, term):
    person = UserFactory(member=True)
    client.force_login(person)
    people.deactivate(person=person, by=UserFactory(admin=True))
    assert client.get("/terms/compaction/").status_code == 302


def test_programs_are_told_in_one_sentence_what_to_send(client, term):
    response = client.get("/embed/compaction/")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.content.decode().startswith("This glossary is private: send an access token")
    assert "X-Frame-Options" not in response.headers
    assert client.get("/api/nonsense").json()["error"].startswith("This glossary is private")


def test_programs_read_with_a_token_in_a_header_or_in_the_address(client, term, token):
    for response in (
        client.get("/embed/compaction/", headers={"Authorization": f"Bearer {token}"}),
        client.get(f"/embed/compaction/?token={token}"),
    ):
        assert response.status_code == 200
        assert b"compaction" in response.content
        assert response.headers["Cache-Control"] == "no-cache, private"
        assert "Authorization" in response.headers["Vary"]


@pytest.mark.parametrize("token", ["", "ec_forged", "\0", "a" * 10_000])
def test_a_token_that_is_none_opens_nothing(client, term, token):
    assert client.get("/embed/compaction/", {"token": token}).status_code == 401


def test_a_token_opens_no_pages_and_writes_nothing(client, term, token):
    assert client.get(f"/terms/compaction/?token={token}").status_code == 302
    assert client.get(f"/accounts/tokens/?token={token}").status_code == 302
    assert client.post(f"/embed/compaction/?token={token}").status_code == 401


def test_nobody_reads_from_the_cache_what_somebody_else_was_let_in_for(client, term, token):
    assert client.get(f"/embed/compaction/?token={token}").status_code == 200
    assert client.get("/embed/compaction/").status_code == 401
