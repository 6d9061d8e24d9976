#!/usr/bin/env python3
"""Check documents against a glossary server: python3 check_docs.py --server https://glossary.example PATHS…

One file, Python 3.9 or later, nothing to install. Ends with 0 if all is well, with 1 if there is something of the level
of --fail-on or above, and with 2 if a document could not be checked. Answers are kept; while the server cannot be
reached, a document that has not changed since is told of from what was kept.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

LEVELS = ("info", "warning", "error")
FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".rst": "rst",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".txt": "text",
}
GITHUB = {"info": "notice", "warning": "warning", "error": "error"}


class Trouble(Exception):
    """Why a document could not be checked, as a sentence."""


class Unreachable(Trouble):
    """The server does not answer; what was kept may."""


def main(arguments=None):
    options = parser().parse_args(arguments)
    if not options.server.startswith(("http://", "https://")):
        print("Name the server: --server https://glossary.example, or GLOSSARY_SERVER.", file=sys.stderr)
        return 2
    found, failed = [], False
    for path in files(options.paths):
        try:
            found += [{"path": path.as_posix(), **hit} for hit in hits_of(path, options)]
        except Trouble as trouble:
            print(trouble, file=sys.stderr)
            failed = True
    least = "info" if options.all or options.fail_on == "info" else "warning"
    told = [hit for hit in found if at_least(hit["level"], least)]
    sys.stdout.write(WRITERS[options.format](told, options.server))
    if failed:
        return 2
    return int(any(at_least(hit["level"], options.fail_on) for hit in found))


def parser():
    arguments = argparse.ArgumentParser(description="Check documents against a glossary server.")
    arguments.add_argument("paths", nargs="+", type=Path, help="files, or folders of .md, .rst, .adoc and .txt files")
    arguments.add_argument("--server", default=os.environ.get("GLOSSARY_SERVER", ""), type=lambda url: url.rstrip("/"))
    arguments.add_argument("--format", choices=sorted(WRITERS), default="text")
    arguments.add_argument("--fail-on", choices=LEVELS, default="warning")
    arguments.add_argument("--all", action="store_true", help="tell of terms that are used well, too")
    arguments.add_argument("--timeout", type=float, default=20, help="seconds to wait for the server")
    arguments.add_argument("--cache", type=Path, default=Path(".glossary-cache"), help="folder of kept answers")
    return arguments


def files(paths):
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.suffix.lower() in FORMATS and each.is_file())
        else:
            yield path


def hits_of(path, options):
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Trouble(f"{path} is not UTF-8; save it as UTF-8, or leave it out.") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from None
    asked = {"text": text.replace("\r\n", "\n"), "format": FORMATS.get(path.suffix.lower(), "text")}
    body = json.dumps(asked).encode()
    kept = options.cache / f"{hashlib.sha256(options.server.encode() + body).hexdigest()}.json"
    try:
        answer = ask(options.server, body, options.timeout)
    except Unreachable as trouble:
        try:
            answer = json.loads(kept.read_bytes())
        except (OSError, ValueError):
            raise Trouble(f"{path} was not checked: {trouble}") from None
        print(f"{path}: told from an earlier answer. {trouble}", file=sys.stderr)
    except Trouble as trouble:
        raise Trouble(f"{path} was not checked: {trouble}") from None
    else:
        keep(kept, answer)
    if answer.get("is_cut"):
        print(f"{path} has more hits than the server answers at once; the first are told.", file=sys.stderr)
    return answer["hits"]


def ask(server, body, timeout):
    request = urllib.request.Request(f"{server}/api/v1/check", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        kind = Unreachable if error.code >= 500 else Trouble
        raise kind(f"{server} answered {error.code} {error.reason}.") from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{server} cannot be reached: {getattr(error, 'reason', error)}.") from None
    except ValueError:
        raise Trouble(f"{server} did not answer in JSON; is this the address of a glossary?") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("hits"), list):
        raise Trouble(f"{server} did not answer with hits; is this the address of a glossary?")
    return answer


def keep(path, answer):
    """Write an answer whole or not at all; a folder that cannot be written to spoils no check."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(answer, file)
        os.replace(file.name, path)
    except OSError as error:
        print(f"The answer was not kept: {error.strerror}.", file=sys.stderr)


def at_least(level, least):
    return LEVELS.index(level) >= LEVELS.index(least)


def explained(hit, server):
    return f"{hit['message']} {server}/terms/{hit['term']['slug']}/"


def as_text(found, server):
    return "".join(f"{h['path']}:{h['line']}:{h['column']}: {h['level']}: {explained(h, server)}\n" for h in found)


def as_json(found, server):
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_github(found, server):
    """Workflow commands, which GitHub shows beside the lines of a change."""

    def escaped(text):
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    return "".join(
        f"::{GITHUB[hit['level']]} file={escaped(hit['path']).replace(':', '%3A').replace(',', '%2C')},"
        f"line={hit['line']},col={hit['column']},endLine={hit['end_line']},endColumn={hit['end_column']}"
        f"::{escaped(explained(hit, server))}\n"
        for hit in found
    )


WRITERS = {"text": as_text, "json": as_json, "github": as_github}

if __name__ == "__main__":
    sys.exit(main())
