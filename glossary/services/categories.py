"""Categories, as admins look after them. What an admin changed, content files no longer change."""

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..models import Category, Term, User
from .recording import bump_publication, record

FIELDS = ("label", "description", "position")


@transaction.atomic
def save_category(*, category: Category, by: User, at=None) -> None:
    """Make a category, or change one: everything but its slug, which snapshots name it by."""
    permissions.require(by, "manage_categories")
    at = at or timezone.now()
    before = Category.objects.filter(pk=category.pk).first()
    category.edited_at = at
    if before is None:
        category.save()
        record(action="category.made", target=f"category:{category.slug}", by=by, at=at)
    else:
        changed = [name for name in FIELDS if getattr(before, name) != getattr(category, name)]
        category.save(update_fields=[*FIELDS, "edited_at"])
        record(action="category.changed", target=f"category:{category.slug}", by=by, at=at, data={"fields": changed})
    bump_publication(at=at)


@transaction.atomic
def delete_category(*, category: Category, by: User, at=None) -> None:
    """Raises Invalid while a term stands in it."""
    permissions.require(by, "manage_categories")
    at = at or timezone.now()
    if Term.objects.filter(category=category).exists():
        raise Invalid([Problem("", f"Terms stand in {category.label}. Move them to another category first.")])
    Category.objects.filter(pk=category.pk).delete()
    record(action="category.deleted", target=f"category:{category.slug}", by=by, at=at)
    bump_publication(at=at)
