"""Apache Kafka's own classes, driven in this process through JPype."""

import sys

import jpype

from tests.conformance import jars


def start() -> None:
    """Start the Java machine with Kafka's jars, once a process; exits with a sentence where there is none."""
    if jpype.isJVMStarted():
        return
    try:
        jpype.startJVM("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", classpath=[jars.class_path()])
    except jpype.JVMNotFoundException:
        sys.exit(jars.NEEDS)
