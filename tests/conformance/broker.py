"""What a real broker and a real client do with the dictionary's sample logs, end to end.

The client is librdkafka. Where times matter, records keep their own, moved on together so that the last was an hour
ago; every time in the vectors is as in the sample log.
"""

from contextlib import closing

import confluent_kafka

from tests.conformance import broker_logs, broker_producers, server
from tests.conformance.client import Client, sample_log, sample_names


def record(names: tuple[str, ...] | None = None) -> dict:
    """All cases, or those of the sample logs that are named; `logs` are `[time, key, 1 or null]` of each record."""
    names = sorted(names or sample_names())
    with server.broker() as broker, closing(Client(broker)) as client:
        return {
            "client": f"librdkafka {confluent_kafka.libversion()[0]}",
            "settings": server.SETTINGS,
            "logs": [{"log": name, "records": [row(each) for each in sample_log(name)]} for name in names],
            "partitioning": broker_logs.place(client, names),
            "compaction": broker_logs.compact(client, names),
            "retention": broker_logs.retain(client, names),
            "transactions": broker_producers.transact(client, names),
            "idempotent_producer": broker_producers.repeat(client, names),
        }


def row(record: dict) -> list:
    return [record["time"], record["key"], None if record.get("value") is None else 1]
