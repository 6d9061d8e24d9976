"""The form of a term: what each may do with it, and what it shows."""

import re
from urllib.parse import quote

import pytest

from glossary.domain.vocabulary import VOICES
from glossary.models import AuditEntry, Draft, Proposal, Term
from tests.factories import CategoryFactory, ProposalFactory, ScenarioFactory, TermFactory, UserFactory, linked_to
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


# --- who may


@pytest.mark.parametrize("trait", [{}, {"deactivated": True}])
def test_the_form_leads_somebody_who_is_signed_out_to_sign_in_and_back(client, term, trait):
    if trait:
        client.force_login(UserFactory(member=True, **trait))
    for address in ("/terms/compaction/edit/", "/terms/new/", "/terms/request/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].endswith(f"?next={quote(address, safe='')}")


@pytest.mark.parametrize("trait", ["member", "curator", "admin"])
def test_members_curators_and_admins_get_the_form(client, term, trait):
    client.force_login(UserFactory(**{trait: True}))
    assert client.get("/terms/compaction/edit/").status_code == 200
    assert client.get("/terms/new/").status_code == 200


def test_everybody_finds_the_way_to_the_form_on_the_page_of_the_term(client, term):
    page = client.get("/terms/compaction/").content.decode()
    assert '<a href="/terms/compaction/edit/" rel="nofollow">Edit this term</a>' in page


def test_an_old_address_leads_to_the_form_and_takes_what_is_sent(client, member):
    term = TermFactory(label="compaction", renamed=True)
    assert client.get("/terms/compaction/edit/")["Location"] == "/terms/the-new-name/edit/"
    assert client.post("/terms/compaction/edit/", form_of(term, gap="A gap.")).status_code == 302
    assert Proposal.objects.get().snapshot["gap"] == "A gap."


def test_a_retired_term_has_no_form_but_says_where_to_go(client, member):
    TermFactory(label="compaction", replaced_by=TermFactory(label="clean-up"))
    response = client.get("/terms/compaction/edit/")
    assert response.status_code == 410
    assert "clean-up" in response.content.decode()


# --- proposing


def test_a_members_change_becomes_a_proposal_with_its_reason(client, term, member):
    response = client.post("/terms/compaction/edit/", form_of(term, gap="A new gap.", change="wording"))
    proposal = Proposal.objects.get()
    assert response["Location"] == f"/proposals/{proposal.pk}/"
    assert (proposal.snapshot["gap"], proposal.change, proposal.note) == ("A new gap.", "wording", "It says more.")
    assert (proposal.author, proposal.base_revision, proposal.confirms_other_voice) == (member, 1, False)


def test_a_curators_wording_is_live_at_once_and_their_meaning_waits(client, term, curator):
    response = client.post("/terms/compaction/edit/", form_of(term, say="New words.", change="wording"), follow=True)
    assert response.redirect_chain == [("/terms/compaction/", 302)]
    assert "Published as version 2." in response.content.decode()
    term.refresh_from_db()
    client.post("/terms/compaction/edit/", form_of(term, gap="Another meaning."))
    assert Proposal.objects.get().status == "open"


def test_an_edit_must_say_what_kind_of_change_it_is_and_why(client, term, member):
    response = client.post("/terms/compaction/edit/", form_of(term, gap="A new gap.", change="", note=" "))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#f-change"' in page
    assert 'href="#f-note"' in page
    assert "A new gap." in page
    assert 'value="meaning" checked' not in page
    assert Proposal.objects.count() == 0


def test_the_other_voice_is_confirmed_with_the_change(client, term, member):
    client.post("/terms/compaction/edit/", form_of(term, definitions__engineer="New.", confirms_other_voice="on"))
    assert Proposal.objects.get().confirms_other_voice


def test_a_change_of_one_voice_asks_about_the_other(client, term, member, words):
    one = words(client.post("/terms/compaction/edit/", form_of(term, definitions__engineer="New.", do="preview")))
    assert "You change one voice only. Does the manager text still hold?" in one
    both = form_of(term, definitions__engineer="New.", definitions__manager="New.", do="preview")
    assert "You change one voice only" not in words(client.post("/terms/compaction/edit/", both))


def test_pressing_the_button_twice_proposes_once(client, term, member):
    form = form_of(term, gap="A new gap.")
    first, second = (client.post("/terms/compaction/edit/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Proposal.objects.count() == 1
    assert Draft.objects.count() == 0


def test_nothing_changed_is_said_and_nothing_is_proposed(client, term, member, words):
    response = client.post("/terms/compaction/edit/", form_of(term))
    assert response.status_code == 422
    assert "Nothing differs from what is published." in words(response)


def test_everything_that_a_term_says_can_be_changed_in_one_form(client, member):
    book, log, play = TermFactory(label="ledger", manager=True), TermFactory(label="log"), ScenarioFactory(slug="play")
    CategoryFactory(slug="foundations")
    term = TermFactory(label="compaction")
    form = form_of(
        term,
        label="log compaction",
        slug="log-compaction",
        category="foundations",
        say="Say so.",
        avoid="Not so.",
        gap="A gap.\r\n\r\nOf two paragraphs.",
        aliases__0__text="tidying",
        aliases__0__kind="discouraged",
        aliases__0__note="too vague",
        mappings__0__term="LEDGER",
        mappings__0__kind="close",
        relations__0__term="log",
        relations__0__kind="part_of",
        scenarios__0__slug="play",
        scenarios__0__caption="Old records go.",
        sources__0__title="Kafka",
        sources__0__url="https://kafka.apache.org/",
        code__path="/result/survivors",
        code__python="print(1)",
        code__clojure="(prn 1)",
        **{f"{part}__{voice}": f"{part} {voice}" for part in ("lines", "definitions") for voice in VOICES},
    )
    assert client.post("/terms/compaction/edit/", form).status_code == 302
    assert Proposal.objects.get().snapshot == {
        "uid": term.uid,
        "slug": "log-compaction",
        "label": "log compaction",
        "voice": "engineer",
        "category": "foundations",
        "say": "Say so.",
        "avoid": "Not so.",
        "lines": {voice: f"lines {voice}" for voice in VOICES},
        "definitions": {voice: f"definitions {voice}" for voice in VOICES},
        "gap": "A gap.\n\nOf two paragraphs.",
        "aliases": [{"text": "tidying", "kind": "discouraged", "note": "too vague"}],
        "mappings": [linked_to(book, "close")],
        "relations": [linked_to(log, "part_of")],
        "scenarios": [play.slug],
        "captions": {"play": "Old records go."},
        "sources": [{"title": "Kafka", "url": "https://kafka.apache.org/"}],
        "code": {"path": "/result/survivors", "python": "print(1)", "clojure": "(prn 1)"},
    }


def test_the_voice_of_a_term_cannot_be_sent(client, term, member):
    client.post("/terms/compaction/edit/", form_of(term, gap="A gap.", voice="manager"))
    assert Proposal.objects.get().snapshot["voice"] == "engineer"


# --- rows, preview, changes


@pytest.mark.parametrize(
    ("deed", "left"),
    [
        ("remove aliases/0", ["two"]),
        ("down aliases/0", ["two", "one"]),
        ("up aliases/1", ["two", "one"]),
        ("add aliases", ["one", "two", ""]),
        ("remove aliases/9", ["one", "two"]),
    ],
)
def test_rows_are_added_moved_and_removed_without_javascript(client, member, deed, left):
    term = TermFactory(label="compaction", aliases=[{"text": text, "kind": "synonym"} for text in ("one", "two")])
    response = client.post("/terms/compaction/edit/", form_of(term, do=deed))
    assert response.status_code == 200
    assert values_of(response.content.decode(), r"aliases/\d/text", having="label") == left
    assert Proposal.objects.count() == 0


def test_the_preview_shows_the_term_as_readers_would_see_it(client, term, member):
    TermFactory(label="tombstone")
    form = form_of(term, definitions__engineer="A **bold** [[tombstone]].", do="preview")
    for address in ("/terms/compaction/preview/", "/terms/compaction/edit/"):
        page = client.post(address, form).content.decode()
        assert "A <strong>bold</strong> <a " in page
        assert 'href="/terms/tombstone/"' in page
    part = client.post("/terms/compaction/preview/", form, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'href="/terms/tombstone/"' in part
    assert re.search(r'id="f-definitions-engineer-length" hx-swap-oob="true">3 words \(60–150\)', part)


def test_the_preview_of_a_new_term_needs_no_term(client, member):
    part = client.post(
        "/terms/new/preview/",
        {"label": "data mesh", "voice": "manager", "definitions/manager": "A *mesh*."},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "<em>mesh</em>" in part


def test_what_changes_is_shown_word_by_word_before_it_is_proposed(client, term, member):
    page = client.post("/terms/compaction/edit/", form_of(term, gap="Each side assumes its own log.", do="preview"))
    changes = re.search(r'(?s)<section id="changes".*?</section>', page.content.decode()).group()
    assert "<del>compaction</del><ins>log</ins>" in changes
    assert changes.count("<dt>") == 1


def test_warnings_stop_nobody(client, term, member, words):
    TermFactory(label="offset", aliases=[{"text": "position number", "kind": "synonym"}])
    TermFactory(label="tidy up", manager=True)
    form = form_of(
        term,
        definitions__manager="Compaction is a clean-up by position number. " + "Word" + " word" * 25 + " end.",
        aliases__0__text="tidy up",
        aliases__0__kind="synonym",
    )
    page = words(client.post("/terms/compaction/edit/", form | {"do": "preview"}))
    assert "“position number” is an engineers’ word" in page
    assert "has 27 words" in page
    assert "“tidy up” is also a spelling of the manager term “tidy up”" in page
    assert "no source is given" in page
    assert client.post("/terms/compaction/edit/", form).status_code == 302


def test_a_link_to_a_retired_term_is_told_and_may_stay(client, member, words):
    old = TermFactory(label="log cleaning", retired=True)
    term = TermFactory(label="compaction", relations=[linked_to(old, "related")])
    form = form_of(term, gap="A new gap.")
    assert "“log cleaning” is retired" in words(client.post("/terms/compaction/edit/", form | {"do": "preview"}))
    assert client.post("/terms/compaction/edit/", form).status_code == 302


def test_a_link_that_leads_nowhere_is_said_while_typing_and_stops_the_proposal(client, term, member, words):
    form = form_of(term, gap="See [[nowhere]].")
    assert "[[nowhere]] leads to no term" in words(client.post("/terms/compaction/edit/", form | {"do": "preview"}))
    response = client.post("/terms/compaction/edit/", form)
    assert response.status_code == 422
    assert 'id="f-gap-problem"' in response.content.decode()


# --- revising


def test_an_author_revises_an_unfinished_proposal_with_the_same_form(client, term, member):
    proposal = ProposalFactory(term=term, author=member, note="First try.")
    page = client.get(f"/proposals/{proposal.pk}/edit/").content.decode()
    assert "A gap that says more.</textarea>" in page
    assert "First try.</textarea>" in page
    response = client.post(f"/proposals/{proposal.pk}/edit/", form_of(term, gap="Second try."))
    assert response["Location"] == f"/proposals/{proposal.pk}/"
    proposal.refresh_from_db()
    assert proposal.snapshot["gap"] == "Second try."
    assert Proposal.objects.count() == 1


def test_nobody_revises_the_proposal_of_somebody_else(client, term):
    proposal = ProposalFactory(term=term)
    client.force_login(UserFactory(admin=True))
    assert client.get(f"/proposals/{proposal.pk}/edit/").status_code == 403
    assert client.post(f"/proposals/{proposal.pk}/edit/", form_of(term)).status_code == 403


def test_a_proposal_that_was_decided_meanwhile_keeps_the_text(client, term, member, words):
    proposal = ProposalFactory(term=term, author=member)
    Proposal.objects.filter(pk=proposal.pk).update(status="withdrawn")
    response = client.post(f"/proposals/{proposal.pk}/edit/", form_of(term, gap="Second try."))
    assert response.status_code == 409
    assert "This proposal is withdrawn" in words(response)
    assert "Second try.</textarea>" in response.content.decode()


def test_the_form_says_that_a_proposal_is_waiting_already(client, term, member):
    proposal = ProposalFactory(term=term, author=member)
    assert f'href="/proposals/{proposal.pk}/edit/"' in client.get("/terms/compaction/edit/").content.decode()


# --- new terms


def test_a_new_term_is_a_proposal_of_meaning_with_an_address_of_its_own(client, term, curator):
    form = form_of(term, label="Data Mesh", slug="", voice="manager", change="wording") | {
        "uid": "",
    }
    assert client.post("/terms/new/", form).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.change, proposal.base_revision, proposal.status) == ("meaning", 0, "open")
    assert (proposal.snapshot["slug"], proposal.snapshot["voice"]) == ("data-mesh", "manager")
    assert Term.objects.count() == 1


def test_a_managers_word_that_engineers_have_too_gets_an_address_of_its_own(client, term, member):
    form = form_of(term, slug="", voice="manager") | {"uid": "bcdfghjk"}
    first, second = (client.post("/terms/new/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Proposal.objects.get().snapshot["slug"] == "compaction-manager"


def test_a_new_term_without_a_voice_is_refused_beside_the_field(client, term, member):
    form = form_of(term, label="Data Mesh", slug="", voice="")
    response = client.post("/terms/new/", form)
    assert response.status_code == 422
    assert 'id="f-voice-problem"' in response.content.decode()


def test_a_new_term_cannot_take_the_place_of_another(client, term, member):
    form = form_of(term, label="Data Mesh", slug="data-mesh") | {"uid": term.uid}
    client.post("/terms/new/", form)
    assert Proposal.objects.get().target != term.uid


# --- voices that drifted


def test_a_term_whose_voices_drifted_says_so_until_a_curator_confirms(client, words):
    lines = {"engineer": "Other words.", "manager": "What managers hear in compaction."}
    TermFactory(label="compaction", edits=[{"lines": lines}])
    page = client.get("/terms/compaction/")
    assert "the engineer text changed, and nobody has confirmed yet" in words(page)
    assert "csrfmiddlewaretoken" not in page.content.decode()
    client.force_login(UserFactory(member=True))
    assert "Confirm that both say the same" not in words(client.get("/terms/compaction/"))
    assert client.post("/terms/compaction/confirm-voices/").status_code == 403
    client.force_login(UserFactory(curator=True))
    assert "Confirm that both say the same" in words(client.get("/terms/compaction/"))
    assert client.post("/terms/compaction/confirm-voices/")["Location"] == "/terms/compaction/"
    client.logout()
    assert "nobody has confirmed" not in words(client.get("/terms/compaction/"))
    assert AuditEntry.objects.filter(action="term.voices_confirmed").count() == 1
    assert client.post("/terms/compaction/confirm-voices/").status_code == 401
