"""Account pages and Django's admin in a browser: nothing that the policy refuses, and nothing that axe finds."""

from playwright.sync_api import expect

from tests.browser.axe import barriers_in_both_schemes
from tests.factories import UserFactory

OWN = [
    *("/accounts/profile/", "/accounts/email/", "/accounts/password/change/", "/accounts/sessions/"),
    *("/accounts/tokens/", "/accounts/people/", "/accounts/invitations/", "/accounts/leave/", "/accounts/logout/"),
]
ADMIN = ["/admin/", "/admin/glossary/user/", "/admin/glossary/category/", "/admin/glossary/auditentry/"]


def test_account_pages_are_in_order_for_everybody(open_page, sign_in):
    phone = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}
    page = open_page("/accounts/login/", **phone)
    found = barriers_in_both_schemes(page)
    page.goto("/accounts/password/reset/")
    found += barriers_in_both_schemes(page)
    own = open_page(OWN[0], storage_state=sign_in(UserFactory(admin=True)), **phone)
    for address in OWN:
        own.goto(address)
        found += barriers_in_both_schemes(own)
        assert own.evaluate("document.documentElement.scrollWidth") == 390, address
    assert found == []


def test_a_person_signs_in_by_keyboard_alone_and_comes_back_to_where_they_were(open_page):
    person = UserFactory(member=True)
    page = open_page("/accounts/login/?next=/map/")
    page.get_by_label("Name or e-mail address").focus()
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=person.username)).to_be_visible()
    assert page.evaluate("location.pathname") == "/map/"


def test_the_admin_works_under_the_policy_of_every_page(open_page, sign_in):
    page = open_page(ADMIN[0], storage_state=sign_in(UserFactory(admin=True)))
    for address in ADMIN:
        page.goto(address)
    page.get_by_role("button", name="Toggle theme").first.click()
    page.goto("/admin/glossary/category/")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_label("Description:").fill("Words that were described anew.")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "was changed successfully" in page.locator(".messagelist").inner_text()
