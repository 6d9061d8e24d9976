#!/usr/bin/env python3
"""Check documents against a glossary server: python3 check_docs.py --server https://glossary.example PATHS…

One file, Python 3.9 or later, nothing to install. Ends with 0 if all is well, with 1 if there is something of the level
of --fail-on or above, and with 2 if a document could not be checked, or not to its end. Answers are kept; while the
server cannot be reached, a document that has not changed since is told of from what was kept.

With --register ADDRESS the documents are registered too: a path is sought below that address. The access token, of the
scope `documents`, is in GLOSSARY_TOKEN. What cannot be registered ends with 2.
"""

import argparse
import hashlib
import json
import os
import stat
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path

# What a server reads at most, in bytes of UTF-8.
LARGEST = 3_000_000
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
# A server that has enough for this minute says when to ask again; it is asked so often, and waited for so long.
PATIENCE, LONGEST_PAUSE = 5, 120
GITHUB = {"info": "notice", "warning": "warning", "error": "error"}


class Trouble(Exception):
    """Why a document could not be checked, as a sentence."""


class Unreachable(Trouble):
    """The server does not answer; what was kept may."""


class NoDetour(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for an error: followed, it would carry the token elsewhere, and ask instead of send."""

    def redirect_request(self, *arguments):
        return None


OPENER = urllib.request.build_opener(NoDetour)


def main(arguments=None):
    options = parser().parse_args(arguments)
    if not options.server.startswith(("http://", "https://")):
        print("Name the server: --server https://glossary.example, or GLOSSARY_SERVER.", file=sys.stderr)
        return 2
    options.token = os.environ.get("GLOSSARY_TOKEN", "")
    registers = options.register or options.repository or options.team
    if registers and not (options.register.startswith(("http://", "https://")) and options.token):
        print(
            "To register, say below which address the paths are, --register https://git.example/docs/, and have a token"
            " with the scope `documents` in GLOSSARY_TOKEN.",
            file=sys.stderr,
        )
        return 2
    least = "info" if options.all or options.fail_on == "info" else "warning"
    told, failed = [], False
    for path in files(options.paths):
        try:
            asked = read(path)
            hits, is_whole = hits_of(path, asked, options)
            told += [{"path": path.as_posix(), **hit} for hit in hits if at_least(hit["level"], least)]
            failed = failed or not is_whole
            if options.register:
                register(path, asked, options)
        except Trouble as trouble:
            print(trouble, file=sys.stderr)
            failed = True
    # A name of a file may be no text; whatever reads the output gets text all the same.
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(WRITERS[options.format](told, options.server))
    if failed:
        return 2
    return int(any(at_least(hit["level"], options.fail_on) for hit in told))


def parser():
    arguments = argparse.ArgumentParser(description="Check documents against a glossary server.")
    arguments.add_argument("paths", nargs="+", type=Path, help="files, or folders of .md, .rst, .adoc and .txt files")
    arguments.add_argument("--server", default=os.environ.get("GLOSSARY_SERVER", ""), type=lambda url: url.rstrip("/"))
    arguments.add_argument("--format", choices=sorted(WRITERS), default="text")
    arguments.add_argument("--fail-on", choices=LEVELS, default="warning")
    arguments.add_argument("--all", action="store_true", help="tell of terms that are used well, too")
    arguments.add_argument("--timeout", type=float, default=20, help="seconds to wait for the server")
    arguments.add_argument("--cache", type=Path, default=Path(".glossary-cache"), help="folder of kept answers")
    arguments.add_argument("--register", default="", metavar="ADDRESS", help="where the paths are, for their readers")
    arguments.add_argument("--repository", default="", help="of the documents that are registered")
    arguments.add_argument("--team", default="", help="whose they are")
    return arguments


def files(paths):
    for path in paths:
        if os.path.isdir(path):
            yield from documents_below(path)
        else:
            yield path


def documents_below(folder):
    """What documents are written in, and folders that cannot be looked into, in order."""
    found, closed = [], []
    for at, _, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        found += (Path(at, name) for name in names if Path(name).suffix.lower() in FORMATS)
    return sorted([*filter(os.path.isfile, found), *closed])


def read(path):
    """What the server is asked about a document. No more is read than it may have, whatever its size is said to be."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Trouble(f"{path} is no file that can be read as a document; leave it out.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8-sig") if len(data) <= LARGEST else ""
    except UnicodeDecodeError:
        raise Trouble(f"{path} is not UTF-8; save it as UTF-8, or leave it out.") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > LARGEST:
        most = LARGEST // 1_000_000
        raise Trouble(f"{path} has more than {most} MB, which is the most; divide it, or leave it out.")
    if "\0" in text:
        raise Trouble(f"{path} is no text, as it has zero bytes in it; save it as UTF-8, or leave it out.")
    return {"text": text.replace("\r\n", "\n"), "format": FORMATS.get(path.suffix.lower(), "text")}


def hits_of(path, asked, options):
    body = json.dumps(asked).encode()
    kept = options.cache / f"{hashlib.sha256(options.server.encode() + body).hexdigest()}.json"
    try:
        answer = ask(options, "check", body)
        if not isinstance(answer.get("hits"), list):
            raise Trouble(f"{options.server} did not answer with hits; is this the address of a glossary?")
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
        print(f"{path} has more hits than the server answers at once; the first are told. Divide it.", file=sys.stderr)
    return answer["hits"], not answer.get("is_cut")


def register(path, asked, options):
    """Register a document under the address at which its path is found."""
    place = Path(os.path.relpath(path)).as_posix()
    if place.startswith("../"):
        raise Trouble(f"{path} was not registered: it is not below the folder in which this runs.")
    said = {"address": f"{options.register.rstrip('/')}/{urllib.parse.quote(os.fsencode(place))}"}
    said.update(asked, repository=options.repository, team=options.team)
    try:
        ask(options, "documents", json.dumps(said).encode(), token=options.token)
    except Trouble as trouble:
        raise Trouble(f"{path} was not registered: {trouble}") from None


def ask(options, what, body, token="", patience=PATIENCE):
    server, headers = options.server, {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{server}/api/v1/{what}", body, headers)
    try:
        with OPENER.open(request, timeout=options.timeout) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        pause = error.headers.get("Retry-After") or ""
        if error.code == 429 and patience and pause.isdigit() and int(pause) <= LONGEST_PAUSE:
            time.sleep(int(pause))
            return ask(options, what, body, token, patience - 1)
        kind = Unreachable if error.code >= 500 else Trouble
        raise kind(f"{server} answered {error.code} {error.reason}. {sentence_in(error)}".strip()) from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{server} cannot be reached: {getattr(error, 'reason', error)}.") from None
    except ValueError:
        raise Trouble(f"{server} did not answer in JSON; is this the address of a glossary?") from None
    if not isinstance(answer, dict):
        raise Trouble(f"{server} did not answer as a glossary does; is this the address of one?")
    return answer


def sentence_in(error):
    """What a glossary says of an error, and of its places."""
    if "Location" in error.headers:
        return f"Name the server by the address to which it leads: {error.headers['Location']}."
    try:
        said = json.load(error)
        return " ".join([said["error"], *(f"{each['path']}: {each['message']}" for each in said["problems"])])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return ""


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
