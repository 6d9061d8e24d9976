from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.hierarchy import Hierarchy

names = st.sampled_from("abcdef")
edges = st.lists(st.tuples(names, names), max_size=15)


def test_the_shortest_way_upward_names_both_ends():
    hierarchy = Hierarchy([("offset", "partition"), ("partition", "topic"), ("topic", "log"), ("offset", "log")])
    assert hierarchy.way("offset", "log") == ["offset", "log"]
    assert hierarchy.way("partition", "log") == ["partition", "topic", "log"]
    assert hierarchy.way("log", "offset") is None


@given(edges, names, names)
def test_a_way_is_made_of_edges_and_is_found_whenever_there_is_one(edges, start, end):
    reached = {start}
    for _ in edges:
        reached |= {above for below, above in edges if below in reached}
    way = Hierarchy(edges).way(start, end)
    assert (way is not None) == (end in reached)
    if way:
        assert (way[0], way[-1]) == (start, end)
        assert set(pairwise(way)) <= set(edges)
