"""Who owns what in consumer groups that members join, leave and crash out of, from Kafka's four client assignors."""

from random import Random

import jpype

ASSIGNORS = {
    "range": "RangeAssignor",
    "roundrobin": "RoundRobinAssignor",
    "sticky": "StickyAssignor",
    "cooperative-sticky": "CooperativeStickyAssignor",
}
GROUPS = 300
NAMES = (
    ("A", "B", "C", "D", "E", "F", "G", "H"),
    ("c1", "c2", "c3", "c4", "c9", "c10", "c11", "c12"),
    ("B", "a", "Z", "b10", "b2", "anna", "Émile", "東京"),
)
STATIC_IDS = ("i1", "i2", "i10", "I3", "z", "a", "b-1", "0", "É")
TOPICS = ("t0", "t1", "t2", "T3", "t10", "orders", "payments")


def record() -> dict:
    """`{groups: [{topics, members, subscriptions?, instances?, steps, owners: {assignor: [generation…]}}]}`.

    A step is `[kind, member]`. A generation is a text: for each topic in order, a character for each partition, which
    is the place of its owner among the sorted members, or "." for nobody.
    """
    random = Random("groups")
    groups = [draw(random, number) for number in range(GROUPS)]
    for group in groups:
        group["owners"] = {name: generations(group, class_name) for name, class_name in ASSIGNORS.items()}
    return {"groups": groups}


def draw(random: Random, number: int) -> dict:
    """A group: every second one with differing subscriptions, two of five with static ids."""
    names = NAMES[number % len(NAMES)]
    topics = {topic: random.randint(1, 9) for topic in sorted(random.sample(TOPICS, random.randint(1, 4)))}
    members = sorted(random.sample(names, random.randint(1, 5)))
    group = {"topics": topics, "members": members, "steps": draw_steps(random, names, members)}
    present = sorted({*members, *(member for _, member in group["steps"])})
    if number % 2:
        group["subscriptions"] = {
            member: sorted(random.sample(sorted(topics), random.randint(1, len(topics)))) for member in present
        }
    if number % 5 < 2:
        ids = random.sample(STATIC_IDS, len(present))
        group["instances"] = {member: id_ for member, id_ in zip(present, ids, strict=True) if random.random() < 0.6}
    return group


def draw_steps(random: Random, names: tuple, members: list) -> list:
    """Up to four joins, leaves and crashes, none of which empties the group."""
    present = set(members)
    steps = []
    for _ in range(random.randint(0, 4)):
        absent = sorted(set(names) - present)
        if absent and (len(present) == 1 or random.random() < 0.55):
            steps.append(["join", random.choice(absent)])
            present.add(steps[-1][1])
        else:
            steps.append([random.choice(["leave", "crash"]), random.choice(sorted(present))])
            present.discard(steps[-1][1])
    return steps


def generations(group: dict, class_name: str) -> list[str]:
    """What one assignor makes of a group's story, generation by generation."""
    client = Client(group, class_name)
    members = list(group["members"])
    found = client.rebalance(members)
    for kind, member in group["steps"]:
        if kind == "join":
            members = sorted([*members, member])
        else:
            members = [other for other in members if other != member]
            client.forget(member)
        found += client.rebalance(members)
    return found


class Client:
    """The client's side of the group protocol: subscriptions go to the assignor, its assignment back to the members."""

    def __init__(self, group: dict, class_name: str):
        self._java = jpype.JPackage("java").util
        self._consumer = jpype.JPackage("org").apache.kafka.clients.consumer
        self._common = jpype.JPackage("org").apache.kafka.common
        self._type = jpype.JClass(f"org.apache.kafka.clients.consumer.{class_name}")
        self._is_cooperative = class_name.startswith("Cooperative")
        self._group = group
        self._cluster = self._describe_cluster()
        self._assignors = {}
        self._owned = {}
        self._generation = 0

    def _describe_cluster(self):
        node = self._common.Node(0, "localhost", 9092)
        nodes = jpype.JArray(self._common.Node)([node])
        partitions = [
            self._common.PartitionInfo(topic, partition, node, nodes, nodes)
            for topic, count in self._group["topics"].items()
            for partition in range(count)
        ]
        nobody = self._java.Collections.emptySet()
        return self._common.Cluster("cluster", [node], partitions, nobody, nobody)

    def forget(self, member: str) -> None:
        """A member that is gone takes what it knew with it."""
        self._assignors.pop(member, None)
        self._owned.pop(member, None)

    def rebalance(self, members: list[str]) -> list[str]:
        """The generations that a change of members takes: one, or more where what moves is first given up."""
        found = []
        while True:
            has_revoked = self._round(members)
            found.append(self._describe(members))
            if not (self._is_cooperative and has_revoked):
                return found

    def _round(self, members: list[str]) -> bool:
        subscriptions = self._java.HashMap()
        for member in members:
            subscriptions.put(member, self._subscription(member))
        leader = self._assignors[members[0]]
        answer = leader.assign(self._cluster, self._consumer.ConsumerPartitionAssignor.GroupSubscription(subscriptions))
        self._generation += 1
        has_revoked = False
        for member in members:
            assignment = answer.groupAssignment().get(member)
            metadata = self._consumer.ConsumerGroupMetadata(
                "group", self._generation, member, self._java.Optional.empty()
            )
            self._assignors[member].onAssignment(assignment, metadata)
            now = {(str(each.topic()), int(each.partition())) for each in assignment.partitions()}
            has_revoked |= not self._owned.get(member, set()) <= now
            self._owned[member] = now
        return has_revoked

    def _subscription(self, member: str):
        assignor = self._assignors.setdefault(member, self._type())
        topics = self._group.get("subscriptions", {}).get(member, sorted(self._group["topics"]))
        data = assignor.subscriptionUserData(self._java.HashSet(topics))
        # Before an eager rebalance a consumer gives up what it owned; only the assignor's own data remembers it.
        owned = sorted(self._owned.get(member, ())) if self._is_cooperative else []
        partitions = self._java.ArrayList([self._common.TopicPartition(topic, partition) for topic, partition in owned])
        generation = self._generation if member in self._owned else -1
        subscription = self._consumer.ConsumerPartitionAssignor.Subscription(
            self._java.ArrayList(topics), data, partitions, generation, self._java.Optional.empty()
        )
        instance = self._group.get("instances", {}).get(member)
        if instance is not None:
            subscription.setGroupInstanceId(self._java.Optional.of(instance))
        return subscription

    def _describe(self, members: list[str]) -> str:
        owners = {each: str(place) for place, member in enumerate(members) for each in self._owned[member]}
        return " ".join(
            "".join(owners.get((topic, partition), ".") for partition in range(count))
            for topic, count in sorted(self._group["topics"].items())
        )
