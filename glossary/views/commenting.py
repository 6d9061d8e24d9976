"""What the forms of a discussion post, for pages of terms and of proposals alike."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from ..domain.problems import Invalid
from ..models import Comment, Proposal, Term
from ..services import discussing

SETTLING = {"resolve": discussing.resolve, "reopen": discussing.reopen}


class Typed(dict):
    """A comment that was refused, for the page that shows it again: {text, problems, parent, field}."""


def discuss(request, on: Term | Proposal, back: str) -> HttpResponse | Typed:
    """Do what was posted: deed=comment (text, parent?, field?), resolve or reopen (comment).

    Leads back to the comment on the page at `back`, or gives what was typed and why it was refused.
    """
    posted = request.POST
    comments = Comment.objects.filter(proposal=on) if isinstance(on, Proposal) else Comment.objects.filter(term=on)
    if settle := SETTLING.get(posted.get("deed", "")):
        thread = comment_numbered(comments, posted.get("comment", ""))
        settle(comment=thread, by=request.user)
        return redirect(f"{back}#comment-{thread.pk}")
    parent = comment_numbered(comments, posted["parent"]) if posted.get("parent") else None
    text, field = posted.get("text", ""), posted.get("field", "")
    try:
        made = discussing.comment(on=on, text=text, by=request.user, parent=parent, field=field)
    except Invalid as invalid:
        thread = parent and (parent.parent_id or parent.pk)
        return Typed(text=text, problems=invalid.problems, parent=thread, field=field)
    return redirect(f"{back}#comment-{made.pk}")


def comment_numbered(comments, number: str) -> Comment:
    """One of these comments. Numbers that none can have are not found either."""
    found = comments.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 19 else None
    if found is None:
        raise Http404("There is no such comment here.")
    return found


def threads_of(comments) -> list[Comment]:
    """Threads in order, with their answers and everybody's names, in two queries."""
    return list(comments.threads().select_related("author", "resolved_by").prefetch_related("answers__author"))
