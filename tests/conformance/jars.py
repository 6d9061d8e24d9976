"""Apache Kafka's jars, obtained by Maven and kept in .local."""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
NEEDS = "Maven (mvn) and Java 17 or newer are needed (Debian: apt-get install default-jre-headless maven)."
LOCAL = HERE.parent.parent / ".local"


def version() -> str:
    """The version of Kafka that pom.xml names."""
    return ElementTree.parse(POM).findtext(".//{*}kafka.version")  # noqa: S314 (a file of ours)


def class_path() -> str:
    """The jars of pom.xml, copied where they are missing; exits with a sentence where that fails."""
    jars = LOCAL / f"kafka-{version()}-{sha256(POM.read_bytes()).hexdigest()[:8]}"
    if not jars.is_dir():
        _copy_jars(jars)
    return f"{jars}/*"


def _copy_jars(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        sys.exit(NEEDS)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    if subprocess.run([maven, "--quiet", "--batch-mode", "-Dstyle.color=never", "--file", POM, *goal]).returncode != 0:
        shutil.rmtree(jars, ignore_errors=True)
        sys.exit("Maven could not copy Kafka's jars.")
