"""One shape for whatever goes wrong: {"error": a sentence, "problems": [{"path", "message"}]}."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from ..domain.problems import Invalid
from ..domain.readable import TooLarge, Unreadable
from ..domain.workflow import NotPossible
from ..permissions import SignInNeeded
from ..services.proposing import Conflicting
from .limits import SECONDS

SENTENCES = {
    400: "The request cannot be read.",
    401: "An access token is needed.",
    403: "This is not yours to do.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
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
    for name in ("Allow", "WWW-Authenticate", "Access-Control-Allow-Origin"):
        if name in response:
            shaped[name] = response[name]
    return shaped


def not_found(request, exception: Http404) -> HttpResponse:
    return error(404, f"There is nothing at {request.path}.")


def not_valid(request, exception: ValidationError) -> HttpResponse:
    """422, with the place of each problem: query/limit, body/text."""
    problems = [
        {
            "path": "/".join(str(part) for part in each["loc"] if part != "payload"),
            "message": each["msg"].removeprefix("Value error, "),
        }
        for each in exception.errors
    ]
    named = "; ".join(f"{each['path']}: {each['message']}" for each in problems)
    return error(422, f"This cannot be taken. {named}.", problems)


def refused(request, exception: HttpError) -> HttpResponse:
    # Ninja says 400 of all that goes wrong with a body; what went wrong is its cause.
    told = exception.__cause__ if isinstance(exception.__cause__, HttpError) else exception
    return error(told.status_code, str(told))


def unknown(request, exception: Exception) -> HttpResponse:
    sentence = "Send an access token that is valid, as `Authorization: Bearer …`; make one at /accounts/tokens/."
    response = error(401, sentence)
    response["WWW-Authenticate"] = "Bearer"
    return response


def closed(request, exception: PermissionDenied) -> HttpResponse:
    return unknown(request, exception) if isinstance(exception, SignInNeeded) else error(403, str(exception))


def invalid(request, exception: Invalid) -> HttpResponse:
    problems = [{"path": path, "message": message} for path, message in exception.problems]
    return error(422, "This cannot be taken; see the problems.", problems)


def unreadable(request, exception: Unreadable) -> HttpResponse:
    if isinstance(exception, TooLarge):
        return error(413, str(exception))
    return error(422, str(exception), [{"path": "text", "message": str(exception)}])


def conflicting(request, exception: Conflicting) -> HttpResponse:
    """409, with both texts of each place that somebody else changed too."""
    told = f"was changed by somebody else too; start again from revision {exception.number}"
    problems = [
        {"path": each.path, "message": told, "mine": each.mine, "theirs": each.theirs} for each in exception.conflicts
    ]
    return error(409, f"{exception}.", problems)


def not_possible(request, exception: NotPossible) -> HttpResponse:
    return error(409, str(exception))


def too_many(request, exception: Throttled | None = None) -> HttpResponse:
    usage = request.usage
    told = f"These are too many requests: {usage.most} in {SECONDS} seconds are taken for {usage.kind}."
    response = error(429, f"{told} Ask again in {usage.seconds} seconds.")
    response["Retry-After"] = str(usage.seconds)
    return response


def moved(request, exception: Moved) -> HttpResponse:
    # A slug that is given back to its term must not be stuck in programs.
    return HttpResponsePermanentRedirect(str(exception), headers={"Cache-Control": "no-cache"})


def handle_errors(api: NinjaAPI) -> None:
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(ValidationError, not_valid)
    api.add_exception_handler(AuthenticationError, unknown)
    api.add_exception_handler(HttpError, refused)
    api.add_exception_handler(PermissionDenied, closed)
    api.add_exception_handler(Invalid, invalid)
    api.add_exception_handler(Unreadable, unreadable)
    api.add_exception_handler(Conflicting, conflicting)
    api.add_exception_handler(NotPossible, not_possible)
    api.add_exception_handler(Throttled, too_many)
    api.add_exception_handler(Moved, moved)
