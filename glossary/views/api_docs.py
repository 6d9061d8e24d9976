"""The API for people to read, a page made of its OpenAPI document, and that document for programs."""

from dataclasses import dataclass

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render

from ..api.document import DESCRIPTIONS
from ..api.urls import api
from ..domain.vocabulary import SCOPES
from ..pages import reading_page
from .exporting import open_to_every_origin

# What settings.API_LIMITS limits, in words.
LIMITED = {"reads": "reading", "checks": "checking a document", "writes": "writing"}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    subject: str
    description: str
    # The scopes that its token needs, none where it needs no token.
    scopes: list[str]
    # The key of the limit that it counts to.
    limit: str
    statuses: list[str]
    parameters: list[dict]
    body: list[dict]
    answer: list[dict]


@reading_page()
def page(request):
    """Every operation with what it takes and gives, subject by subject."""
    document = api.get_openapi_schema()
    operations: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            operation = operation_of(document, path, method, said)
            operations.setdefault(operation.subject, []).append(operation)
    shapes = {name: fields_of(document, schema) for name, schema in sorted(document["components"]["schemas"].items())}
    context = {
        "info": document["info"],
        "subjects": operations,
        "shapes": shapes,
        "statuses": DESCRIPTIONS,
        "scopes": SCOPES,
        "limits": {LIMITED[kind]: most for kind, most in settings.API_LIMITS.items()},
    }
    return render(request, "glossary/api_docs.html", context)


@open_to_every_origin
@reading_page()
def document(request):
    return JsonResponse(api.get_openapi_schema(), json_dumps_params={"ensure_ascii": False})


def operation_of(document: dict, path: str, method: str, said: dict) -> Operation:
    parameters = [
        {
            "name": each["name"],
            "in": each["in"],
            "type": type_of(each["schema"]),
            "required": each.get("required"),
            "description": each.get("description", ""),
        }
        for each in said["parameters"]
        if each["in"] != "header"
    ]
    sent = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    given = said["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        method.upper(),
        path,
        said["tags"][0],
        said["description"],
        [scope for needed in said["security"] for scope in needed.get("token", [])]
        if {} not in said["security"]
        else [],
        said["x-limit"],
        list(said["responses"]),
        parameters,
        fields_of(document, sent),
        fields_of(document, given),
    )


def fields_of(document: dict, schema: dict) -> list[dict]:
    """The fields of an object as {name, type}."""
    found = document["components"]["schemas"].get(named(schema), schema)
    return [{"name": name, "type": type_of(field)} for name, field in found.get("properties", {}).items()]


def named(schema: dict) -> str:
    return schema.get("$ref", "").rpartition("/")[2]


def type_of(schema: dict) -> str:
    """A type in words: "list of Alias", "Reference or null", "string (date)"."""
    if "anyOf" in schema:
        return " or ".join(type_of(each) for each in schema["anyOf"])
    if "$ref" in schema:
        return named(schema)
    if "enum" in schema:
        return " or ".join(f"“{word}”" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    kind = schema.get("type", "anything")
    return f"{kind} ({schema['format']})" if "format" in schema else kind
