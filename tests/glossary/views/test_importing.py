"""The pages of an import: upload, dry run, proposing, throwing away."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from glossary.models import PendingImport, ReviewSet
from glossary.services.publishing import publish_term
from tests.factories import CategoryFactory, TermFactory, UserFactory
from tests.snapshots import term_snapshot


@pytest.fixture(autouse=True)
def category():
    CategoryFactory()


def file_of(document, name="terms.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, document if isinstance(document, bytes) else json.dumps(document).encode())


def upload(client, document=None, **fields):
    fields |= {"file": file_of(document)} if document is not None else {}
    return client.post("/import/", fields, follow=True)


def test_a_curator_sees_what_would_become_of_each_term_and_proposes_it(client, curator, words):
    term = TermFactory(label="log")
    changed = term.current.snapshot | {"say": "Say it so."}
    response = upload(client, [changed, term_snapshot("segment")])
    assert "0 refused, 1 created, 1 changed, 0 unchanged" in words(response)
    assert "terms 1 log term changed say" in words(response)
    assert "Propose 2 changes" in words(response)
    assert not ReviewSet.objects.exists()
    pending = PendingImport.objects.get()
    response = client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "From the wiki"})
    review_set = ReviewSet.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/review/sets/{review_set.pk}/")
    assert (review_set.title, review_set.proposals.count()) == ("From the wiki", 2)


def test_pasted_text_is_read_with_its_line_breaks_as_they_were(client, curator, words):
    TermFactory(label="log", gap="One.\n\nTwo.")
    response = upload(client, text='slug,gap\r\nlog,"One.\r\n\r\nTwo."\r\n')
    assert "1 unchanged" in words(response)
    assert "there is nothing to propose" in words(response)


def test_what_is_refused_is_told_and_cannot_be_proposed(client, curator, words):
    response = upload(client, [term_snapshot("one", voice="director"), term_snapshot("two")])
    assert "voice: 'director' is not one of engineer, manager" in words(response)
    assert "Propose" not in words(response).partition("Nothing was written yet")[2]
    pending = PendingImport.objects.get()
    response = client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "Half"})
    assert response.status_code == 409
    assert not ReviewSet.objects.exists()


def test_what_was_published_meanwhile_stands_against_it(client, curator, words):
    upload(client, [term_snapshot("segment")])
    TermFactory(label="segment")
    pending = PendingImport.objects.get()
    response = client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "Late"})
    assert response.status_code == 409
    assert "already belongs to the engineer term" in words(response)
    assert not ReviewSet.objects.exists()


def test_a_dry_run_that_is_looked_at_again_is_as_of_now(client, curator, words):
    term = TermFactory(label="log")
    changed = term.current.snapshot | {"say": "Say it so."}
    address = upload(client, [changed]).redirect_chain[-1][0]
    publish_term(snapshot=changed)
    assert "1 unchanged" in words(client.get(address))


def test_an_import_without_a_title_keeps_everything(client, curator, words):
    upload(client, [term_snapshot("segment")])
    pending = PendingImport.objects.get()
    response = client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": " "})
    assert response.status_code == 422
    assert "Give the set a title" in words(response)
    assert PendingImport.objects.exists()


def test_an_upload_is_thrown_away(client, curator, words):
    upload(client, [term_snapshot("segment")])
    assert "terms.json" in words(client.get("/import/"))
    pending = PendingImport.objects.get()
    response = client.post(f"/import/{pending.pk}/", {"deed": "discard"}, follow=True)
    assert "was thrown away" in words(response)
    assert not PendingImport.objects.exists()
    assert client.get(f"/import/{pending.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "There is nothing in it"),
        (b"\xff\xfe\x00", "is not UTF-16 text"),
        (b"[" * 10_000, "nested too deep"),
        (b"PK\x03\x04", "The zip is damaged"),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_field(client, curator, words, document, said):
    response = upload(client, document)
    assert response.status_code == 422
    assert f"terms.json: {said}" in words(response) or said in words(response)


def test_pasted_text_that_cannot_be_read_stays_in_the_field(client, curator, words):
    response = upload(client, text="{oops <b>")
    assert response.status_code == 422
    assert "is not JSON" in words(response)
    assert "{oops &lt;b&gt;</textarea>" in response.content.decode()


def test_what_is_too_large_is_refused_unread(client, curator, words):
    response = client.post("/import/", b"x" * 10_000_001, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert "You sent 10.0 MB, and the most is 10 MB" in words(response)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({}, 403),
        ({"member": True}, 403),
        ({"curator": True}, 200),
        ({"admin": True}, 200),
        ({"deactivated": True}, 302),
    ],
)
def test_importing_is_for_curators(client, who, status):
    person = UserFactory(**who)
    client.force_login(person)
    assert client.get("/import/").status_code == status
    answer = client.post("/import/", {"text": json.dumps([term_snapshot("log")])})
    assert answer.status_code == {302: 401, 200: 302}.get(status, status)
    assert PendingImport.objects.exists() == (status == 200)


def test_nobody_imports_without_signing_in(client):
    assert client.get("/import/").status_code == 302
    assert client.post("/import/", {"text": "[]"}).status_code == 401
    assert client.get("/import/1/").status_code == 302


def test_an_import_is_seen_by_its_person_alone(client, curator):
    upload(client, [term_snapshot("segment")])
    pending = PendingImport.objects.get()
    for who in ({"curator": True}, {"admin": True}):
        client.force_login(UserFactory(**who))
        assert client.get(f"/import/{pending.pk}/").status_code == 404
        assert client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "T"}).status_code == 404
    client.force_login(UserFactory(member=True))
    assert client.get(f"/import/{pending.pk}/").status_code == 403


def test_what_is_shown_of_an_import_is_text(client, curator):
    response = upload(client, [term_snapshot("<script>alert(1)</script>", slug="x", voice="<b>")])
    assert b"<script>alert" not in response.content
    assert b"<b>" not in response.content


def test_new_terms_of_another_tool_are_in_the_chosen_voice_and_category(client, curator, words):
    CategoryFactory(slug="people")
    document = b"name*,description,owner\nledger,A book.,team\n"
    response = upload(client, document, voice="manager", category="people")
    assert "Not kept here, with the number of rows: owner (1)." in words(response)
    pending = PendingImport.objects.get()
    table = client.get(f"/import/{pending.pk}/dry-run.csv")
    assert table["Content-Disposition"] == 'attachment; filename="dry-run.csv"'
    assert table.content.decode().splitlines() == [
        "status,details,name*,description,owner",
        "success,Entity created,ledger,A book.,team",
    ]
    client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "From the catalogue"})
    [proposal] = ReviewSet.objects.get().proposals.all()
    assert (proposal.voice, proposal.category) == ("manager", "people")


def test_what_was_chosen_for_new_terms_stays_where_the_file_cannot_be_read(client, curator):
    CategoryFactory(slug="people")
    page = upload(client, b"<?xml version='1.0'?>", voice="manager", category="people").content.decode()
    assert '<option value="manager" selected>' in page
    assert '<option value="people" selected>' in page


def test_a_voice_that_is_none_is_refused_at_the_term(client, curator, words):
    response = upload(client, b"name*,description\nledger,A book.\n", voice="director", category="nowhere")
    assert "voice: 'director' is not one of engineer, manager" in words(response)
