"""Editing scenarios and sample logs in a browser, where the simulator is the preview."""

import pytest
from playwright.sync_api import expect

from glossary.models import Draft, Proposal
from tests.browser.axe import barriers
from tests.factories import UserFactory

EDIT = "/simulator/compaction/edit/"


@pytest.fixture
def signed_in(sign_in):
    """The browser's state of a member who has just signed in."""
    return sign_in(UserFactory(member=True))


def verdict(page, claim: int):
    return page.locator(f"[data-claim='{claim}']")


def test_each_claim_says_while_one_types_whether_it_holds(open_page, signed_in):
    page = open_page(EDIT, storage_state=signed_in)
    expect(verdict(page, 2)).to_have_text("✓ holds")
    value = page.locator("[name='claims/2/value']")
    value.fill("19")
    expect(verdict(page, 2)).to_contain_text("✗ fails: found [6,8,10")
    expect(page.locator("#scenario-preview .claims li[data-holds=false]")).to_have_count(1)
    value.fill("18")
    expect(verdict(page, 2)).to_have_text("✓ holds")
    # A parameter is part of what is claimed about.
    page.locator("[name='params/segmentRecords']").fill("50")
    expect(verdict(page, 0)).to_contain_text("✗ fails")
    assert dict(Draft.objects.latest("updated_at").fields)["params/segmentRecords"] == "50"


def test_the_preview_stays_at_its_step_and_gives_it_to_the_form(open_page, signed_in):
    page = open_page(EDIT, storage_state=signed_in)
    expect(verdict(page, 0)).to_have_text("✓ holds")
    page.locator("#scenario-preview figure").press("End")
    page.locator("#title").fill("Another title")
    expect(page.locator("#scenario-preview figcaption h2")).to_contain_text("Another title")
    page.get_by_role("button", name="Use this step as the first").click()
    expect(page.locator("#start")).to_have_value("68")


def test_settings_that_were_tried_in_the_figure_are_taken_over(open_page, signed_in):
    page = open_page(EDIT, storage_state=signed_in)
    expect(verdict(page, 0)).to_have_text("✓ holds")
    tried = page.locator("#scenario-preview").get_by_role("spinbutton", name="records per segment")
    tried.fill("7")
    tried.press("Enter")
    page.get_by_role("button", name="Use these settings").click()
    expect(page.locator("[name='params/segmentRecords']")).to_have_value("7")


def test_a_claim_is_written_and_proposed_by_keyboard_alone(open_page, signed_in):
    page = open_page(EDIT, storage_state=signed_in)
    expect(verdict(page, 0)).to_have_text("✓ holds")
    page.get_by_role("button", name="Add a claim").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[id='claims/5']")).to_be_focused()
    # Once the preview has followed the new fields, nothing moves the focus any more.
    expect(verdict(page, 0)).to_have_text("✓ holds")
    # Past the buttons that move it and take it out.
    for text in ("", "", "no card of anna's is lost", "nothing of anna's is lost", "/result/survivors", "", "\t", "10"):
        page.keyboard.press("Tab")
        if text.strip():
            page.keyboard.type(text)
    page.locator("[name='claims/5/op']").select_option("contains")
    page.locator("[name='claims/5/id']").fill("anna-is-there")
    expect(verdict(page, 5)).to_have_text("✓ holds")
    page.get_by_label("Meaning:").check()
    page.get_by_label("Why?").fill("One more claim.")
    page.get_by_role("button", name="Propose change").focus()
    with page.expect_response(lambda response: response.request.method == "POST" and response.status == 302):
        page.keyboard.press("Enter")
    assert Proposal.objects.latest("pk").snapshot["claims"][5]["id"] == "anna-is-there"


def test_scenarios_say_whether_their_claims_hold_on_other_records(open_page, signed_in):
    page = open_page("/logs/addresses/edit/", storage_state=signed_in)
    told = page.locator("[data-dependent=compaction]")
    expect(told).to_have_text("✓ all 5 claims hold")
    page.get_by_role("button", name="Earlier").click()
    page.get_by_role("button", name="Edit the record at offset 0").click()
    page.get_by_role("button", name="Remove this record").click()
    expect(page.locator("#records-told")).to_have_text("39 records.")
    expect(told).to_contain_text("claims fail")
    assert page.locator("#records").input_value().count("\n") == 38


def test_any_format_is_pasted_and_becomes_json_lines(open_page, signed_in):
    page = open_page("/logs/new/", storage_state=signed_in)
    page.locator("#records").fill(
        "key,type,value,time\nanna,Asked,1,2026-03-02T09:00:00Z\nben,Asked,2,2026-03-02T09:01:00Z"
    )
    expect(page.locator("#records-told")).to_have_text("2 records, read as csv.")
    page.get_by_role("button", name="Write them as JSON Lines").click()
    first = page.locator("#records").input_value().split("\n")[0]
    assert first == '{"time":1772442000000,"key":"anna","type":"Asked","value":1}'


def test_a_readers_own_log_becomes_a_sample_log_only_when_they_say_so(open_page, signed_in):
    page = open_page("/simulator/", storage_state=signed_in)
    page.get_by_role("button", name="use your own log").click()
    page.get_by_label("Paste it").fill(
        '{"key": "a", "type": "Mine", "value": 1}\n{"key": "b", "type": "Mine", "value": 2}'
    )
    page.get_by_role("button", name="Use the pasted log").click()
    page.get_by_role("link", name="Propose it as a sample log").click()
    expect(page.locator("#records-told")).to_have_text("2 records.")
    assert page.locator("#records").input_value().split("\n")[1] == '{"time":0,"key":"b","type":"Mine","value":2}'


@pytest.mark.parametrize("address", [EDIT, "/simulator/new/", "/logs/addresses/edit/", "/logs/new/"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_use_the_forms(open_page, signed_in, address, width):
    page = open_page(address, storage_state=signed_in, viewport={"width": width, "height": 800})
    page.wait_for_load_state("networkidle")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
