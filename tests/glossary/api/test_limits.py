"""How much a program may ask for in a minute."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from glossary.api import limits
from glossary.services import access_tokens
from tests.factories import TermFactory, UserFactory

pytestmark = pytest.mark.django_db
SEARCH, CHECK = "/api/v1/search?q=log", "/api/v1/check"


@pytest.fixture(autouse=True)
def minute(settings, monkeypatch):
    """minute(n): it is half a minute into minute n; two reads, one check and one writing are taken in each."""
    settings.API_LIMITS = {"reads": 2, "checks": 1, "writes": 1}

    def go_to(number: int):
        monkeypatch.setattr(limits, "clock", lambda: number * 60 + 30.5)

    go_to(1)
    return go_to


def check(client, **given):
    return client.post(CHECK, {"text": "log"}, content_type="application/json", **given)


def bearer(**person) -> dict:
    _, secret = access_tokens.make_token(label="ci", scopes=["propose"], by=UserFactory(**person))
    return {"authorization": f"Bearer {secret}"}


def statuses(client, address: str, times: int, **given) -> list[int]:
    return [client.get(address, **given).status_code for _ in range(times)]


def test_what_is_too_much_is_told_in_a_sentence_with_when_to_ask_again(client):
    assert statuses(client, SEARCH, 2) == [200, 200]
    refused = client.get(SEARCH)
    assert (refused.status_code, refused["Retry-After"]) == (429, "30")
    assert refused.json() == {
        "error": "These are too many requests: 2 in 60 seconds are taken for reads. Ask again in 30 seconds.",
        "problems": [],
    }
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in refused["Access-Control-Expose-Headers"]


def test_the_next_minute_is_counted_anew(client, minute):
    assert statuses(client, SEARCH, 3) == [200, 200, 429]
    minute(2)
    assert statuses(client, SEARCH, 3) == [200, 200, 429]


def test_what_is_kept_is_answered_however_often_it_is_asked_for(client):
    TermFactory(label="log")
    assert statuses(client, "/api/v1/terms/log", 10) == [200] * 10
    assert statuses(client, "/api/v1/terms", 10) == [200] * 10
    assert statuses(client, "/api/v1/terms?limit=7", 1) == [429]
    etag = client.get("/api/v1/terms/log")["ETag"]
    assert statuses(client, "/api/v1/terms/log", 5, headers={"if-none-match": etag}) == [304] * 5


def test_reading_checking_and_writing_are_counted_apart(client):
    headers = bearer(member=True)
    assert [check(client, headers=headers).status_code for _ in range(2)] == [200, 429]
    sent = {"content_type": "application/json", "headers": headers}
    assert [client.post("/api/v1/proposals", {}, **sent).status_code for _ in range(2)] == [422, 429]
    assert statuses(client, SEARCH, 3, headers=headers) == [200, 200, 429]


def test_each_token_and_each_address_is_counted_by_itself(client):
    one, other = bearer(member=True), bearer(member=True)
    for given in ({"headers": one}, {"headers": other}, {}, {"REMOTE_ADDR": "192.0.2.7"}):
        assert [check(client, **given).status_code for _ in range(2)] == [200, 429]
    # A token is the same from wherever it is used.
    assert check(client, headers=one, REMOTE_ADDR="192.0.2.8").status_code == 429


def test_a_network_of_version_6_is_one_client(client):
    assert check(client, REMOTE_ADDR="2001:db8:1:2::1").status_code == 200
    assert check(client, REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429
    assert check(client, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200
    assert check(client, REMOTE_ADDR="::ffff:192.0.2.1").status_code == 200
    assert check(client, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert check(client, REMOTE_ADDR="::ffff:192.0.2.2").status_code == 200


def test_a_visitor_is_known_behind_a_proxy_that_is_trusted_and_forges_nothing(client, settings):
    def through_proxy(forwarded: str) -> int:
        return check(client, headers={"x-forwarded-for": forwarded}).status_code

    assert [through_proxy("192.0.2.1"), through_proxy("192.0.2.2")] == [200, 429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert [through_proxy("192.0.2.1"), through_proxy("192.0.2.2")] == [200, 200]
    assert through_proxy("198.51.100.1, 192.0.2.2") == 429


@pytest.mark.parametrize("given", [{"REMOTE_ADDR": ""}, {"headers": {"x-forwarded-for": "192.0.2.1"}}])
def test_whoever_cannot_be_told_apart_is_served_under_one_limit(client, settings, given):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert [check(client, **given).status_code for _ in range(2)] == [200, 429]


def test_what_is_left_is_said_in_every_answer_that_counts(client):
    answer = check(client)
    assert answer["RateLimit-Policy"] == '"checks";q=1;w=60'
    assert answer["RateLimit"] == '"checks";r=0;t=30'
    assert client.get(SEARCH)["RateLimit"] == '"reads";r=1;t=30'
    TermFactory(label="log")
    client.get("/api/v1/terms/log")
    assert "RateLimit" not in client.get("/api/v1/terms/log")


def test_a_limit_of_nothing_is_none(client, settings):
    settings.API_LIMITS = {"reads": 0, "checks": 0, "writes": 0}
    answers = [check(client) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0]


def test_no_request_is_lost_where_many_are_counted_at_once():
    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(lambda _: limits.use("reads", "192.0.2.1", at=0).used, range(400))
        assert sorted(counts) == list(range(1, 401))
