from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.bit_sets import bit_set, by_count, members_of

SETS = st.sets(st.integers(0, 300), max_size=40)


@given(SETS)
def test_a_set_is_read_as_it_was_made_rising(members):
    assert members_of(bit_set(members)) == sorted(members)


@given(st.lists(SETS, max_size=12))
def test_members_are_counted_as_a_counter_counts_them(sets):
    counted = [(count, set(members_of(bits))) for count, bits in by_count(map(bit_set, sets))]
    counts = Counter(member for members in sets for member in members)
    expected = {count: {member for member in counts if counts[member] == count} for count in counts.values()}
    assert counted == sorted(expected.items(), reverse=True)
