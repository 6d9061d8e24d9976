"""How people become known here and are recognised: what allauth asks of the site.

Who may register is a setting (REGISTRATION). An identity provider counts as an invitation: whoever may use it
belongs to the company.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from . import permissions
from .absolute import absolute


def is_welcome(email: str) -> bool:
    """Whether an address is of a domain from which people may come without an invitation."""
    domains = settings.REGISTRATION_DOMAINS
    return not domains or email.rpartition("@")[2].lower() in domains


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "This name and password do not belong together. Check both.",
        "email_password_mismatch": "This address and password do not belong together. Check both.",
        "too_many_login_attempts": "Too many attempts failed. Wait five minutes, or set a new password.",
        "username_taken": "Somebody has this name already; choose another.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
    }

    def is_open_for_signup(self, request) -> bool:
        if settings.REGISTRATION != "open":
            raise permissions.Refused("Nobody registers here by themselves: an admin of this glossary invites people.")
        return True

    def clean_email(self, email: str) -> str:
        """Addresses that people register with; those who are known already may use any."""
        registers = self.request and self.request.resolver_match.url_name == "account_signup"
        if registers and not is_welcome(email):
            raise ValidationError(
                f"{email} is of another domain; only people of {', '.join(settings.REGISTRATION_DOMAINS)} may register."
            )
        return email

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail(
            "account/email/account_already_exists",
            email,
            {"password_reset_url": absolute("account_reset_password")},
        )


class ProviderAdapter(DefaultSocialAccountAdapter):
    """People who come from the identity provider."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return settings.REGISTRATION != "closed" and is_welcome(sociallogin.user.email)

    def pre_social_login(self, request, sociallogin) -> None:
        """Signing in is all that a provider is for here; whoever is signed in ties no other account to their own."""
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(redirect("home"))

    def populate_user(self, request, sociallogin, data):
        person = super().populate_user(request, sociallogin, data)
        full_name = f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        person.display_name = (data.get("name") or full_name)[: person._meta.get_field("display_name").max_length]
        person.first_name = person.last_name = ""
        return person

    def authenticate_by_email(self, sociallogin):
        """The person with an address that both the provider and we have confirmed; any other proves nothing."""
        vouched_for = [address.email for address in sociallogin.email_addresses if address.verified]
        for email in vouched_for:
            known = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
            if known:
                return known.user, known.email
        return None
