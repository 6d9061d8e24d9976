import pytest

from glossary.services.checking import problems_of
from tests.factories import TermFactory, linked_to
from tests.snapshots import term_snapshot

pytestmark = pytest.mark.django_db


def told(snapshot):
    return [(path.partition("/")[2], message) for path, message in problems_of([snapshot])]


def test_a_relation_that_leads_in_a_circle_names_the_whole_circle():
    log = TermFactory(label="log")
    topic = TermFactory(label="topic", relations=[linked_to(log, "part_of")])
    partition = TermFactory(label="partition", relations=[linked_to(topic, "broader")])
    [(path, message)] = told(log.current.snapshot | {"relations": [linked_to(partition, "part_of")]})
    assert path == "relations/0/term"
    assert message == "part of leads in a circle: log → partition → topic → log; remove one of these links"


def test_relations_that_only_meet_are_no_circle():
    log = TermFactory(label="log")
    topic = TermFactory(label="topic", relations=[linked_to(log, "broader")])
    partition = term_snapshot("partition", relations=[linked_to(topic, "part_of"), linked_to(log, "broader")])
    assert told(partition) == []
    assert told(log.current.snapshot | {"relations": [linked_to(topic, "contrasts")]}) == []


def test_what_a_term_said_before_makes_no_circle_with_what_it_says_now():
    log, topic = TermFactory(label="log"), TermFactory(label="topic")
    log_above = TermFactory(label="offset", relations=[linked_to(log, "broader")])
    turned = log_above.current.snapshot | {"relations": [linked_to(topic, "broader")]}
    assert told(turned) == []


@pytest.mark.parametrize("alias", ["ＯＦＦＳＥＴ", "Off-set", "OFF_SET", "offset"])
def test_an_alias_that_differs_only_in_case_hyphens_or_compatibility_form_is_taken(alias):
    TermFactory(label="off set", aliases=[{"text": "offset", "kind": "synonym"}])
    [(path, message)] = told(term_snapshot("topic", aliases=[{"text": alias, "kind": "synonym"}]))
    assert path == "aliases/0/text"
    assert f"{alias!r} already belongs to the engineer term 'off set'" == message
