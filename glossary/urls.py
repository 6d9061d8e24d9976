from datetime import datetime

from allauth.socialaccount import views as provider
from django.conf import settings
from django.urls import include, path, register_converter

import simulator.views as simulator

from .admin import site as admin_site
from .api.urls import api
from .domain.snapshot import CODE_LANGUAGES
from .pages import reading_page
from .views import (
    accepting,
    api_docs,
    assistants,
    audit,
    browse,
    care,
    checking,
    dictionary,
    documents,
    drafts,
    editing,
    embedding,
    exporting,
    feeds,
    history,
    importing,
    integrate,
    log_editing,
    notices,
    oembed,
    people,
    profile,
    proposal_editing,
    requests,
    retiring,
    review_sets,
    reviewing,
    scenario_editing,
    search,
    state_history,
    system,
    talking,
    tasks,
    term_map,
    terms,
    webhooks,
)
from .views.exporting import open_to_every_origin


class UidConverter:
    regex = "[b-df-hj-np-tv-z0-9]{8}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class DayConverter:
    """A day as exports name their version: 2026.03.31."""

    regex = r"\d{4}\.\d{2}\.\d{2}"

    def to_python(self, value):
        return datetime.strptime(value, "%Y.%m.%d").date()

    def to_url(self, value):
        return f"{value:%Y.%m.%d}"


class LanguageConverter(UidConverter):
    regex = "|".join(CODE_LANGUAGES)


register_converter(UidConverter, "uid")
register_converter(LanguageConverter, "language")
register_converter(DayConverter, "day")


def of_a_state(view):
    """A picture of a figure in a state: a reading page for programs of any origin."""
    return open_to_every_origin(reading_page(params=("state",))(view))


urlpatterns = [
    path("", browse.home, name="home"),
    path("terms/", dictionary.dictionary, name="dictionary"),
    path("terms/new/", editing.term_new, name="term_new"),
    path("terms/new/preview/", editing.term_preview, name="term_new_preview"),
    path("terms/request/", requests.term_request, name="term_request"),
    path("terms/request/<int:pk>/", requests.request_close, name="request_close"),
    path("terms/<slug:slug>/", terms.term, name="term"),
    path("terms/<slug:slug>/card.png", terms.card, name="term_card"),
    path("terms/<slug:slug>/edit/", editing.term_edit, name="term_edit"),
    path("terms/<slug:slug>/preview/", editing.term_preview, name="term_preview"),
    path("terms/<slug:slug>/confirm-voices/", requests.voices_confirm, name="voices_confirm"),
    path("terms/<slug:slug>/v/<int:number>/", terms.pinned, name="pinned"),
    path("terms/<slug:slug>/code/<language:language>/", terms.code, name="code"),
    path("terms/<slug:slug>/discuss/", talking.term_discuss, name="term_discuss"),
    path("terms/<slug:slug>/care/", care.term_care, name="term_care"),
    path("terms/<slug:slug>/watch/", notices.term_watch, name="term_watch"),
    path("terms/<slug:slug>/history/", history.history, name="term_history"),
    path("terms/<slug:slug>/diff/", history.diff, name="term_diff"),
    path("terms/<slug:slug>/revert/<int:number>/", history.revert_to, name="term_revert"),
    path("terms/<slug:slug>/retire/", retiring.retire, name="term_retire"),
    path("terms/<slug:slug>/restore/", retiring.restore, name="term_restore"),
    path("terms/<slug:slug>/merge/", retiring.merge, name="term_merge"),
    path("terms/<slug:slug>/<path:rest>/", terms.below_old_slug),
    path("proposals/<int:pk>/edit/", proposal_editing.proposal_edit, name="proposal_edit"),
    path("id/<uid:uid>/", terms.permanent, name="permanent"),
    path("id/<uid:uid>/v/<int:number>/", terms.permanent_pinned, name="permanent_pinned"),
    path("proposals/<int:pk>/", reviewing.proposal, name="proposal"),
    path("proposals/<int:pk>/decision/", reviewing.decide, name="proposal_decision"),
    path("proposals/<int:pk>/comments/", reviewing.comments, name="proposal_comments"),
    path("review/", reviewing.queue, name="review_queue"),
    path("review/sets/<int:pk>/", review_sets.review_set, name="review_set"),
    path("audit/", audit.audit, name="audit"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/messages/<uuid:uid>/again/", webhooks.delivery_again, name="delivery_again"),
    path("compare/<slug:left>/<slug:right>/", browse.compare, name="compare"),
    path("map/", term_map.page, name="map"),
    path("search/", search.search_page, name="search"),
    # The simulator knows nothing of publications; here its pages become reading pages.
    path("simulator/", reading_page(params=("model", "log"))(simulator.workbench), name="workbench"),
    path("simulator/fidelity/", reading_page()(simulator.fidelity), name="fidelity"),
    path("logs/", log_editing.logs, name="logs"),
    path("logs/new/", log_editing.log_new, name="log_new"),
    path("logs/<slug:slug>/", log_editing.log, name="log"),
    path("logs/<slug:slug>/history/", state_history.log_history, name="log_history"),
    path("logs/<slug:slug>/diff/", state_history.log_diff, name="log_diff"),
    path("logs/<slug:slug>/edit/", log_editing.log_edit, name="log_edit"),
    path("simulator/new/", scenario_editing.scenario_new, name="scenario_new"),
    path("simulator/<slug:slug>/history/", state_history.scenario_history, name="scenario_history"),
    path("simulator/<slug:slug>/diff/", state_history.scenario_diff, name="scenario_diff"),
    path("simulator/<slug:slug>/edit/", scenario_editing.scenario_edit, name="scenario_edit"),
    path("simulator/<slug:slug>/", reading_page()(simulator.scenario_page), name="scenario"),
    path("embed/hovercards.js", embedding.hovercards, name="hovercards"),
    path("embed/simulator.js", embedding.simulator, name="embedded_simulator"),
    path("embed/words.json", embedding.words, name="embedded_words"),
    path(
        "embed/<slug:slug>/", open_to_every_origin(simulator.embeddable(reading_page()(simulator.embed))), name="embed"
    ),
    path("embed/<slug:slug>.svg", of_a_state(simulator.still_svg), name="still_svg"),
    path("embed/<slug:slug>.png", of_a_state(simulator.still_png), name="still_png"),
    path("export/terms.json", exporting.terms_json, name="export_json"),
    path("export/terms.csv", exporting.terms_csv, name="export_csv"),
    path("export/content.zip", exporting.content_zip, name="export_content"),
    path("export/mkdocs/eda.md", exporting.mkdocs, name="export_mkdocs"),
    path("export/vale/EDA.zip", exporting.vale, name="export_vale"),
    path("export/vale/<day:day>/EDA.zip", exporting.vale_of_a_day, name="export_vale_of_a_day"),
    path("export/eventcatalog/ubiquitous-language.mdx", exporting.eventcatalog, name="export_eventcatalog"),
    path("export/skos.ttl", exporting.skos, name="export_skos"),
    path("export/skos.jsonld", exporting.skos_json_ld, name="export_skos_json_ld"),
    path("export/datahub.yml", exporting.datahub, name="export_datahub"),
    path("export/openmetadata.csv", exporting.openmetadata, name="export_openmetadata"),
    path("export/eda.tbx", exporting.termbase, name="export_tbx"),
    path("export/prh.yml", exporting.prh, name="export_prh"),
    path("oembed", oembed.oembed, name="oembed"),
    path("objects.inv", exporting.objects_inv, name="objects_inv"),
    path("mcp", assistants.assistants, name="mcp"),
    path("llms.txt", exporting.llms, name="llms"),
    path("llms-full.txt", exporting.llms_full, name="llms_full"),
    path("check/", checking.check, name="check"),
    path("documents/", documents.documents, name="documents"),
    path("documents/new/", documents.document_new, name="document_new"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("api/v1/docs", api_docs.page, name="api_docs"),
    path("api/v1/openapi.json", api_docs.document, name="api_document"),
    path("api/v1/", api.urls),
    path("import/", importing.import_page, name="import"),
    path("import/<int:pk>/", importing.dry_run, name="import_dry_run"),
    path("import/<int:pk>/dry-run.csv", importing.dry_run_table, name="import_dry_run_table"),
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/drafts/", drafts.drafts, name="drafts"),
    path("accounts/data/", profile.take_away, name="own_data"),
    path("accounts/leave/", profile.leave, name="leave"),
    path("accounts/tokens/", profile.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", profile.revoke_token, name="revoke_token"),
    path("accounts/people/", people.people, name="people"),
    path("accounts/people/<int:pk>/", people.person, name="person"),
    path("accounts/invitations/", people.invitations, name="invitations"),
    path("accounts/invitations/<int:pk>/revoke/", people.revoke_invitation, name="revoke_invitation"),
    path("accounts/invitation/<str:secret>/", accepting.accept_invitation, name="accept_invitation"),
    path("care/", care.overview, name="care"),
    path("mentions/", talking.mentions, name="mentions"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("accounts/unsubscribe/<str:secret>/", notices.unsubscribe, name="unsubscribe"),
    path("accounts/watches/", notices.watches, name="watches"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin_site.urls),
    path("feeds/changes.atom", feeds.changes, name="feed_changes"),
    path("feeds/meaning.atom", feeds.meaning, name="feed_meaning"),
    path("feeds/terms/<slug:slug>.atom", feeds.of_term, name="feed_term"),
    path("healthz", system.healthz, name="healthz"),
    path("robots.txt", integrate.robots, name="robots"),
    path("sitemap.xml", integrate.sitemap, name="sitemap"),
    path("favicon.ico", system.favicon),
]

if settings.OIDC:
    urlpatterns += [
        path("accounts/provider/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
        path("accounts/provider/error/", provider.login_error, name="socialaccount_login_error"),
        path("accounts/provider/join/", provider.signup, name="socialaccount_signup"),
        # /accounts/oidc/login/ and /accounts/oidc/login/callback/
        path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]

if settings.BENCH:
    urlpatterns.append(path("bench/constant/<int:size>/", system.constant, name="constant"))

handler400 = system.bad_request
handler404 = system.not_found
handler500 = system.server_error
