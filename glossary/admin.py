"""Django's admin, for people with the role admin: people, roles and categories, and the rest to look at.

Who enters is decided in permissions.py; `is_staff`, `is_superuser` and Django's own permissions decide nothing.
What is changed here is changed by the services, so that it is checked and audited as everywhere else.
"""

from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from simulator.models import SampleLog, Scenario

from . import models, permissions
from .account_forms import RoleForm
from .domain.problems import Invalid
from .services import categories, people


class GlossaryAdminSite(admin.AdminSite):
    site_title = site_header = settings.GLOSSARY_TITLE
    index_title = "Looking after the glossary"
    enable_nav_sidebar = False

    def has_permission(self, request):
        return permissions.may(request.user, "administer")

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def entered(request, *args, **kwargs):
            permissions.require(request.user, "administer")
            return inner(request, *args, **kwargs)

        return entered

    def login(self, request, extra_context=None):
        return redirect("account_login")

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_change_password")


site = GlossaryAdminSite(name="admin")


class Shown(admin.ModelAdmin):
    """Rows to look at."""

    deed = "administer"
    list_per_page = 50
    show_full_result_count = False

    def may(self, request) -> bool:
        return permissions.may(request.user, self.deed)

    def has_module_permission(self, request):
        return self.may(request)

    def has_view_permission(self, request, obj=None):
        return self.may(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        """The audit trail tells it; Django's own log would keep names for ever."""
        raise Http404(object_id)


class Served(Shown):
    """Rows that are changed through services, one at a time; the audit trail is their log."""

    actions = None

    def has_change_permission(self, request, obj=None):
        return self.may(request)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Invalid as invalid:
            return self.refused(request, invalid)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Invalid as invalid:
            return self.refused(request, invalid)

    def refused(self, request, invalid: Invalid):
        for problem in invalid.problems:
            messages.error(request, problem.message)
        return redirect(request.path)

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass


class PersonForm(forms.ModelForm):
    role = RoleForm.base_fields["role"]

    class Meta:
        model = models.User
        fields = ["display_name", "team", "voice", "mail_frequency", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["role"] = permissions.given_role(self.instance)


@admin.register(models.User, site=site)
class PersonAdmin(Served):
    """Nobody is added here, but invited; nobody is deleted, but made anonymous: both on the pages for people."""

    deed = "manage_people"
    form = PersonForm
    fields = [
        *("username", "email", "role", "is_active", "display_name", "team", "voice", "mail_frequency"),
        *("date_joined", "last_login", "anonymised_at"),
    ]
    readonly_fields = ["username", "email", "date_joined", "last_login", "anonymised_at"]
    list_display = ["username", "display_name", "role", "team", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    search_fields = models.User.people.all().SEARCHED
    ordering = ["username"]

    def get_queryset(self, request):
        return models.User.people.with_roles()

    @admin.display(description="role")
    def role(self, person):
        return permissions.given_role(person)

    def view_on_site(self, person):
        return reverse("person", args=[person.pk])

    def save_model(self, request, obj, form, change):
        person = models.User.objects.get(pk=obj.pk)
        profile = {name: form.cleaned_data[name] for name in people.PROFILE}
        people.change_profile(person=person, by=request.user, **profile)
        if "role" in form.changed_data:
            people.give_role(person=person, role=form.cleaned_data["role"], by=request.user)
        if "is_active" in form.changed_data:
            deed = people.reactivate if form.cleaned_data["is_active"] else people.deactivate
            deed(person=person, by=request.user)

    def save_related(self, request, form, formsets, change):
        pass


@admin.register(Group, site=site)
class RoleAdmin(Shown):
    """The roles are fixed; who has one is told by its people."""

    fields = readonly_fields = ["name", "people"]
    list_display = ["name", "people"]

    @admin.display
    def people(self, group):
        return ", ".join(group.user_set.order_by("username").values_list("username", flat=True)) or "nobody"


@admin.register(models.Category, site=site)
class CategoryAdmin(Served):
    deed = "manage_categories"
    fields = ["slug", "label", "description", "position"]
    list_display = ["label", "slug", "description", "position"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def has_add_permission(self, request):
        return self.may(request)

    def has_delete_permission(self, request, obj=None):
        return self.may(request)

    def save_model(self, request, obj, form, change):
        categories.save_category(category=obj, by=request.user)

    def delete_model(self, request, obj):
        categories.delete_category(category=obj, by=request.user)


@admin.register(models.Term, site=site)
class TermAdmin(Shown):
    list_display = ["label", "voice", "category", "status", "slug", "uid"]
    list_filter = ["voice", "category", "status"]
    search_fields = ["label", "slug", "uid"]


@admin.register(models.Revision, site=site)
class RevisionAdmin(Shown):
    list_display = ["term", "number", "change", "origin", "author", "published_at"]
    list_filter = ["change", "origin"]
    list_select_related = ["term", "author"]
    search_fields = ["term__label", "note"]
    ordering = ["-published_at", "-pk"]


@admin.register(models.Proposal, site=site)
class ProposalAdmin(Shown):
    list_display = ["id", "subject", "label", "change", "status", "author", "created_at"]
    list_filter = ["status", "subject", "change"]
    list_select_related = ["author"]
    search_fields = ["target", "note"]
    ordering = ["-created_at"]


@admin.register(models.AuditEntry, site=site)
class AuditEntryAdmin(Shown):
    list_display = ["at", "action", "target", "by"]
    list_select_related = ["by"]
    search_fields = ["action", "target"]
    date_hierarchy = "at"


@admin.register(models.Invitation, site=site)
class InvitationAdmin(Shown):
    exclude = ["digest"]
    list_display = ["__str__", "role", "invited_by", "created_at", "accepted_by", "revoked_at"]
    list_select_related = ["invited_by", "accepted_by"]


@admin.register(models.AccessToken, site=site)
class AccessTokenAdmin(Shown):
    exclude = ["digest"]
    list_display = ["label", "owner", "scopes", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["owner"]


@admin.register(models.Comment, site=site)
class CommentAdmin(Shown):
    exclude = ["html"]
    list_display = ["id", "term", "proposal", "author", "created_at", "resolved_at"]
    list_select_related = ["term", "proposal", "author"]
    search_fields = ["text"]
    ordering = ["-created_at"]


@admin.register(DBTaskResult, site=site)
class TaskAdmin(Shown, DBTaskResultAdmin):
    """The library's own view of a task, behind our door."""


site.register([models.ReviewSet, models.TermRequest, models.Readership, SampleLog, Scenario], Shown)
