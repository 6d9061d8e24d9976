"""A real broker: one KRaft node on ports of its own, in a temporary folder, for as long as a `with` lasts."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.conformance import jars

SECONDS_TO_START = 60
# Background work that a broker does every few minutes is due at once.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT,DETOUR:PLAINTEXT",
    "inter.broker.listener.name": "CLIENT",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.num.partitions": 1,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": 200,
    "log.retention.check.interval.ms": 200,
    "log.initial.task.delay.ms": 100,
    "log.cleaner.backoff.ms": 200,
    "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    "log.index.size.max.bytes": 65536,
    "log.segment.delete.delay.ms": 0,
}


class Broker(NamedTuple):
    """`address` for clients, `data` the folder of its partitions.

    Clients that are to go by a detour begin at `way`, a port on which nobody listens yet; it leads on to `detour`.
    """

    address: str
    data: Path
    detour: str
    way: int


@contextmanager
def broker():
    """A running broker, which has answered; ends it and removes its folder."""
    java = shutil.which("java")
    if java is None:
        sys.exit(jars.NEEDS)
    client, controller, detour, way = free_ports(4)
    folder = Path(tempfile.mkdtemp(prefix="glossary-kafka-"))
    data = folder / "data"
    settings = SETTINGS | {
        "log.dirs": data,
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
        "listeners": ",".join(
            f"{name}://127.0.0.1:{port}"
            for name, port in (("CLIENT", client), ("CONTROLLER", controller), ("DETOUR", detour))
        ),
        "advertised.listeners": f"CLIENT://127.0.0.1:{client},DETOUR://127.0.0.1:{way}",
    }
    properties = folder / "server.properties"
    properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    machine = [java, "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jars.class_path()]
    process = None
    try:
        identity = ["--cluster-id", "AAAAAAAAQACAAAAAAAAAAA", "--standalone", "--config", properties]
        formatting = [*machine, "kafka.tools.StorageTool", "format", *identity]
        subprocess.run(formatting, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [*machine, "kafka.Kafka", properties],
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started = Broker(f"127.0.0.1:{client}", data, f"127.0.0.1:{detour}", way)
        _wait_until_it_answers(started, process, folder / "output")
        yield started
    finally:
        if process is not None:
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _wait_until_it_answers(started: Broker, process: subprocess.Popen, output: Path) -> None:
    admin = AdminClient({"bootstrap.servers": started.address, "log_level": 0})
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"The broker ended: {output.read_text()[-2000:]}")
        try:
            if admin.list_topics(timeout=1).brokers:
                return
        except KafkaException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _end(process: subprocess.Popen) -> None:
    """What is in its folder is not needed again, so it need not tidy up."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
