from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.merge import merge
from glossary.domain.settling import Place, place_of, put, value_at
from tests.glossary.domain.test_merge import BASE


def test_a_place_in_a_list_is_named_by_what_identifies_its_item():
    named = {"aliases": [{"text": "queue", "kind": "synonym"}, {"text": "queue/topic", "kind": "synonym"}]}
    assert place_of("aliases/queue/kind", named) == Place("aliases", "queue", "kind")
    assert place_of("aliases/queue/topic", named) == Place("aliases", "queue/topic")
    assert place_of("aliases/queue/topic/kind", None, named) == Place("aliases", "queue/topic", "kind")
    assert place_of("definitions/engineer", named) == Place("definitions/engineer")
    assert place_of("aliases", named) == Place("aliases")


texts = st.sampled_from(["One.", "Two.", "Three."])
aliases = st.lists(
    st.fixed_dictionaries({"text": st.sampled_from(["a", "a/b", "b"]), "kind": texts}),
    max_size=3,
    unique_by=lambda alias: alias["text"],
)
sides = st.fixed_dictionaries(
    {"say": texts, "gap": texts, "definitions": st.fixed_dictionaries({"engineer": texts}), "aliases": aliases}
)


@given(sides, sides)
def test_taking_theirs_everywhere_leaves_nothing_to_decide(mine, theirs):
    base = {name: BASE[name] for name in ("say", "gap", "definitions", "aliases")}
    merged = merge(base=base, mine=mine, theirs=theirs)
    settled = merged.snapshot
    for conflict in merged.conflicts:
        place = place_of(conflict.path, base, mine, theirs)
        assert value_at(theirs, place) == conflict.theirs
        settled = put(settled, place, conflict.theirs)
        assert value_at(settled, place) == conflict.theirs
    assert merge(base=base, mine=settled, theirs=theirs).conflicts == []
