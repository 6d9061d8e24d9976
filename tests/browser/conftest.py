"""A real browser on a live server: the system's Chromium, or else the one that Playwright brings."""

import os
import shutil
from io import StringIO
from pathlib import Path

# Playwright's synchronous API runs an event loop in this thread, beside Django's own queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import PLAIN_STATIC_FILES
from tests.sessions import session_of
from tests.simulator.conftest import engine

__all__ = ["engine"]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).parent
# What is expected comes at once; on a machine that does other things as well, somewhat later.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    """What stands in this folder is left out by `-m "not browser"`."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser():
    executable = next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def live_server(django_db_setup, django_db_blocker):
    """The shipped dictionary on a server of its own, loaded once for all tests of a module.

    Static files are plain for as long as it answers: a page may still ask when the test that opened it is over.
    """
    with django_db_blocker.unblock(), override_settings(STORAGES=PLAIN_STATIC_FILES):
        try:
            call_command("load_content", stdout=StringIO(), stderr=StringIO())
            server = LiveServer("127.0.0.1")
            yield server
            # Not stop(), which also ends the sharing of the connection: a thread that answered last may still hold it.
            server.thread.terminate()
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _live_server_helper():
    """Takes the place of pytest-django's, which would empty the database after each test."""


@pytest.fixture
def page(browser, live_server):
    """A page of a fresh browser, as wide as a small laptop's."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def open_page(browser, live_server):
    """open_page(address, **context options) -> a page; the test fails if a console said anything.

    refusals: whether the test is about answers such as 409, which a browser tells of as of errors.
    """
    contexts, said = [], []

    def open_page(address: str, *, expected: int = 200, refusals: bool = False, **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        # A browser tells of an answer of 404 as of an error, also where that is the answer that was asked for.
        page.on(
            "console",
            lambda message: expected == 200 and not refusals and said.append(f"{message.type}: {message.text}"),
        )
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        assert page.goto(address).status == expected
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def sign_in(live_server):
    """sign_in(person) -> the state of a browser in which they have just signed in, for a context's storage_state."""

    def sign_in(person) -> dict:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "httpOnly": True}
        return {"cookies": [cookie | {"domain": "127.0.0.1", "path": "/"}], "origins": []}

    return sign_in
