"""Every address, met by everybody: anonymous, member, curator, admin, and somebody who was deactivated.

A new address needs a row in ADDRESSES, under its name (or its route, if it has none):

    "review_queue": Row("member"),
    "proposal": Row("member", pk=lambda world: world.proposal.pk),
    "approve": Row("curator", method="post", status=(302, 422), pk=lambda world: world.proposal.pk),
"""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from glossary.admin import site as admin_site
from glossary.domain.vocabulary import ROLES
from glossary.middleware import ALWAYS_OPEN
from tests.factories import (
    DocumentFactory,
    ProposalFactory,
    ReviewSetFactory,
    ScenarioFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


CODE = {"path": "/result/survivors", "python": "print(log)"}


class Row:
    """Who gets in at an address, and what everybody is answered.

    least: the least role that gets in ("nobody": no session does). Those below are sent to sign in, or get 403.
    status: what those are answered who get in; several where it depends on more than the role.
    signed_in: the same for people who are signed in, where that differs.
    refused: what anonymous visitors are answered, and people whose role is too little.
    arguments: of the address; a function gets the world of the `world` fixture.
    """

    def __init__(self, least="anonymous", *, method="get", status=200, signed_in=None, refused=None, **arguments):
        self.least, self.method, self.arguments = least, method, arguments
        self.status = status if isinstance(status, tuple) else (status,)
        self.signed_in = self.status if signed_in is None else (signed_in,)
        self.refused = refused or ((302, 403) if method == "get" else (401, 403))

    def admits(self, role: str) -> bool:
        return self.least in ROLES and ROLES.index(role) >= ROLES.index(self.least)

    def expected(self, role: str) -> tuple[int, ...]:
        if self.admits(role):
            return self.status if role == "anonymous" else self.signed_in
        return (self.refused[0 if role == "anonymous" else 1],)

    def address(self, name: str, world) -> str:
        given = {key: value(world) if isinstance(value, Callable) else value for key, value in self.arguments.items()}
        return reverse(name, kwargs=given)


ADDRESSES = {
    # Reading
    "home": Row(),
    "dictionary": Row(),
    "term": Row(slug="compaction"),
    "pinned": Row(slug="compaction", number=1),
    "code": Row(slug="compaction", language="python"),
    "permanent": Row(status=302, uid=lambda world: world.term.uid),
    "permanent_pinned": Row(status=302, uid=lambda world: world.term.uid, number=1),
    "compare": Row(left="compaction", right="offset"),
    "map": Row(),
    "search": Row(),
    "workbench": Row(),
    "fidelity": Row(),
    "scenario": Row(slug="compaction"),
    "logs": Row(),
    "log": Row(status=302, slug="orders"),
    "scenario_history": Row(slug="compaction"),
    "scenario_diff": Row(slug="compaction"),
    "log_history": Row(slug="orders"),
    "log_diff": Row(slug="orders"),
    "embed": Row(slug="compaction"),
    "hovercards": Row(),
    "embedded_simulator": Row(),
    "embedded_words": Row(),
    "still_svg": Row(slug="compaction"),
    "still_png": Row(slug="compaction"),
    "term_card": Row(slug="compaction"),
    # Terms, changed
    "term_new": Row("member"),
    "term_edit": Row("member", slug="compaction"),
    "term_new_preview": Row("member", method="post"),
    "term_preview": Row("member", method="post", slug="compaction"),
    # Only its author changes a proposal.
    "proposal_edit": Row("member", status=403, pk=lambda world: world.proposal.pk),
    "term_request": Row("member"),
    "request_close": Row("curator", method="post", status=404, pk=1),
    "voices_confirm": Row("curator", method="post", status=(302, 404, 422), slug="compaction"),
    # Scenarios and sample logs, changed
    "scenario_new": Row("member"),
    "scenario_edit": Row("member", slug="compaction"),
    "log_new": Row("member"),
    "log_edit": Row("member", slug="orders"),
    "term_discuss": Row(slug="compaction"),
    "mentions": Row("member"),
    "term_care": Row("curator", slug="compaction"),
    "care": Row("curator"),
    "term_watch": Row("member", method="post", status=(302, 422), slug="compaction"),
    "import": Row("curator"),
    # What somebody else has uploaded is not there.
    "import_dry_run": Row("curator", status=404, pk=1),
    "import_dry_run_table": Row("curator", status=404, pk=1),
    # Review and history
    "review_queue": Row("member"),
    "review_set": Row("member", pk=lambda world: world.review_set.pk),
    "proposal": Row("member", pk=lambda world: world.proposal.pk),
    # A member's POST without a decision, and without words.
    "proposal_decision": Row("member", method="post", status=422, pk=lambda world: world.proposal.pk),
    "proposal_comments": Row("member", method="post", status=422, pk=lambda world: world.proposal.pk),
    "term_history": Row(slug="compaction"),
    "term_diff": Row(slug="compaction"),
    "term_revert": Row("curator", slug="compaction", number=1),
    "term_retire": Row("curator", slug="compaction"),
    "term_restore": Row("curator", slug="compaction"),
    "term_merge": Row("curator", slug="compaction"),
    "audit": Row("admin"),
    # For machines
    "export_json": Row(),
    "export_csv": Row(),
    "export_content": Row(),
    "export_mkdocs": Row(),
    "export_vale": Row(),
    "export_vale_of_a_day": Row(day=date(2026, 3, 2)),
    "export_eventcatalog": Row(),
    "export_prh": Row(),
    "export_datahub": Row(),
    "export_openmetadata": Row(),
    "export_skos": Row(),
    "export_skos_json_ld": Row(),
    "export_tbx": Row(),
    # Without the address of a page there is nothing to embed.
    "oembed": Row(status=400),
    "objects_inv": Row(),
    "llms": Row(),
    "llms_full": Row(),
    "check": Row(),
    # Messages are posted to it; what reads is told so.
    "mcp": Row(status=405),
    "documents": Row("member"),
    "document_new": Row("member"),
    "document": Row("member", pk=lambda world: world.document.pk),
    "api_docs": Row(),
    "api_document": Row(),
    "api:api-root": Row(status=404),
    "api:terms": Row(),
    "api:term": Row(slug="compaction"),
    "api:revisions": Row(slug="compaction"),
    "api:revision": Row(slug="compaction", number=1),
    "api:search": Row(),
    # Without a text there is nothing to translate, and a form is no document to check.
    "api:translate": Row(status=422),
    "api:check": Row(method="post", status=415),
    # With a token alone; tests/glossary/api/test_proposals.py and test_documents.py have what it then does.
    "api:proposals": Row("nobody", refused=(401, 401)),
    "api:proposal": Row("nobody", refused=(401, 401), number=1),
    "api:withdraw": Row("nobody", method="post", refused=(401, 401), number=1),
    "api:documents": Row("nobody", refused=(401, 401)),
    "api:document": Row("nobody", refused=(401, 401), number=1),
    "api:scenarios": Row(),
    "api:scenario": Row(slug="compaction"),
    "api:logs": Row(),
    "api:log": Row(slug="orders"),
    "api:changes": Row(),
    "healthz": Row(),
    "robots": Row(),
    "sitemap": Row(),
    "feed_changes": Row(),
    "feed_meaning": Row(),
    "feed_term": Row(slug="compaction"),
    # One's own account
    "account_login": Row(signed_in=302),
    "account_logout": Row(status=302, signed_in=200),
    # Off, unless REGISTRATION is open.
    "account_signup": Row(status=403, signed_in=302),
    "account_inactive": Row(),
    "account_reauthenticate": Row("member"),
    "account_email": Row("member"),
    "account_email_verification_sent": Row(),
    "account_confirm_email": Row(key="no-such-key"),
    "account_change_password": Row("member"),
    # Whoever has a password changes it; only a person without one sets it.
    "account_set_password": Row("member", status=302),
    "account_reset_password": Row(),
    "account_reset_password_done": Row(),
    "account_reset_password_from_key": Row(uidb36="1", key="no-such-key"),
    "account_reset_password_from_key_done": Row(),
    # Off: without a code that was sent there is nothing to confirm.
    "account_confirm_login_code": Row(status=302),
    "usersessions_list": Row("member"),
    "notices": Row("member"),
    # A notice to somebody else is not there.
    "notice": Row("member", status=404, pk=1),
    "watches": Row("member"),
    # Whoever holds the signed link of a mail.
    "unsubscribe": Row(status=404, secret="forged"),  # noqa: S106
    "profile": Row("member"),
    "drafts": Row("member"),
    "own_data": Row("member"),
    "leave": Row("member"),
    "tokens": Row("member"),
    # A token of somebody else is not there.
    "revoke_token": Row("member", method="post", status=404, pk=1),
    "accept_invitation": Row(status=404, secret="no-such-secret"),  # noqa: S106
    "tasks": Row("admin"),
    "webhooks": Row("admin"),
    # None was added.
    "webhook": Row("admin", status=404, pk=1),
    "delivery_again": Row("admin", method="post", status=404, uid="b1946ac9-2492-4d23-8f3a-1d1f5e6a7b8c"),
    # Looking after people
    # The test below walks through what is behind it.
    "admin:index": Row("admin"),
    "people": Row("admin"),
    "person": Row("admin", pk=lambda world: world.proposal.author.pk),
    "invitations": Row("admin"),
    "revoke_invitation": Row("admin", method="post", status=404, pk=1),
}
# Addresses without a name, and what everybody is answered.
UNNAMED = {
    "favicon.ico": ("/favicon.ico", 301),
    "terms/<slug:slug>/<path:rest>/": ("/terms/compaction/nonsense/", 404),
}
EVERYBODY = [(role, True) for role in ROLES] + [(role, False) for role in ROLES[1:]]


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = ""):
    """Everything that is served: (name, or None; route)."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern.name and f"{namespace}{pattern.name}", route
        elif pattern.namespace == "admin":
            yield "admin:index", route
        else:
            yield from patterns(pattern, route, f"{pattern.namespace}:" if pattern.namespace else namespace)


@pytest.fixture(scope="module")
def world(for_all_tests):
    return for_all_tests(make_world)


def make_world() -> SimpleNamespace:
    """One of everything that an address can be about."""
    edits = [{"say": "Say it so.", "change": "wording"}]
    term = TermFactory(label="compaction", scenarios=[ScenarioFactory(slug="compaction").slug], edits=edits, code=CODE)
    TermFactory(label="offset")
    return SimpleNamespace(
        term=term, proposal=ProposalFactory(term=term), review_set=ReviewSetFactory(), document=DocumentFactory()
    )


@pytest.fixture
def enter(client):
    """enter(role, active) -> a client as that person uses it; one who was deactivated had signed in before."""

    def enter(role, active=True):
        client.logout()
        if role != "anonymous":
            person = UserFactory(**{role: True})
            client.force_login(person)
            if not active:
                type(person).objects.filter(pk=person.pk).update(is_active=False)
        return client

    return enter


def test_every_address_has_a_row_and_every_row_an_address():
    served = list(patterns(get_resolver()))
    assert {name for name, _ in served if name} == set(ADDRESSES)
    assert {route for name, route in served if not name} == set(UNNAMED)


@pytest.mark.parametrize("name", ADDRESSES)
def test_everybody_gets_where_their_role_leads_and_no_further(enter, world, name):
    row = ADDRESSES[name]
    address = row.address(name, world)
    for role, active in EVERYBODY:
        response = getattr(enter(role, active), row.method)(address)
        counts_as = role if active else "anonymous"
        assert ((role, active), response.status_code) in [((role, active), code) for code in row.expected(counts_as)]
        if response.status_code == 302 and not row.admits(counts_as):
            assert unquote(response.headers["Location"]) == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_private_site_shows_nobody_who_is_not_signed_in_more_than_the_way_in(client, world, settings, name):
    settings.PRIVATE = True
    row = ADDRESSES[name]
    address = row.address(name, world)
    response = getattr(client, row.method)(address)
    assert "private" in response.headers["Cache-Control"]
    if not address.startswith(ALWAYS_OPEN):
        assert response.status_code in {302, 401}
        assert b"compaction" not in response.content.replace(address.encode(), b"")


@pytest.mark.parametrize("route", UNNAMED)
def test_addresses_without_a_name_answer_everybody_alike(enter, world, route):
    address, status = UNNAMED[route]
    for role, active in EVERYBODY:
        assert enter(role, active).get(address).status_code == status


@pytest.mark.parametrize("role", ["anonymous", "member", "curator"])
def test_the_admin_is_closed_to_everybody_but_admins_whatever_flags_they_have(client, world, role):
    if role != "anonymous":
        client.force_login(UserFactory(**{role: True}, is_staff=True, is_superuser=True))
    for address in admin_addresses(world):
        assert (address, client.get(address).status_code) == (address, 302 if role == "anonymous" else 403)


def test_every_page_of_the_admin_opens_for_an_admin(enter, world):
    client = enter("admin")
    for address in admin_addresses(world):
        assert (address, client.get(address).status_code) == (address, 200)


def admin_addresses(world) -> list[str]:
    """Every list of the admin, and the page of each row that the world holds."""
    addresses = [reverse("admin:index")]
    for model in admin_site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses.append(reverse(f"{name}_changelist"))
        addresses += [reverse(f"{name}_change", args=[row.pk]) for row in model.objects.all()]
    return addresses
