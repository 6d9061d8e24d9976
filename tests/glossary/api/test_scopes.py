"""What access tokens let programs do."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from ninja.errors import HttpError

from glossary.api.scopes import Scope
from glossary.domain.problems import Invalid
from glossary.middleware import AccessTokens
from glossary.models import AccessToken
from glossary.services import access_tokens, people
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def sent(method: str, address: str, secret: str = "", *, by=None):
    """A request after the middleware, as an operation meets it."""
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    request = getattr(RequestFactory(), method)(address, headers=headers)
    request.user = by or UserFactory(member=True)
    AccessTokens(lambda request: HttpResponse())(request)
    return request


@pytest.fixture
def token():
    """token(*scopes) -> (owner, secret)"""

    def make(*scopes):
        owner = UserFactory(member=True)
        return owner, access_tokens.make_token(label="ci", scopes=scopes, by=owner)[1]

    return make


def test_every_token_reads_and_does_what_else_its_scopes_say(token):
    owner, secret = token("propose")
    request = sent("post", "/api/v1/proposals", secret)
    assert request.user == owner
    assert Scope("propose")(request) == AccessToken.objects.get()
    assert Scope("read")(request) == AccessToken.objects.get()
    with pytest.raises(HttpError, match="the scope `documents`") as refused:
        Scope("documents")(request)
    assert refused.value.status_code == 403


def test_a_token_that_names_no_scope_reads_alone(token):
    token()
    assert AccessToken.objects.get().scopes == "read"


def test_a_scope_that_there_is_not_is_refused(token):
    with pytest.raises(Invalid, match="'publish' is no scope"):
        token("publish")
    with pytest.raises(ValueError, match="no scope"):
        Scope("publish")


def test_a_session_never_writes_over_the_api(token):
    request = sent("post", "/api/v1/proposals", by=UserFactory(admin=True))
    assert request.user.is_anonymous
    assert Scope("propose")(request) is None


def test_a_token_in_the_query_reads_and_does_nothing_else(token):
    owner, secret = token("propose")
    assert sent("get", f"/api/v1/terms?token={secret}").user == owner
    assert sent("post", f"/api/v1/proposals?token={secret}").user.is_anonymous


def test_a_token_writes_nowhere_but_over_the_api(token):
    owner, secret = token("propose")
    for address in ("/terms/log/edit/", "/export/terms.json", "/oembed"):
        assert sent("post", address, secret).user != owner


def test_a_token_that_is_revoked_or_whose_owner_is_shut_out_counts_for_nothing(token):
    owner, secret = token("propose")
    people.deactivate(person=owner, by=UserFactory(admin=True))
    assert sent("post", "/api/v1/proposals", secret).user.is_anonymous
    owner, secret = token("propose")
    access_tokens.revoke_token(token=AccessToken.objects.get(owner=owner), by=owner)
    assert Scope("propose")(sent("post", "/api/v1/proposals", secret)) is None


def test_the_form_gives_the_scopes_that_were_chosen_and_refuses_others(client):
    client.force_login(UserFactory(member=True))
    page = client.post("/accounts/tokens/", {"label": "ci", "scopes": ["documents", "propose"]}).content.decode()
    assert "read propose documents" in page
    assert client.post("/accounts/tokens/", {"label": "ci", "scopes": ["everything"]}).status_code == 422
    assert AccessToken.objects.count() == 1
