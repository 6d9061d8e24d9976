"""The partitioner and the assignors beside kafka-python's, and the laws that every assignment obeys."""

import json
import warnings
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    # kafka-python reads its schemas in a way that Python 3.11 calls outdated.
    warnings.simplefilter("ignore", DeprecationWarning)
    from kafka.coordinator.assignors.range import RangePartitionAssignor
    from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
    from kafka.coordinator.assignors.sticky.sticky_assignor import (
        StickyAssignmentExecutor,
        StickyAssignorMemberMetadataV1,
    )
    from kafka.partitioner.default import murmur2
    from kafka.structs import TopicPartition

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "murmur2.json").read_text())["murmur2"]
ASSIGNORS = ("range", "roundrobin", "sticky", "cooperative-sticky")

oracle = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Codes that UTF-8 can say; a lone surrogate is no text that a producer could send.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
topics = st.dictionaries(st.sampled_from(["t0", "t1", "t2", "T3", "t10"]), st.integers(1, 12), min_size=1, max_size=4)
names = st.sampled_from(["A", "B", "C", "D", "a", "b10", "b2", "Z"])
members = st.lists(names, min_size=1, max_size=6, unique=True)


@st.composite
def groups(draw, subscribing="equally"):
    """A group as the engine takes it; where members subscribe freely, each to some of the topics."""
    all_topics = draw(topics)
    all_members = draw(members)
    group = {"topics": all_topics, "members": all_members}
    if subscribing == "freely":
        choice = st.lists(st.sampled_from(sorted(all_topics)), min_size=1, unique=True)
        group["subscriptions"] = {member: draw(choice) for member in all_members}
    return group


@st.composite
def comings_and_goings(draw, start):
    """Interventions that are possible one after the other, from a group that never becomes empty."""
    present = set(start)
    steps = []
    for name, kind in draw(st.lists(st.tuples(names, st.sampled_from(["leave", "crash"])), max_size=6)):
        if name not in present:
            steps.append({"kind": "join", "member": name})
            present.add(name)
        elif len(present) > 1:
            steps.append({"kind": kind, "member": name})
            present.remove(name)
    return steps


class Cluster:
    """As much of kafka-python's cluster as an assignor asks for."""

    def __init__(self, topics):
        self._topics = topics

    def topics(self):
        return set(self._topics)

    def partitions_for_topic(self, topic):
        return set(range(self._topics[topic]))


def subscription(group, member):
    return group.get("subscriptions", {}).get(member, sorted(group["topics"]))


def partitions_of(assignment):
    """{member: {(topic, partition), …}} of an assignment as results show it."""
    return {
        member: {(topic, partition) for topic, held in by_topic.items() for partition in held}
        for member, by_topic in assignment.items()
    }


def assigned_by(assignor, group):
    """What one of kafka-python's stateless assignors gives each member."""
    members = [
        SimpleNamespace(
            member_id=member,
            group_instance_id=None,
            metadata=SimpleNamespace(topics=subscription(group, member)),
        )
        for member in group["members"]
    ]
    assignment = assignor.assign(Cluster(group["topics"]), members)
    return {
        member: {(topic, partition) for topic, held in each.assigned_partitions for partition in held}
        for member, each in assignment.items()
    }


def sticky_by_oracle(group, members, owned):
    """What kafka-python's sticky assignor makes of an assignment, given who is there now."""
    executor = StickyAssignmentExecutor(
        Cluster(group["topics"]),
        {
            member: StickyAssignorMemberMetadataV1(
                subscription=subscription(group, member),
                partitions=[TopicPartition(*each) for each in sorted(owned.get(member, ()))],
                generation=1 if member in owned else -1,
            )
            for member in members
        },
    )
    executor.perform_initial_assignment()
    executor.balance()
    return {
        member: {(topic, p) for topic, held in executor.get_final_assignment(member) for p in held}
        for member in members
    }


def sizes(assignment):
    return sorted(len(held) for held in assignment.values())


def kept(before, after):
    return sum(len(held & after.get(member, set())) for member, held in before.items())


def run(engine, group, interventions=(), **params):
    given = {"model": "consumer_group", "params": group | params, "interventions": list(interventions)}
    answer = engine.simulate(given)
    assert answer["problems"] == []
    return answer["result"]


@oracle
@given(texts, st.integers(1, 64))
def test_murmur2_agrees_on_any_text(engine, key, count):
    unsigned = murmur2(key.encode())
    signed = unsigned - 2**32 if unsigned >= 2**31 else unsigned
    expected = {"hash": signed, "partition": (unsigned & 0x7FFFFFFF) % count}
    assert engine.call("murmur2", key, count) == expected


def test_both_agree_with_the_recorded_hashes(engine):
    for vector in VECTORS:
        assert engine.call("murmur2", vector["key"], 1)["hash"] == vector["hash"]
        assert murmur2(vector["key"].encode()) == vector["hash"] % 2**32


@oracle
@given(groups("freely"))
def test_range_agrees(engine, group):
    assert partitions_of(run(engine, group, assignor="range")["assignment"]) == assigned_by(
        RangePartitionAssignor, group
    )


@oracle
@given(groups())
def test_roundrobin_agrees_where_subscriptions_are_equal(engine, group):
    expected = assigned_by(RoundRobinPartitionAssignor, group)
    assert partitions_of(run(engine, group, assignor="roundrobin")["assignment"]) == expected


@oracle
@given(st.data())
def test_sticky_is_as_even_and_keeps_as_much(engine, data):
    group = data.draw(groups())
    changes = data.draw(comings_and_goings(group["members"]))
    generations = run(engine, group, changes, assignor="sticky")["generations"]
    for before, after in pairwise(generations):
        owned = partitions_of(before["assignment"])
        staying = {member: held for member, held in owned.items() if member in after["members"]}
        expected = sticky_by_oracle(group, after["members"], staying)
        found = partitions_of(after["assignment"])
        assert sizes(found) == sizes(expected)
        assert kept(staying, found) >= kept(staying, expected)


@oracle
@given(groups("freely"))
def test_sticky_with_differing_subscriptions_is_as_even(engine, group):
    expected = sticky_by_oracle(group, group["members"], {})
    found = partitions_of(run(engine, group, assignor="sticky")["assignment"])
    assert sum(size**2 for size in sizes(found)) <= sum(size**2 for size in sizes(expected))


@pytest.mark.parametrize("assignor", ASSIGNORS)
@oracle
@given(st.data())
def test_every_partition_has_exactly_one_owner_who_subscribes(engine, assignor, data):
    group = data.draw(groups("freely"))
    changes = data.draw(comings_and_goings(group["members"]))
    result = run(engine, group, changes, assignor=assignor)
    for generation in result["generations"]:
        owned = partitions_of(generation["assignment"])
        assert sorted(owned) == generation["members"]
        everything = [each for held in owned.values() for each in held]
        assert len(everything) == len(set(everything))
        for member, held in owned.items():
            assert {topic for topic, _ in held} <= set(subscription(group, member))
    read = {topic for member in generation["members"] for topic in subscription(group, member)}
    assert set(everything) == {(topic, p) for topic in read for p in range(group["topics"][topic])}
    assert result["assignment"] == generation["assignment"]
    assert result["idle"] == [member for member in generation["members"] if not owned[member]]


@pytest.mark.parametrize("assignor", ["roundrobin", "sticky", "cooperative-sticky"])
@oracle
@given(st.data())
def test_equal_subscriptions_are_shared_evenly(engine, assignor, data):
    group = data.draw(groups())
    changes = data.draw(comings_and_goings(group["members"]))
    found = sizes(partitions_of(run(engine, group, changes, assignor=assignor)["assignment"]))
    assert found[-1] - found[0] <= 1


@oracle
@given(st.data())
def test_eager_members_give_everything_up_and_stop(engine, data):
    group = data.draw(groups())
    changes = data.draw(comings_and_goings(group["members"]))
    generations = run(engine, group, changes, assignor="range")["generations"]
    assert len(generations) == 1 + len(changes)
    for before, after in pairwise(generations):
        held = {member: topics for member, topics in before["assignment"].items() if topics}
        assert after["revoked"] == held
        assert after["paused"] == [member for member in after["members"] if member in held]


@oracle
@given(st.data())
def test_cooperative_members_keep_what_does_not_move(engine, data):
    group = data.draw(groups())
    changes = data.draw(comings_and_goings(group["members"]))
    generations = run(engine, group, changes, assignor="cooperative-sticky")["generations"]
    for before, after in pairwise(generations):
        held, holding = partitions_of(before["assignment"]), partitions_of(after["assignment"])
        revoked = partitions_of(after["revoked"])
        assert after["paused"] == []
        for member in after["members"]:
            given_up = revoked.get(member, set())
            assert held.get(member, set()) - holding[member] == given_up
            others = set().union(*(holding[other] for other in after["members"]))
            assert given_up & others == set()


@oracle
@given(st.data())
def test_what_is_read_adds_up(engine, data):
    keys = st.sampled_from(["a", "b", "c", "d", None])
    log = data.draw(st.lists(st.fixed_dictionaries({"key": keys, "type": st.sampled_from("XY")}), max_size=40))
    changes = data.draw(comings_and_goings(["A", "B"]))
    # In their own order: sorted otherwise, the last member might leave before another one joins.
    places = data.draw(st.lists(st.integers(0, len(log)), min_size=len(changes), max_size=len(changes)))
    for change, place in zip(changes, sorted(places), strict=True):
        change["at"] = place
    params = {
        "topics": {"t": 3, "u": 2},
        "members": ["A", "B"],
        "assignor": data.draw(st.sampled_from(ASSIGNORS)),
        "recordsPerRead": data.draw(st.integers(1, 4)),
        "commitEvery": data.draw(st.integers(0, 5)),
        "autoOffsetReset": data.draw(st.sampled_from(["latest", "earliest"])),
    }
    given = {"model": "consumer_group", "log": log, "params": params, "interventions": changes}
    answer = engine.simulate(given)
    facts = [fact for frame in engine.frames(given, range(answer["length"] + 1)) for fact in frame["facts"]]
    count = {code: sum(fact["code"] == code for fact in facts) for code in ("record.consumed", "record.redelivered")}
    skipped = sum(fact["data"]["lost"] for fact in facts if fact["code"] == "records.skipped")
    checks = {check["id"]: check["holds"] for check in answer["checks"]}
    assert count["record.consumed"] + skipped == len(log)
    assert checks["read-once"] == (count["record.redelivered"] == 0)
    assert checks["none-skipped"] == (skipped == 0)
    assert checks["commits-behind"]
    if log:
        positions = answer["result"]["positions"]
        assert sum(each["end"] for each in positions) == len(log)
        assert all(each["lag"] == 0 for each in positions)


@oracle
@given(st.data())
def test_placements_add_up(engine, data):
    keys = st.one_of(st.none(), texts)
    log = data.draw(st.lists(st.fixed_dictionaries({"key": keys, "type": st.just("T")}), max_size=40))
    partitions = data.draw(st.integers(1, 12))
    more = data.draw(st.integers(partitions, 24))
    at = data.draw(st.integers(0, len(log)))
    params = {"partitions": partitions, "resizeAt": at, "resizeTo": more, "stickyRecords": data.draw(st.integers(1, 5))}
    seed = data.draw(st.integers())
    result = engine.simulate({"model": "partitioning", "log": log, "params": params, "seed": seed})["result"]
    placements = result["placements"]
    assert [each["record"] for each in placements] == list(range(len(log)))
    assert len(result["counts"]) == more
    for partition, count in enumerate(result["counts"]):
        offsets = [each["offset"] for each in placements if each["partition"] == partition]
        assert offsets == list(range(count))
    for each, record in zip(placements, log, strict=True):
        count = partitions if each["record"] < at else more
        assert each["partition"] < count
        if record["key"] is not None:
            assert each["partition"] == (murmur2(record["key"].encode()) & 0x7FFFFFFF) % count
