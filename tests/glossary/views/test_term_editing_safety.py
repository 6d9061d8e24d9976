"""The form of a term: nothing that was typed in it is lost, whatever happens meanwhile and whatever was typed."""

import re

import pytest
from django.test import Client

from glossary.models import Draft, Proposal
from glossary.services import drafting
from glossary.services.publishing import publish_term
from glossary.services.retiring import retire_term
from tests.factories import TermFactory, UserFactory, linked_to
from tests.forms import form_of
from tests.html_forms import values_of


@pytest.fixture
def term():
    return TermFactory(label="compaction")


@pytest.fixture
def member(client):
    member = UserFactory(member=True, display_name="Ada")
    client.force_login(member)
    return member


def published_meanwhile(term, **changes) -> None:
    publish_term(snapshot=term.current.snapshot | changes)


# --- drafts


def test_a_draft_is_kept_as_it_is_typed_and_offered_again(client, term, member, words):
    sent = form_of(term, gap="Half a sent", do="draft")
    state = client.post("/terms/compaction/edit/", sent, headers={"HX-Request": "true"})
    assert "Draft saved" in words(state)
    elsewhere = Client()
    elsewhere.force_login(member)
    response = elsewhere.get("/terms/compaction/edit/")
    assert "You have a draft of compaction from" in words(response)
    assert "Half a sent</textarea>" in response.content.decode()


def test_a_draft_is_its_authors_alone(client, term, member):
    client.post("/terms/compaction/edit/", form_of(term, gap="Half a sent", do="draft"))
    client.force_login(UserFactory(member=True))
    assert "Half a sent" not in client.get("/terms/compaction/edit/").content.decode()


def test_a_draft_is_discarded_by_its_author(client, term, member):
    client.post("/terms/compaction/edit/", form_of(term, gap="Half a sent", do="draft"))
    assert client.post("/terms/compaction/edit/", {"do": "discard"})["Location"] == "/terms/compaction/edit/"
    assert Draft.objects.count() == 0


def test_what_was_refused_is_kept_as_a_draft_and_what_was_proposed_is_not(client, term, member):
    client.post("/terms/compaction/edit/", form_of(term, gap="See [[nowhere]]."))
    assert dict(Draft.objects.get().fields)["gap"] == "See [[nowhere]]."
    proposed = form_of(term, gap="See nothing.")
    client.post("/terms/compaction/edit/", proposed)
    # The last word of a page that goes away, after the button was pressed.
    client.post("/terms/compaction/edit/", proposed | {"do": "draft"})
    assert Draft.objects.count() == 0


def test_a_draft_of_a_new_term_is_listed_and_continued(client, member, words):
    page = client.get("/terms/new/").content.decode()
    uid = re.search(r'name="uid" value="(\w+)"', page).group(1)
    client.post("/terms/new/", {"uid": uid, "label": "data mesh", "do": "draft"})
    assert "data mesh" in words(client.get("/terms/new/"))
    assert 'value="data mesh"' in client.get(f"/terms/new/?draft={uid}").content.decode()


def test_who_else_is_typing_is_told(client, term, member, words):
    other = UserFactory(member=True, display_name="Grace")
    drafting.save_draft(subject="term", target=term.uid, base_revision=1, fields=[], by=other)
    assert "Also editing now: Grace" in words(client.get("/terms/compaction/edit/"))
    sent = client.post("/terms/compaction/edit/", form_of(term, do="draft"), headers={"HX-Request": "true"})
    assert "Also editing now: Grace" in words(sent)


# --- sessions that end, pages that are old


def test_a_session_that_ended_while_typing_loses_nothing(client, term, words):
    form = form_of(term, gap="Typed for an hour.")
    response = client.post("/terms/compaction/edit/", form)
    page = response.content.decode()
    assert response.status_code == 401
    assert "Typed for an hour.</textarea>" in page
    assert 'href="/accounts/login/?next=%2Fterms%2Fcompaction%2Fedit%2F" target="_blank"' in page
    assert "You are signed out." in words(response)
    client.force_login(UserFactory(member=True))
    assert client.post("/terms/compaction/edit/", form).status_code == 302


@pytest.mark.parametrize("address", ["/terms/new/", "/terms/compaction/edit/"])
def test_an_old_token_gives_the_form_back_with_one_that_works(term, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(member=True))
    client.get(address)
    form = form_of(
        term, label="data mesh", slug="data-mesh", voice="manager", aliases__0__text="mesh", aliases__0__kind="synonym"
    )
    response = client.post(address, form | {"csrfmiddlewaretoken": "0" * 64})
    page = response.content.decode()
    assert response.status_code == 403
    assert 'value="mesh"' in page
    token = re.search(r'name="csrfmiddlewaretoken" id="form-token" value="(\w+)"', page).group(1)
    assert client.post(address, form | {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_draft_that_was_refused_for_its_token_brings_a_new_one(term):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(member=True))
    form = form_of(term, do="draft") | {"csrfmiddlewaretoken": "0" * 64}
    response = client.post("/terms/compaction/edit/", form, headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert 'id="form-token"' in response.content.decode()


def test_what_another_site_sends_is_refused_and_not_offered_again(term):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(member=True))
    response = client.post("/terms/compaction/edit/", form_of(term), headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert "sent from another site" in response.content.decode()
    assert "<textarea" not in response.content.decode()


def test_a_private_site_shows_whoever_was_signed_out_nothing_but_their_own_text(client, term, settings):
    settings.PRIVATE = True
    response = client.post("/terms/compaction/edit/", form_of(term, gap="Typed for an hour.", say=""))
    page = response.content.decode()
    assert response.status_code == 401
    assert "Typed for an hour.</textarea>" in page
    assert term.current.snapshot["say"] not in page


def test_any_other_form_with_an_old_token_shows_what_was_typed(term):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(member=True))
    response = client.post("/terms/request/", {"label": "data mesh", "note": "<b>Typed</b>"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "&lt;b&gt;Typed&lt;/b&gt;" in page
    assert "Send it again" in page


# --- two people at once


def test_changes_of_different_fields_merge_and_the_page_says_so(client, term, member, words):
    form = form_of(term, say="Mine.")
    published_meanwhile(term, gap="Theirs.")
    client.post("/terms/compaction/edit/", form)
    proposal = Proposal.objects.get()
    assert (proposal.snapshot["say"], proposal.snapshot["gap"], proposal.base_revision) == ("Mine.", "Theirs.", 2)
    said = words(client.get("/terms/new/"))
    assert "Version 2 was published while you wrote (the gap); your change was merged with it." in said


def test_a_conflict_shows_all_three_texts_and_the_second_author_decides(client, term, member, words):
    form = form_of(term, gap="My gap.", say="Mine.")
    published_meanwhile(term, gap="Their gap.", avoid="Theirs.")
    response = client.post("/terms/compaction/edit/", form)
    page, said = response.content.decode(), words(response)
    assert response.status_code == 409
    assert "My gap.</textarea>" in page
    assert 'name="base_revision" value="2"' in page
    assert "Each side assumes its own compaction." in said
    assert "<ins>Their gap</ins>" in page
    assert 'value="Theirs."' in page
    assert Proposal.objects.count() == 0
    assert dict(Draft.objects.get().fields)["gap"] == "My gap."
    again = form | {"base_revision": "2", "conflicts_since": "1", "avoid": "Theirs."}
    assert client.post("/terms/compaction/edit/", again).status_code == 302
    snapshot = Proposal.objects.get().snapshot
    assert (snapshot["gap"], snapshot["say"], snapshot["avoid"]) == ("My gap.", "Mine.", "Theirs.")


def test_their_text_is_taken_with_a_button_that_needs_no_javascript(client, term, member):
    published_meanwhile(term, gap="Their gap.", say="Theirs.")
    form = form_of(term, gap="My gap.", say="Mine.") | {"base_revision": "2", "conflicts_since": "1"}
    response = client.post("/terms/compaction/edit/", form | {"do": "theirs gap"})
    page = response.content.decode()
    assert "Their gap.</textarea>" in page
    assert 'value="theirs gap"' not in page
    assert 'value="theirs say"' in page
    assert 'value="Mine."' in page


def test_a_conflict_over_an_entry_of_a_list_is_shown_beside_it(client, member):
    alias = {"text": "tidying", "kind": "synonym"}
    term = TermFactory(label="compaction", aliases=[alias])
    form = form_of(term, aliases__0__kind="inflection")
    published_meanwhile(term, aliases=[alias | {"kind": "discouraged", "note": "too vague"}])
    response = client.post("/terms/compaction/edit/", form)
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="theirs aliases/tidying/kind"' in page
    decided = form | {"base_revision": "2", "conflicts_since": "1", "aliases/0/note": "too vague"}
    taken = client.post("/terms/compaction/edit/", decided | {"do": "theirs aliases/tidying/kind"}).content.decode()
    assert '<option value="discouraged" selected>' in taken


def test_a_base_that_never_was_is_said_and_the_text_stays(client, term, member, words):
    response = client.post("/terms/compaction/edit/", form_of(term, gap="My gap.") | {"base_revision": "7"})
    assert response.status_code == 422
    assert "Version 7 of this term does not exist" in words(response)
    assert "My gap.</textarea>" in response.content.decode()


def test_a_term_that_was_retired_meanwhile_keeps_the_text(client, term, member, words):
    form = form_of(term, gap="My gap.")
    retire_term(term=term)
    response = client.post("/terms/compaction/edit/", form)
    assert response.status_code == 409
    assert "was retired meanwhile" in words(response)
    assert "My gap.</textarea>" in response.content.decode()


def test_a_category_that_is_gone_is_said_beside_its_field(client, term, member):
    response = client.post("/terms/compaction/edit/", form_of(term, category="gone"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "&#x27;gone&#x27; is no category; known are kafka" in page
    assert '<option value="gone" selected>' in page


# --- what nobody should send


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"gap": "x" * 2_000_000}, "f-gap", "has 2000000 characters; the most is 60000"),
        ({"label": "nul\x00"}, "f-label", "control character"),
        ({"slug": "compaction\x00"}, "f-slug", "lower-case letters"),
        ({"relations__0__term": "compaction", "relations__0__kind": "related"}, "f-relations-0-term", "with itself"),
        ({"relations__0__term": "nul\x00", "relations__0__kind": "related"}, "f-relations-0-term", "there is no term"),
        ({"aliases__0__text": "COMPACTION", "aliases__0__kind": "synonym"}, "f-aliases-0-text", "the same spelling"),
        ({"aliases__0__text": "ｃompaction", "aliases__0__kind": "synonym"}, "f-aliases-0-text", "the same spelling"),
        ({"aliases__0__text": "Log", "aliases__0__kind": "synonym"}, "f-aliases-0-text", "already belongs to"),
        ({"mappings__0__term": "log", "mappings__0__kind": "close"}, "f-mappings-0-term", "lead to manager terms"),
        ({"sources__0__url": "javascript:alert(1)", "sources__0__title": "x"}, "f-sources-0-url", "http or https"),
        ({"note": "x" * 2001}, "f-note", "the most is 2000"),
        ({"change": "nonsense"}, "f-change", "choose whether"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_beside_its_field_and_nothing_is_lost(client, term, member, changes, field, message):
    TermFactory(label="log")
    response = client.post("/terms/compaction/edit/", form_of(term, **{"say": "Typed.", **changes}))
    page = response.content.decode()
    assert response.status_code == 422
    problem = re.search(rf'(?s)id="{field}-problem">(.*?)</div>', page)
    assert message in problem.group(1)
    assert f'href="#{field}"' in page
    assert 'value="Typed."' in page
    assert Proposal.objects.count() == 0


def test_500_relations_are_too_many_and_stay_in_the_form(client, term, member, words):
    many = {f"relations__{i}__term": f"t{i}" for i in range(500)} | {f"relations__{i}__kind": "x" for i in range(500)}
    response = client.post("/terms/compaction/edit/", form_of(term, **many))
    assert response.status_code == 422
    assert "has 500 entries; the most is 200" in words(response)
    assert len(values_of(response.content.decode(), r"relations/\d+/term", having="label")) == 500


def test_a_circle_of_relations_is_named_beside_its_row(client, term, member, words):
    TermFactory(label="log", relations=[linked_to(term, "broader")])
    form = form_of(term, relations__0__term="log", relations__0__kind="part_of")
    response = client.post("/terms/compaction/edit/", form)
    assert response.status_code == 422
    assert "part of leads in a circle: compaction → log → compaction" in words(response)


@pytest.mark.parametrize("name", ["base_revision", "conflicts_since", "uid", "do"])
@pytest.mark.parametrize("value", ["", "-1", "9" * 400, "²", "x\x00", "remove aliases/99999999999999999999"])
def test_nonsense_beside_the_fields_never_fails(client, term, member, name, value):
    form = form_of(term, gap="My gap.") | {name: value}
    for address in ("/terms/compaction/edit/", "/terms/new/", "/terms/compaction/preview/"):
        response = client.post(address, form)
        assert response.status_code in (200, 302, 409, 422)
        assert response.status_code == 302 or "My gap." in response.content.decode()
