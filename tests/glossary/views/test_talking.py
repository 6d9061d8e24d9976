"""The discussion of a term: for everybody to read, for people who are signed in to join."""

import pytest

from glossary.models import Comment
from glossary.services import discussing
from tests.factories import TermFactory, UserFactory

ADDRESS = "/terms/compaction/discuss/"


@pytest.fixture
def term():
    return TermFactory(label="compaction", slug="compaction")


@pytest.fixture
def thread(term):
    author = UserFactory(member=True, display_name="Ada")
    return discussing.comment(on=term, text="Is **this** right?", by=author)


def test_everybody_reads_a_discussion_and_strangers_are_shown_the_way_in(client, thread, words):
    response = client.get(ADDRESS)
    assert "<strong>this</strong>" in response.content.decode()
    page = words(response)
    assert "Ada" in page
    assert "Sign in to say something." in page
    assert "<textarea" not in response.content.decode()


@pytest.mark.parametrize("traits", [{}, {"member": True}, {"curator": True}, {"admin": True}])
def test_people_who_are_signed_in_comment_answer_and_settle(client, thread, traits, words):
    person = UserFactory(**traits)
    client.force_login(person)
    response = client.post(ADDRESS, {"deed": "comment", "text": "Something new."})
    made = Comment.objects.get(text="Something new.")
    assert response["Location"] == f"{ADDRESS}#comment-{made.pk}"
    client.post(ADDRESS, {"deed": "comment", "text": "It is.", "parent": thread.pk})
    assert thread.answers.get().author == person
    client.post(ADDRESS, {"deed": "resolve", "comment": thread.pk})
    assert "1 settled" in words(client.get(ADDRESS))
    client.post(ADDRESS, {"deed": "reopen", "comment": thread.pk})
    assert "settled" not in words(client.get(ADDRESS))


def test_strangers_and_people_who_left_say_nothing(client, thread):
    gone = UserFactory(member=True)
    assert client.post(ADDRESS, {"deed": "comment", "text": "Hi"}).status_code == 401
    client.force_login(gone)
    gone.is_active = False
    gone.save()
    assert client.post(ADDRESS, {"deed": "comment", "text": "Hi"}).status_code == 401
    assert client.post(ADDRESS, {"deed": "resolve", "comment": thread.pk}).status_code == 401
    assert client.get(ADDRESS).status_code == 200
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("parent", ["", "thread"])
def test_what_is_refused_is_kept_beside_its_reason(client, thread, parent):
    client.force_login(UserFactory(member=True))
    text = "x" * 10_001
    response = client.post(ADDRESS, {"deed": "comment", "text": text, "parent": thread.pk if parent else ""})
    assert response.status_code == 422
    page = response.content.decode()
    assert "has 10001 characters; the most is 10000" in page
    assert text in page


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, ""])
def test_a_comment_that_is_not_there_is_not_found(client, thread, number):
    client.force_login(UserFactory(member=True))
    assert client.post(ADDRESS, {"deed": "resolve", "comment": number}).status_code == 404


def test_a_comment_needs_the_forms_token(thread):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory(member=True))
    assert strict.post(ADDRESS, {"deed": "comment", "text": "Hi"}).status_code == 403


def test_a_renamed_terms_discussion_moves_along_with_what_is_posted(client, term):
    from glossary.services.publishing import publish_term

    publish_term(snapshot=term.current.snapshot | {"slug": "log-compaction"}, change="wording")
    client.force_login(UserFactory(member=True))
    response = client.post(ADDRESS, {"deed": "comment", "text": "Hi"})
    assert (response.status_code, response["Location"]) == (308, "/terms/log-compaction/discuss/")
    assert client.get(ADDRESS).status_code == 301
    assert client.get("/terms/nothing/discuss/").status_code == 404


def test_many_threads_take_few_queries(client, term, django_assert_max_num_queries):
    person = UserFactory(member=True)
    for number in range(12):
        first = discussing.comment(on=term, text=f"Thread {number}", by=person)
        discussing.comment(on=term, text="Answer", by=UserFactory(member=True), parent=first)
    with django_assert_max_num_queries(6):
        client.get(ADDRESS)


# --- whom to mention


def test_people_are_suggested_by_the_beginning_of_their_names(client):
    UserFactory(username="ada", display_name="Ada Lovelace")
    UserFactory(username="countess", display_name="Lady Ada King")
    UserFactory(username="grace", display_name="Grace Hopper")
    UserFactory(username="adam", deactivated=True)
    UserFactory(username="ada@example.org")
    client.force_login(UserFactory(member=True))
    suggested = client.get("/mentions/?q=Ada").json()
    assert suggested == [{"username": "ada", "name": "Ada Lovelace"}, {"username": "countess", "name": "Lady Ada King"}]


def test_names_are_not_for_strangers(client):
    assert client.get("/mentions/?q=a").status_code == 302


@pytest.mark.parametrize("typed", ["", "%", "_", "'", "\\", "x" * 3000, "👋"])
def test_odd_beginnings_suggest_few_people_or_none(client, typed):
    client.force_login(UserFactory(member=True))
    assert len(client.get("/mentions/", {"q": typed}).json()) <= 8
