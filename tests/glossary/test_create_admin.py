"""The command that makes the first admin."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from glossary.models import User
from glossary.permissions import role_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"  # noqa: S105


def create_admin(name="root", email="root@example.org", *options) -> str:
    said = StringIO()
    call_command("create_admin", name, email, *options, stdout=said)
    return said.getvalue()


def test_the_printed_link_sets_the_password_once(client):
    said = create_admin("root", "root@example.org", "--link")
    link = re.search(r"http://glossary\.test(/\S+)", said)[1]
    where = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(where, {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/accounts/login/", {"login": "root", "password": PASSWORD})
    assert client.get("/accounts/people/").status_code == 200
    client.logout()
    assert b"This link has expired" in client.get(link, follow=True).content


def test_a_password_is_asked_for_at_a_terminal_until_it_is_good_and_typed_twice_alike(monkeypatch):
    typed = iter(["password", PASSWORD, "mistyped", PASSWORD, PASSWORD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert "can sign in at http://glossary.test/accounts/login/" in create_admin()
    assert User.objects.get(username="root").check_password(PASSWORD)


def test_a_script_may_run_it_again():
    create_admin("root", "root@example.org", "--link")
    assert create_admin("root", "root@example.org", "--link") == "root is an admin already.\n"
    assert role_of(User.objects.get()) == "admin"


@pytest.mark.parametrize(
    ("name", "email", "complaint"),
    [
        ("ada", "ada@example.org", "somebody called ada already"),
        ("a b", "ab@example.org", "valid username"),
        ("root", "nonsense", "valid email"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(name, email, complaint):
    UserFactory(username="ada", member=True)
    with pytest.raises(CommandError, match=complaint):
        create_admin(name, email, "--link")
    assert User.objects.count() == 1
