import itertools
import random

from glossary.domain.map_layout import MapLink, MapTerm, lay_out

CATEGORIES = ["foundations", "kafka", "estate", "operations"]


def some_terms(count=60):
    chance = random.Random(7)
    return [
        MapTerm(f"t{n}", f"term {n}", voice, chance.choice(CATEGORIES[:3] if voice == "engineer" else CATEGORIES[3:]))
        for n in range(count)
        for voice in [chance.choice(["engineer", "engineer", "manager"])]
    ]


def some_links(terms, count=90):
    chance = random.Random(8)
    return [MapLink(*(term.slug for term in chance.sample(terms, 2)), "") for _ in range(count)]


def test_the_same_terms_and_links_give_the_same_picture_in_whatever_order_they_come():
    terms = some_terms()
    links = some_links(terms)
    assert lay_out(terms, links, CATEGORIES) == lay_out(terms[::-1], links[::-1], CATEGORIES)


def test_no_word_stands_on_another_and_all_are_inside():
    terms = some_terms()
    layout = lay_out(terms, some_links(terms), CATEGORIES)
    nodes = [node for cluster in layout.clusters for node in cluster.nodes]
    assert len(nodes) == len(terms)
    for column in range(3):
        heights = sorted(node.y for node in nodes if node.column == column)
        assert all(below - above >= 22 for above, below in itertools.pairwise(heights))
    assert all(0 < node.y < layout.height and 0 < node.x < layout.width for node in nodes)


def test_managers_stand_between_engineers():
    layout = lay_out(some_terms(), [], CATEGORIES)
    assert {(cluster.column, cluster.voice) for cluster in layout.clusters} == {
        (0, "engineer"),
        (1, "manager"),
        (2, "engineer"),
    }


def test_lines_that_lead_nowhere_are_left_out_and_doubles_are_drawn_once():
    terms = some_terms(10)
    link = MapLink(terms[0].slug, terms[1].slug, "")
    assert len(lay_out(terms, [link, link, MapLink("t0", "gone", "")], CATEGORIES).lines) == 1


def test_words_that_are_tied_stand_nearer_than_by_name():
    engineers = [MapTerm(f"e{n}", f"e{n}", "engineer", "kafka") for n in range(20)]
    managers = [MapTerm(f"m{n:02}", f"m{n:02}", "manager", "operations") for n in range(20)]
    links = [MapLink(f"e{n}", f"m{19 - n:02}", "") for n in range(20)]
    layout = lay_out(engineers + managers, links, CATEGORIES)
    height = {node.term.slug: node.y for cluster in layout.clusters for node in cluster.nodes}
    assert all(abs(height[link.a] - height[link.b]) < 60 for link in links)


def test_long_labels_are_shortened_and_no_term_is_no_picture():
    layout = lay_out([MapTerm("long", "x" * 90, "engineer", "kafka")], [], CATEGORIES)
    assert layout.clusters[0].nodes[0].label == "x" * 39 + "…"
    assert lay_out([], [], CATEGORIES).clusters == []
