"""Django's admin, as admins use it: what is changed there is checked, audited, and shows at once."""

import pytest
from django.contrib.admin.models import LogEntry

from glossary.models import AuditEntry, Category, Publication, User
from glossary.permissions import role_of
from tests.factories import CategoryFactory, TermFactory, UserFactory


@pytest.fixture
def admin(client):
    person = UserFactory(admin=True, username="root")
    client.force_login(person)
    return person


def person_form(person, **changes):
    kept = {"role": role_of(person), "is_active": "on", "mail_frequency": person.mail_frequency}
    form = kept | {"display_name": person.display_name, "team": person.team, "voice": person.voice} | changes
    return {name: value for name, value in form.items() if value is not None}


def test_an_admin_changes_a_person_and_the_audit_trail_tells(client, admin):
    ada = UserFactory(member=True)
    form = person_form(ada, role="curator", team="Engines", is_active=None)
    assert client.post(f"/admin/glossary/user/{ada.pk}/change/", form).status_code == 302
    ada = User.objects.get(pk=ada.pk)
    assert (ada.team, ada.is_active, [group.name for group in ada.groups.all()]) == ("Engines", False, ["curator"])
    told = set(AuditEntry.objects.filter(by=admin).values_list("action", flat=True))
    assert told == {"person.changed", "person.role_given", "person.deactivated"}
    assert not LogEntry.objects.exists()


def test_the_last_admin_is_not_shut_out_here_either(client, admin):
    address = f"/admin/glossary/user/{admin.pk}/change/"
    assert client.post(address, person_form(admin, role="member")).headers["Location"] == address
    assert b"Root is the last admin. Give somebody else the role first." in client.get(address).content
    assert role_of(User.objects.get(pk=admin.pk)) == "admin"


def test_a_changed_category_shows_at_once_and_stays_changed(client, admin, words):
    TermFactory(label="compaction")
    category, before = Category.objects.get(), Publication.objects.version()
    form = {"label": "Apache Kafka", "description": "Words of the log.", "position": "3"}
    assert client.post(f"/admin/glossary/category/{category.pk}/change/", form).status_code == 302
    assert Publication.objects.version() == before + 1
    client.logout()
    assert "Apache Kafka" in words(client.get("/terms/compaction/"))
    entry = AuditEntry.objects.get(action="category.changed")
    assert (entry.by, entry.target, entry.data) == (
        admin,
        "category:kafka",
        {"fields": ["label", "description", "position"]},
    )
    assert Category.objects.get().edited_at


def test_a_category_is_made_and_deleted_while_no_term_stands_in_it(client, admin, words):
    form = {"slug": "governance", "label": "Governance", "description": "Words of risk.", "position": "4"}
    assert client.post("/admin/glossary/category/add/", form).status_code == 302
    made = Category.objects.get(slug="governance")
    TermFactory(label="compaction", category="governance")
    delete = f"/admin/glossary/category/{made.pk}/delete/"
    client.post(delete, {"post": "yes"})
    assert Category.objects.filter(slug="governance").exists()
    empty = CategoryFactory(slug="empty")
    client.post(f"/admin/glossary/category/{empty.pk}/delete/", {"post": "yes"})
    assert not Category.objects.filter(slug="empty").exists()
    assert AuditEntry.objects.filter(action="category.deleted", target="category:empty").exists()


@pytest.mark.parametrize("name", ["term", "revision", "proposal", "auditentry", "accesstoken", "invitation"])
def test_the_rest_is_there_to_look_at(client, admin, name):
    TermFactory(label="compaction")
    assert client.get(f"/admin/glossary/{name}/").status_code == 200
    assert client.get(f"/admin/glossary/{name}/add/").status_code == 403


def test_what_is_shown_is_not_changed_by_who_posts_to_it_nevertheless(client, admin):
    term = TermFactory(label="compaction")
    assert client.post(f"/admin/glossary/term/{term.pk}/change/", {"label": "hacked"}).status_code == 403
    assert client.post(f"/admin/glossary/term/{term.pk}/delete/", {"post": "yes"}).status_code == 403


def test_signing_in_and_out_is_the_site_s_own(client):
    assert client.get("/admin/").headers["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    client.force_login(UserFactory(admin=True))
    for page in ("login", "logout", "password_change"):
        assert client.get(f"/admin/{page}/").headers["Location"].startswith("/accounts/")
