"""Reads a glossary CSV as OpenMetadata does, with its models and its grammar of names; runs where they are installed.

Arguments: the CSV and the name of the glossary. Prints JSON: `refused` has [name, why] of each row that is not taken,
`terms` what is sent to a server for each of the others, `relations` [name, relation, other name].
Cells are read by place, as the server reads them; only a term of a row above is known.
"""

import csv
import io
import json
import sys
import uuid
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

# The package's own start imports its profiler, and with it every database; a model imports pydantic alone.
package = ModuleType("metadata")
package.__path__ = [str(Path(find_spec("pydantic").origin).parents[1] / "metadata")]
sys.modules["metadata"] = package

from antlr4.CommonTokenStream import CommonTokenStream  # noqa: E402
from antlr4.error.Errors import ParseCancellationException  # noqa: E402
from antlr4.error.ErrorStrategy import BailErrorStrategy  # noqa: E402
from antlr4.InputStream import InputStream  # noqa: E402
from antlr4.tree.Tree import ParseTreeWalker  # noqa: E402
from metadata.antlr.split_listener import FqnSplitListener  # noqa: E402
from metadata.generated.antlr.FqnLexer import FqnLexer  # noqa: E402
from metadata.generated.antlr.FqnParser import FqnParser  # noqa: E402
from metadata.generated.schema.api.data.createGlossaryTerm import CreateGlossaryTermRequest  # noqa: E402
from metadata.generated.schema.entity.data.glossaryTerm import TermReference  # noqa: E402
from metadata.generated.schema.type.entityReference import EntityReference  # noqa: E402
from metadata.generated.schema.type.status import EntityStatus  # noqa: E402
from metadata.generated.schema.type.termRelation import TermRelation  # noqa: E402

# The server has these in its documentation of the table and in its database; the package has neither.
HEADER = [
    *("parent", "name*", "displayName", "description", "synonyms", "relatedTerms", "references", "tags"),
    *("reviewers", "owner", "glossaryStatus", "color", "iconURL", "domains", "extension"),
]
RELATION_TYPES = {"relatedTo", "synonym", "broader", "narrower", "antonym", "partOf", "hasPart"}


def items(cell: str) -> list[str]:
    return next(csv.reader(io.StringIO(cell, newline=""), delimiter=";", strict=True)) if cell else []


def parts(name: str) -> list[str]:
    """The parts of a fully qualified name."""
    parser = FqnParser(CommonTokenStream(FqnLexer(InputStream(name))))
    parser._errHandler = BailErrorStrategy()
    listener = FqnSplitListener()
    ParseTreeWalker().walk(listener, parser.fqn())
    return [part.strip('"') for part in listener.split()]


def relation(item: str, known: set[tuple[str, ...]]) -> TermRelation:
    kind, _, name = item.partition(":")
    if kind not in RELATION_TYPES:
        raise ValueError(f"{kind} is no type of relation")
    if tuple(parts(name)) not in known:
        raise ValueError(f"there is no {name} yet")
    other = EntityReference(id=uuid.uuid4(), type="glossaryTerm", fullyQualifiedName=name)
    return TermRelation(relationType=kind, term=other)


def extension(cell: str) -> dict[str, str]:
    values = {}
    for item in items(cell):
        name, _, value = item.partition(":")
        if not name or not value:
            raise ValueError(f"a custom property has no name or no value: {item}")
        values[name] = value
    return values


def term(cells: list[str], glossary: str) -> CreateGlossaryTermRequest:
    EntityStatus(cells[10])
    named = items(cells[6])
    return CreateGlossaryTermRequest(
        glossary=glossary,
        parent=cells[0] or None,
        name=cells[1],
        displayName=cells[2],
        description=cells[3],
        synonyms=items(cells[4]),
        references=[TermReference(name=name, endpoint=url) for name, url in zip(named[::2], named[1::2], strict=True)],
        extension=extension(cells[14]),
    )


def read(path: str, glossary: str) -> dict:
    found = {"refused": [], "terms": {}, "relations": []}
    known: set[tuple[str, ...]] = set()
    with open(path, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    if header != HEADER:
        return found | {"refused": [["", "the header is another"]]}
    for cells in rows:
        name = cells[1]
        try:
            request = term(cells, glossary)
            related = [relation(item, known) for item in cells[5].split(";") if item]
        except (ValueError, ParseCancellationException) as error:
            found["refused"].append([name, str(error)])
            continue
        known.add((glossary, name))
        found["terms"][name] = request.model_dump(mode="json", exclude_none=True)
        found["relations"] += [[name, each.relationType, parts(each.term.fullyQualifiedName)[-1]] for each in related]
    return found


print(json.dumps(read(*sys.argv[1:])))
