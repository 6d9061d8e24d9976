"""Every operation of the OpenAPI document, met with a world that has one of everything."""

import json
from typing import NamedTuple

from django.test import Client

from glossary.api.urls import api
from glossary.models import Document, Proposal, Term
from glossary.services import access_tokens, publishing, retiring, reviewing
from tests.factories import (
    DocumentFactory,
    ProposalFactory,
    SampleLogFactory,
    ScenarioFactory,
    TermFactory,
    UserFactory,
    linked_to,
)

JSON = "application/json"
# One name for a term, a scenario and a log, so that it may stand for any slug of an address.
NAME = "orders"


class Operation(NamedTuple):
    method: str
    path: str
    said: dict

    def __str__(self):
        return f"{self.method.upper()} {self.path}"

    @property
    def scopes(self) -> list[str]:
        """What it needs, [] where it needs no token."""
        return [] if {} in self.said["security"] else self.said["security"][0]["token"]

    @property
    def takes_body(self) -> bool:
        return "requestBody" in self.said

    def address(self, **given) -> str:
        """With what its path names, and what its query must have."""
        numbers = {"proposals": Proposal, "documents": Document}
        model = numbers.get(self.path.split("/")[3])
        number = model.objects.order_by("pk").first().pk if model and model.objects.exists() else 1
        values = dict.fromkeys((each["name"] for each in self.said["parameters"] if each["in"] == "path"), number)
        address = self.path.format(**values | {"slug": NAME} | given)
        asked = [each["name"] for each in self.said["parameters"] if each["name"] in {"q", "text"}]
        return "?".join([address, *(f"{name}={NAME}" for name in asked)])

    def ask(self, client: Client, address: str = "", *, body="{}", headers=None, **given):
        sent = {"data": body, "content_type": JSON} if self.takes_body else {}
        return getattr(client, self.method)(address or self.address(), headers=headers or {}, **sent | given)


OPERATIONS = [
    Operation(method, path, said)
    for path, methods in json.loads(json.dumps(api.get_openapi_schema()))["paths"].items()
    for method, said in methods.items()
]
READING = [each for each in OPERATIONS if each.method == "get"]
WRITING = [each for each in OPERATIONS if each.scopes and each.method != "get"]


def make_world():
    other = TermFactory(label="archive", voice="manager")
    ScenarioFactory(slug=NAME)
    term = TermFactory(label=NAME, scenarios=[NAME], mappings=[linked_to(other, "close")])
    ProposalFactory(term=term)
    DocumentFactory()


def change_world():
    """Let something happen to everything that can be read."""
    proposal = Proposal.objects.order_by("pk").first()
    term = Term.objects.get(slug=NAME)
    reviewing.withdraw(proposal=proposal, by=proposal.author)
    ProposalFactory(term=term)
    SampleLogFactory(title="Orders, told anew")
    ScenarioFactory(slug=NAME, title="A scenario told anew")
    ScenarioFactory(slug="another")
    SampleLogFactory(slug="another")
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Say it anew."}, change="wording")
    for document in Document.objects.all():
        DocumentFactory(address=document.address, title="A title told anew")
    DocumentFactory()
    term.refresh_from_db()
    retiring.retire_term(term=term)


def token_of(person=None, *scopes: str) -> dict:
    """The header of a token of a person, or of some curator, with scopes beside `read`."""
    _, secret = access_tokens.make_token(label="ci", scopes=scopes, by=person or UserFactory(curator=True))
    return {"authorization": f"Bearer {secret}"}
