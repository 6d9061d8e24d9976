"""Terms, scenarios and logs, made as they are made in life: published by the services."""

from datetime import UTC, datetime, timedelta

import factory
from django.contrib.auth.models import Group

from glossary.models import Category, Document, Proposal, ReviewSet, Term, User
from glossary.services import proposing, publishing, registering, retiring
from glossary.services.recording import bump_publication
from simulator import services as simulating
from simulator.models import SampleLog, Scenario
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


class UserFactory(factory.django.DjangoModelFactory):
    """A person who is signed in with `client.force_login(person)`; without a trait, one without a role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        member = factory.Trait(role="member")
        curator = factory.Trait(role="curator")
        admin = factory.Trait(role="admin")
        deactivated = factory.Trait(is_active=False)

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.org")
    password = factory.django.Password("correct horse battery")

    role = ""

    @classmethod
    def _create(cls, model_class, *, role, **fields):
        person = super()._create(model_class, **fields)
        if role:
            person.groups.add(Group.objects.get_or_create(name=role)[0])
        return person


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("slug",)

    slug = "kafka"
    label = factory.LazyAttribute(lambda category: category.slug.capitalize())
    description = factory.LazyAttribute(lambda category: f"Words of {category.slug}.")
    position = factory.Sequence(int)


class SampleLogFactory(factory.Factory):
    class Meta:
        model = SampleLog

    slug = "orders"

    @classmethod
    def _create(cls, model_class, **changes):
        log = simulating.publish_log(snapshot=log_snapshot(**changes), at=FIRST_DAY, origin="person")
        bump_publication(at=FIRST_DAY)
        return log


class ScenarioFactory(factory.Factory):
    """A scenario of compaction on the log of orders."""

    class Meta:
        model = Scenario

    slug = factory.Sequence(lambda n: f"scenario-{n}")

    @classmethod
    def _create(cls, model_class, **changes):
        if not SampleLog.objects.filter(slug="orders").exists():
            SampleLogFactory()
        scenario = simulating.publish_scenario(snapshot=scenario_snapshot(**changes), at=FIRST_DAY, origin="person")
        bump_publication(at=FIRST_DAY)
        return scenario


class TermFactory(factory.Factory):
    """A published term; any field of its snapshot can be given.

    edits: further revisions, each a dict of changes to the snapshot, with `change` among them ("wording" or "meaning").
    retired, replaced_by: whether the term was retired afterwards, and for what.
    """

    class Meta:
        model = Term

    class Params:
        manager = factory.Trait(voice="manager")
        with_figure = factory.Trait(scenarios=factory.LazyFunction(lambda: [ScenarioFactory().slug]))
        renamed = factory.Trait(edits=[{"slug": "the-new-name", "change": "wording"}])
        retired_term = factory.Trait(retired=True)

    label = factory.Sequence(lambda n: f"word number {n}")
    category = "kafka"
    edits = ()
    retired = False
    replaced_by = None

    @classmethod
    def _create(cls, model_class, *, edits, retired, replaced_by, **changes):
        CategoryFactory(slug=changes["category"])
        snapshot = term_snapshot(**changes)
        revision = publishing.publish_term(snapshot=snapshot, at=FIRST_DAY)
        for number, edit in enumerate(edits, start=1):
            edit = {"change": "meaning", **edit}
            change = edit.pop("change")
            snapshot = snapshot | edit
            publishing.publish_term(snapshot=snapshot, change=change, at=FIRST_DAY + timedelta(days=40 * number))
        term = Term.objects.get(pk=revision.term_id)
        if retired or replaced_by:
            retiring.retire_term(term=term, replaced_by=replaced_by)
            term.refresh_from_db()
        return term


def linked_to(term: Term, kind: str, note: str = "") -> dict:
    """A mapping or relation to a term, for a snapshot."""
    return {"term": term.uid, "kind": kind, "note": note} if note else {"term": term.uid, "kind": kind}


class ProposalFactory(factory.Factory):
    """A proposal by a member to change a published term; `changes` are fields of its snapshot."""

    class Meta:
        model = Proposal

    change = "meaning"
    note = "It says more."

    @classmethod
    def _create(cls, model_class, *, term=None, author=None, changes=None, **fields):
        term = term or TermFactory()
        snapshot = term.current.snapshot | ({"gap": "A gap that says more."} if changes is None else changes)
        change = proposing.Change("term", snapshot, term.current.number, **fields)
        outcome = proposing.propose(change, by=author or UserFactory(member=True), at=FIRST_DAY + timedelta(days=1))
        return outcome.proposal


class ReviewSetFactory(factory.Factory):
    """What a curator brought in one import: two new terms that refer to each other, or other changes."""

    class Meta:
        model = ReviewSet

    title = "An import"

    @classmethod
    def _create(cls, model_class, *, title, author=None, changes=None):
        if changes is None:
            CategoryFactory()
            one, other = term_snapshot(f"imported {publishing.new_uid()}"), term_snapshot("imported too")
            one["relations"] = [{"term": other["uid"], "kind": "related"}]
            changes = [proposing.Change("term", one, 0), proposing.Change("term", other, 0)]
        author = author or UserFactory(curator=True)
        return proposing.propose_set(changes=changes, title=title, by=author, at=FIRST_DAY + timedelta(days=1))


class DocumentFactory(factory.Factory):
    """A registered document; `text` is what it says, `by` its owner, if it has one."""

    class Meta:
        model = Document

    address = factory.Sequence(lambda n: f"https://git.example.org/orders/docs/{n}.md")

    @classmethod
    def _create(cls, model_class, *, text="", by=None, at=FIRST_DAY, **described):
        description = registering.Description(**described)
        return registering.register(description=description, text=text, by=by, at=at)[0]
