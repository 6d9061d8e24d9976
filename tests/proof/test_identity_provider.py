"""Signing in through OpenID Connect: our server, a real provider (npm's oidc-provider), a browser's part by hand."""

import os
import re
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from tests.proof.npm import TOOLS, install
from tests.proof.postgresql import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PROVIDER = "oidc-provider@9.13.3"

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def modules(tmp_path_factory) -> Path:
    """Where npm has put the provider."""
    return install(tmp_path_factory.mktemp("npm"), PROVIDER)


class Site:
    """Our server with a database of its own, and a provider that knows it."""

    def __init__(self, folder: Path, modules: Path, **settings):
        port, provider_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = kept | {
            "SECRET_KEY": "only-for-tests",
            "PUBLIC_URL": self.url,
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "OIDC_ISSUER": f"http://127.0.0.1:{provider_port}",
            "OIDC_CLIENT_ID": "glossary",
            "OIDC_CLIENT_SECRET": "only-for-tests",
            "OIDC_NAME": "Example ID",
            **settings,
        }
        self.manage("migrate", "-v0")
        script = ROOT / "tests" / "proof" / "identity_provider.mjs"
        callback = f"{self.url}/accounts/oidc/login/callback/"
        self.provider = subprocess.Popen(
            [TOOLS / "node", script, modules, str(provider_port), callback],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.provider.stdout.readline() == "ready\n"
        self.server = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "glossary.wsgi:application"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )
        self.wait()

    def manage(self, *command: str) -> None:
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True)

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return requests.get(f"{self.url}/healthz", timeout=5).raise_for_status()
            except (requests.ConnectionError, requests.Timeout):
                assert self.server.poll() is None
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        for process in (self.server, self.provider):
            # Both are started by a program that waits for them: the group is what must end.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=10)
        self.provider.stdout.close()


@pytest.fixture
def start(tmp_path, modules):
    """start(**settings) -> a running Site."""
    assert (ROOT / ".local" / "static").is_dir(), "no static files are collected: make .local/static"
    sites = []

    def start(**settings) -> Site:
        sites.append(Site(tmp_path, modules, **settings))
        return sites[-1]

    yield start
    for site in sites:
        site.stop()


def words(response) -> str:
    html = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", response.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def sign_in(site: Site, person: str) -> tuple[requests.Session, requests.Response]:
    """What a browser does: from our page to the provider's, its form, its question, and back."""
    browser = requests.Session()
    page = browser.get(f"{site.url}/accounts/login/", params={"next": "/accounts/profile/"})
    link = unescape(re.search(r'href="([^"]+)">Sign in with Example ID<', page.text)[1])
    answer = browser.get(urljoin(page.url, link))
    for _ in range(2):
        if answer.url.startswith(site.url):
            break
        form = re.search(r'action="([^"]+)"', answer.text)[1]
        prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)[1]
        typed = {"prompt": prompt} | ({"login": person, "password": "any"} if prompt == "login" else {})
        answer = browser.post(urljoin(answer.url, unescape(form)), data=typed)
    return browser, answer


def test_the_first_sign_in_makes_a_person_with_the_default_role(start):
    site = start(DEFAULT_ROLE="curator")
    _, page = sign_in(site, "grace")
    assert page.url == f"{site.url}/accounts/profile/"
    assert "You sign in as grace, and your role is curator." in words(page)
    assert 'value="Grace Hopper"' in page.text
    # The second sign-in is the same person.
    assert "You sign in as grace" in words(sign_in(site, "grace")[1])


def test_a_person_is_known_again_by_an_address_that_both_sides_have_confirmed_and_by_no_other(start):
    site = start()
    site.manage("create_admin", "ada", "ada@example.org", "--link")
    assert "You sign in as ada, and your role is admin." in words(sign_in(site, "ada")[1])
    _, page = sign_in(site, "mallory")
    assert "sign in as ada" not in words(page)


def test_nobody_new_comes_while_registration_is_closed_or_from_another_domain(start):
    site = start(REGISTRATION_DOMAINS="example.net")
    browser, page = sign_in(site, "grace")
    assert "You are not known here yet" in words(page)
    assert browser.get(f"{site.url}/accounts/profile/", allow_redirects=False).status_code == 302


def test_a_site_that_the_provider_does_not_know_says_so(start):
    site = start(OIDC_CLIENT_SECRET="wrong")  # noqa: S106
    _, page = sign_in(site, "grace")
    assert "The identity provider did not let you in" in words(page)


def test_signing_in_at_a_provider_ties_nothing_to_who_is_signed_in(start):
    site = start()
    browser, _ = sign_in(site, "grace")
    answer = browser.get(f"{site.url}/accounts/oidc/login/", params={"process": "connect"})
    assert answer.url == f"{site.url}/"
