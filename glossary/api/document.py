"""The OpenAPI document: what ninja knows of an operation, and what follows from how it is reached.

An operation declares what it answers with where it does its work. What it has in common with its like is added here:
that an address may lead nowhere, a body may be unreadable, a token may be missing, nothing may have changed.
"""

from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation

from .limits import SECONDS
from .scopes import Scope

DESCRIPTIONS = {
    204: "It is done.",
    301: "It is at another address now, which `Location` gives: the slug was changed, or the term was merged.",
    304: "It is what `If-None-Match` names already.",
    400: "The body is no JSON.",
    401: "A valid access token is needed.",
    403: "The token has not the scope, or its owner may not do this.",
    404: "There is nothing at this address.",
    409: "It is not as the request supposes; where others changed the same places, the problems hold both texts.",
    411: "The body does not say how long it is: `Content-Length` is missing.",
    413: "The body is too large, or the document in it.",
    415: "The body is not said to be JSON.",
    422: "It cannot be taken; the problems say where and why.",
    429: "These are too many requests in a minute; `Retry-After` says when to ask again.",
}
ERROR = {
    "type": "object",
    "title": "Error",
    "description": "Whatever goes wrong: a sentence, and where fields are at fault a problem for each.",
    "required": ["error", "problems"],
    "additionalProperties": False,
    "properties": {
        "error": {"type": "string", "minLength": 1},
        "problems": {"type": "array", "items": {"$ref": REF_TEMPLATE.format(model="Problem")}},
    },
    "example": {
        "error": "This cannot be taken. query/limit: Input should be less than or equal to 100.",
        "problems": [{"path": "query/limit", "message": "Input should be less than or equal to 100"}],
    },
}
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong at a path. Where others changed it too, `mine` and `theirs` are both texts.",
    "required": ["path", "message"],
    "additionalProperties": False,
    "properties": {"path": {"type": "string"}, "message": {"type": "string"}, "mine": {}, "theirs": {}},
}
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "ec_…",
    "description": "An access token, made at /accounts/tokens/; the scopes that it needs are named at each operation.",
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The ETag of an answer that you have: it is not sent again while it is the same.",
    "required": False,
    "schema": {"type": "string"},
}
ETAG = {"ETag": {"description": "Changes whenever the answer does.", "required": True, "schema": {"type": "string"}}}
RETRY_AFTER = {
    "Retry-After": {
        "description": "In how many seconds to ask again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": SECONDS},
    }
}
LOCATION = {"Location": {"description": "Where it is.", "required": True, "schema": {"type": "string"}}}


class Document(OpenAPISchema):
    """The document of an API, as a dict."""

    def operation_details(self, operation: Operation) -> dict:
        details = super().operation_details(operation)
        details["summary"] = details["description"].partition(".")[0]
        responses = details["responses"]
        details["x-limit"] = operation.throttle_objects[0].kind_of(operation.methods[0])
        reads = operation.methods == ["GET"]
        for status in statuses(operation, details):
            responses[status] = answer_of(status)
        if reads:
            details["parameters"].append(IF_NONE_MATCH)
            responses[200]["headers"] = responses[304]["headers"] = ETAG
        details["responses"] = {str(status): responses[status] for status in sorted(responses)}
        return details

    def operation_security(self, operation: Operation) -> list[dict]:
        scopes = [each.name for each in operation.auth_callbacks if isinstance(each, Scope)]
        # Where none is needed, a token still opens a private site.
        return [{"token": scopes}] if scopes else [{}, {"token": ["read"]}]

    def get_components(self) -> dict:
        self.schemas |= {"Error": ERROR, "Problem": PROBLEM}
        return {"schemas": dict(sorted(self.schemas.items())), "securitySchemes": {"token": TOKEN}}


def statuses(operation: Operation, details: dict) -> set[int]:
    """What an operation may answer beside what it gives."""
    found = {401, 429, *(status for status, model in operation.response_models.items() if model is None)}
    if operation.auth_callbacks:
        found |= {403}
    if operation.methods == ["GET"]:
        found |= {304}
    if any(each["in"] == "path" for each in details["parameters"]):
        found |= {404}
    if details["parameters"]:
        found |= {422}
    if "requestBody" in details:
        found |= {400, 411, 413, 415, 422}
    return found


def answer_of(status: int) -> dict:
    answer = {"description": DESCRIPTIONS[status]}
    if status >= 400:
        answer["content"] = {"application/json": {"schema": {"$ref": REF_TEMPLATE.format(model="Error")}}}
    if status == 429:
        answer["headers"] = RETRY_AFTER
    if status == 301:
        answer["headers"] = LOCATION
    return answer


class Api(NinjaAPI):
    """An API whose document is the whole truth, with the names of its functions as the ids of its operations."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict | None = None) -> Document:
        return Document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__
