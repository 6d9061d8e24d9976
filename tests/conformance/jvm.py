"""Apache Kafka's own classes, obtained by Maven and driven in this process through JPype."""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import jpype

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
NEEDS = "Maven (mvn) and Java 17 or newer are needed to record the vectors again."
LOCAL = HERE.parent.parent / ".local"


def version() -> str:
    """The version of Kafka that pom.xml names."""
    return ElementTree.parse(POM).findtext(".//{*}kafka.version")  # noqa: S314 (a file of ours)


def start() -> None:
    """Copy the jars of pom.xml where they are missing, start the Java machine; exits with a sentence where none is."""
    jars = LOCAL / f"kafka-{version()}-{sha256(POM.read_bytes()).hexdigest()[:8]}"
    if not jars.is_dir():
        _copy_jars(jars)
    try:
        jpype.startJVM("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", classpath=[f"{jars}/*"])
    except jpype.JVMNotFoundException:
        sys.exit(NEEDS)


def _copy_jars(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        sys.exit(NEEDS)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    if subprocess.run([maven, "--quiet", "--batch-mode", "-Dstyle.color=never", "--file", POM, *goal]).returncode != 0:
        shutil.rmtree(jars, ignore_errors=True)
        sys.exit("Maven could not copy Kafka's jars.")
