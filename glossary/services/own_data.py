"""Everything that is a person's own, to take away."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from simulator.models import SampleLogRevision, ScenarioRevision

from .. import permissions
from ..models import TermRequest, User


def data_of(person: User) -> dict:
    """What the site holds of a person, as plain data: lists of rows under names that say what they are."""
    return {
        "profile": {
            "name": person.username,
            "display_name": person.display_name,
            "voice": person.voice,
            "team": person.team,
            "mail_frequency": person.mail_frequency,
            "role": permissions.role_of(person),
            "joined_at": person.date_joined,
            "last_signed_in_at": person.last_login,
        },
        "email_addresses": rows(EmailAddress.objects.filter(user=person), "email", "verified", "primary"),
        "identity_providers": rows(SocialAccount.objects.filter(user=person), "provider", "uid", "extra_data"),
        "sessions": rows(UserSession.objects.filter(user=person), "ip", "user_agent", "created_at"),
        "access_tokens": rows(person.access_tokens, "label", "scopes", "created_at", "last_used_at", "revoked_at"),
        "invitations_made": rows(person.invitations, "email", "role", "created_at", "accepted_at", "revoked_at"),
        "revisions": rows(
            person.revisions,
            "term__uid",
            "number",
            "snapshot",
            "change",
            "note",
            "confirms_other_voice",
            "published_at",
        ),
        "scenario_revisions": rows(
            ScenarioRevision.objects.filter(author=person),
            "scenario__slug",
            "number",
            "snapshot",
            "note",
            "published_at",
        ),
        "log_revisions": rows(
            SampleLogRevision.objects.filter(author=person), "log__slug", "number", "snapshot", "note", "published_at"
        ),
        "proposals": rows(
            person.proposals,
            *("id", "subject", "target", "base_revision", "snapshot", "change", "note", "status"),
            *("created_at", "updated_at", "published_revision"),
        ),
        "decisions": rows(person.decisions, "id", "subject", "target", "status", "reason", "decided_at"),
        "review_sets": rows(person.review_sets, "title", "created_at"),
        "term_requests": rows(
            TermRequest.objects.filter(requested_by=person), "label", "voice", "note", "status", "created_at"
        ),
        "comments": rows(
            person.comments, "term__uid", "proposal_id", "field", "parent_id", "text", "created_at", "resolved_at"
        ),
        "watches": rows(person.watches, "term__uid", "extent"),
        "documents": rows(
            person.documents, "address", "title", "repository", "team", "format", "registered_at", "last_seen_at"
        ),
        "notices": rows(person.notices, "kind", "text", "path", "created_at", "read_at", "mailed_at"),
        "drafts": rows(person.drafts, "subject", "target", "base_revision", "fields", "updated_at"),
        "pending_imports": rows(person.pending_imports, "name", "entries", "created_at"),
        "audit_entries": rows(person.audit_entries, "at", "action", "target", "data"),
    }


def rows(queryset, *fields: str) -> list[dict]:
    """Rows as plain data; a field of a related row is named with one underscore."""
    return [
        {name.replace("__", "_"): value for name, value in row.items()}
        for row in queryset.order_by("pk").values(*fields)
    ]
