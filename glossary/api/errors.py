"""One shape for whatever goes wrong: {"error": a sentence, "problems": [{"path", "message"}]}."""

from http import HTTPStatus

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

SENTENCES = {
    400: "The request cannot be read.",
    401: "An access token is needed.",
    403: "This is not yours to do.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "What was sent is too large.",
    429: "Too many requests: wait a little.",
    500: "Something went wrong here; it is noted.",
}


class Moved(Exception):
    """What is asked for is at another address, which is what this says."""


def error(status: int, sentence: str = "", problems: list[dict] = ()) -> JsonResponse:
    sentence = sentence or SENTENCES.get(status, HTTPStatus(status).phrase)
    return JsonResponse({"error": sentence, "problems": list(problems)}, status=status)


def in_shape(response: HttpResponse) -> HttpResponse:
    """The same answer, or where it is an error in another shape, the same error in ours."""
    if response.status_code < 400 or response.headers.get("Content-Type") == "application/json":
        return response
    shaped = error(response.status_code)
    for name in ("Allow", "WWW-Authenticate", "Retry-After", "Access-Control-Allow-Origin"):
        if name in response:
            shaped[name] = response[name]
    return shaped


def not_found(request, exception: Http404) -> HttpResponse:
    return error(404, f"There is nothing at {request.path}.")


def not_valid(request, exception: ValidationError) -> HttpResponse:
    """422, with the place of each problem: query/limit, body/text."""
    problems = [
        {"path": "/".join(str(part) for part in each["loc"] if part != "payload"), "message": each["msg"]}
        for each in exception.errors
    ]
    named = "; ".join(f"{each['path']}: {each['message']}" for each in problems)
    return error(422, f"This cannot be taken. {named}.", problems)


def refused(request, exception: HttpError) -> HttpResponse:
    return error(exception.status_code, str(exception))


def moved(request, exception: Moved) -> HttpResponse:
    # A slug that is given back to its term must not be stuck in programs.
    return HttpResponsePermanentRedirect(str(exception), headers={"Cache-Control": "no-cache"})


def handle_errors(api: NinjaAPI) -> None:
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(ValidationError, not_valid)
    api.add_exception_handler(HttpError, refused)
    api.add_exception_handler(Moved, moved)
