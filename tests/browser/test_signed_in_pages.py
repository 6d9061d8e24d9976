"""Every page on which people decide and look after things: none with a barrier, none that says anything to the console,
none wider than its window. The forms for terms, scenarios and logs have tests of their own."""

import json

import pytest

from glossary.models import Webhook
from glossary.services import delivering, discussing, importing
from glossary.services.reading_uploads import read_upload
from tests.browser.axe import barriers_in_both_schemes
from tests.factories import FIRST_DAY, DocumentFactory, ProposalFactory, ReviewSetFactory, TermFactory, UserFactory
from tests.snapshots import term_snapshot

PAGES = [
    *("/terms/compaction/", "/terms/compaction/history/", "/terms/revised/history/"),
    "/terms/revised/diff/?from=1&to=2",
    *("/terms/revised/revert/1/", "/terms/compaction/retire/", "/terms/compaction/merge/", "/terms/gone/restore/"),
    *("/terms/compaction/care/", "/terms/revised/discuss/", "/logs/", "/logs/addresses/history/"),
    *("/documents/", "/documents/?term=revised&superseded=1", "/documents/new/"),
    *(
        "/review/",
        "/audit/",
        "/care/",
        "/tasks/",
        "/webhooks/",
        "/notices/",
        "/import/",
        "/accounts/drafts/",
        "/accounts/watches/",
    ),
]


@pytest.fixture(scope="module")
def admin(live_server):
    return UserFactory(admin=True)


@pytest.fixture(scope="module")
def pages(admin):
    """Addresses, with something on each page: proposals, an import, a comment, a retired term, notices."""
    term = TermFactory(label="revised", edits=[{"gap": "Another gap.", "change": "meaning"}])
    TermFactory(label="gone", retired=True)
    proposal = ProposalFactory(term=term)
    discussing.comment(on=proposal, text="Is this so?", field="gap", by=admin)
    discussing.comment(on=term, text=f"@{admin.username}, is *this* so?", by=proposal.author)
    review_set = ReviewSetFactory()
    document = json.dumps([term_snapshot("brought in"), {"label": "without anything"}])
    pending = importing.keep(read_upload(document.encode()), name="terms.json", by=admin)
    table = read_upload(b"name*,description,owner\nledger,A book.,team\n=part,,\n")
    foreign = importing.keep(table, name="catalogue.csv", by=admin)
    of_proposals = [f"/proposals/{proposal.pk}/", f"/proposals/{proposal.pk}/?as=source"]
    webhook = Webhook.objects.create(
        label="bot", address="https://hook.example.org/", made_by=admin, created_at=FIRST_DAY
    )
    (delivery,) = delivering.send([webhook], "test", {}, at=FIRST_DAY)
    delivering.note(delivery, None, "hook.example.org did not answer within 10 seconds.", 10_000, at=FIRST_DAY)
    used = DocumentFactory(text="A revised and gone thing. `revised@v1`", by=admin, team="Orders")
    return [
        *(
            *PAGES,
            *of_proposals,
            f"/documents/{used.pk}/",
            f"/webhooks/{webhook.pk}/",
            f"/review/sets/{review_set.pk}/",
        ),
        *(f"/import/{pending.pk}/", f"/import/{foreign.pk}/", f"/accounts/people/{proposal.author.pk}/"),
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_a_barrier_or_sticks_out(open_page, sign_in, admin, pages, width):
    options = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    page = open_page("/accounts/profile/", storage_state=sign_in(admin), **options)
    found = []
    for address in pages:
        assert page.goto(address).status == 200, address
        # The figure's own tests look at it when it stands still.
        found += barriers_in_both_schemes(page, around=[".player"])
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((address, "wider than the window"))
    assert found == []


def test_the_button_of_a_curator_says_whether_readers_see_the_change_at_once(open_page, sign_in):
    for address in ("/terms/compaction/edit/", "/simulator/compaction/edit/"):
        page = open_page(address, storage_state=sign_in(UserFactory(curator=True)))
        for kind, button in (("wording", "Publish change"), ("meaning", "Propose change")):
            page.locator(f"input[name=change][value={kind}]").check()
            assert page.locator("button.primary[name=do]").inner_text() == button
