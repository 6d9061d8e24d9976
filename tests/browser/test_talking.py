"""Mentioning somebody while typing, by keyboard alone."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def discussion(page, live_server):
    """The discussion of a term, seen by somebody who is signed in."""
    people = get_user_model().objects
    people.create_user("grace", display_name="Grace Hopper")
    people.create_user("gregor", display_name="Gregor")
    visitor = people.create_user("visitor")
    client = Client()
    client.force_login(visitor)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto("/terms/compaction/discuss/")
    yield page
    people.filter(username__in=["grace", "gregor", "visitor"]).delete()


def test_people_are_suggested_and_chosen_by_keyboard(discussion):
    area = discussion.get_by_label("Start a thread")
    area.press_sequentially("Ask @gr")
    options = discussion.get_by_role("option")
    options.nth(1).wait_for()
    assert options.all_text_contents() == ["@grace · Grace Hopper", "@gregor · Gregor"]
    assert area.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    area.press("ArrowDown")
    area.press("Enter")
    assert area.input_value() == "Ask @gregor "
    assert options.count() == 0
    area.press_sequentially("and mail a@gr")
    area.press("Escape")
    assert options.count() == 0
    assert area.input_value() == "Ask @gregor and mail a@gr"
