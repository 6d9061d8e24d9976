"""Editing a term in a browser: by keyboard, without JavaScript, after a crash, signed out, beside somebody else."""

import re

import pytest
from playwright.sync_api import expect

from glossary.models import Draft, Proposal, Term
from glossary.services.publishing import publish_term
from tests.browser.axe import barriers_in_both_schemes
from tests.factories import UserFactory

EDIT = "/terms/compaction/edit/"


@pytest.fixture
def state(sign_in):
    return sign_in(UserFactory(member=True))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_has_no_barrier_and_nothing_sticks_out(open_page, state, width):
    options = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    for address in (EDIT, "/terms/new/", "/terms/request/"):
        page = open_page(address, storage_state=state, **options)
        assert barriers_in_both_schemes(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_preview_follows_what_is_typed_and_the_draft_is_kept(open_page, state):
    page = open_page(EDIT, storage_state=state)
    page.get_by_label("Where the two sides part").fill("A gap about a [[tombstone]].")
    expect(page.locator("#preview #gap").get_by_role("link", name="tombstone")).to_be_visible()
    expect(page.locator("#f-gap-length")).to_have_text("5 words (30–80)")
    expect(page.locator("#changes dt")).to_have_text(["the gap"])
    expect(page.locator("#draft-state")).to_contain_text("Draft saved")


def test_a_draft_is_offered_again_after_the_browser_was_closed_in_the_middle_of_a_word(open_page, state):
    page = open_page(EDIT, storage_state=state)
    page.get_by_label("Where the two sides part").press_sequentially("Half a wo")
    page.close()
    later = open_page("/terms/", storage_state=state)
    for _ in range(50):
        later.goto(EDIT)
        if later.get_by_text("You have a draft of compaction").count():
            break
    expect(later.get_by_label("Where the two sides part")).to_have_value(re.compile("Half a wo"))


def test_a_change_is_made_and_proposed_by_keyboard_alone(open_page, state):
    page = open_page(EDIT, storage_state=state)
    page.locator("#f-say").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Say it shortly.")
    # Enter in a field shows; it does not propose.
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert Proposal.objects.filter(snapshot__contains="Say it shortly.").count() == 0
    page.get_by_role("button", name="Move down alias 1", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-aliases-1-text")).to_have_value("log compaction")
    expect(page.get_by_role("button", name="Move up alias 2", exact=True)).to_be_focused()
    page.locator("input[name=change][value=wording]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Shorter.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Propose change")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    proposal = Proposal.objects.latest("pk")
    assert (proposal.snapshot["say"], proposal.change, proposal.note) == ("Say it shortly.", "wording", "Shorter.")
    assert proposal.snapshot["aliases"][1]["text"] == "log compaction"
    assert not Draft.objects.filter(author=proposal.author).exists()


def test_whoever_was_signed_out_while_typing_signs_in_elsewhere_and_goes_on(open_page, state):
    page = open_page(EDIT, storage_state=state, refusals=True)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Why?").fill("Typed while signed out.")
    page.locator("#f-say").fill("Other words.")
    page.locator("input[name=change][value=wording]").check()
    page.get_by_role("button", name="Propose change").click()
    expect(page.get_by_text("You are signed out.").first).to_be_visible()
    page.context.add_cookies(state["cookies"])
    page.get_by_role("button", name="Propose change").click()
    page.wait_for_url("**/proposals/*/")
    assert Proposal.objects.latest("pk").note == "Typed while signed out."


@pytest.mark.parametrize("javascript", [True, False])
def test_the_second_author_sees_both_texts_and_decides(open_page, sign_in, javascript):
    state = sign_in(UserFactory(member=True))
    term = Term.objects.get(slug="compaction")
    page = open_page(EDIT, storage_state=state, java_script_enabled=javascript, refusals=True)
    publish_term(snapshot=term.current.snapshot | {"say": f"Theirs{javascript}."})
    page.locator("#f-say").fill("Mine.")
    page.locator("input[name=change][value=meaning]").check()
    page.get_by_label("Why?").fill("Because.")
    page.get_by_role("button", name="Propose change").click()
    expect(page.locator(".conflict ins").first).to_contain_text(f"Theirs{javascript}")
    expect(page.locator("#f-say")).to_have_value("Mine.")
    page.get_by_role("button", name="Use the published text").click()
    expect(page.locator("#f-say")).to_have_value(f"Theirs{javascript}.")
    expect(page.locator(".conflict")).to_have_count(0)


def test_rows_and_proposals_work_without_javascript(open_page, state):
    page = open_page("/terms/offset/edit/", storage_state=state, java_script_enabled=False)
    count = page.locator("#f-aliases .edit-row").count()
    page.get_by_role("button", name="Add alias").click()
    expect(page.locator("#f-aliases .edit-row")).to_have_count(count + 1)
    page.locator(f"#f-aliases-{count}-text").fill("place in the line")
    page.locator("input[name=change][value=wording]").check()
    page.get_by_label("Why?").fill("Heard often.")
    page.get_by_role("button", name="Propose change").click()
    page.wait_for_url("**/proposals/*/")
    assert Proposal.objects.latest("pk").snapshot["aliases"][-1] == {"text": "place in the line", "kind": "synonym"}
