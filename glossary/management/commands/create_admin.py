"""create_admin: the first admin, or another one when no admin can sign in any more."""

import getpass
import sys

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from glossary import permissions
from glossary.absolute import absolute
from glossary.models import User
from glossary.services.people import create_person


class Command(BaseCommand):
    help = "Makes a person with the role admin. Asks for a password, or prints a link that sets one."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("email", help="where mail for this admin goes")
        parser.add_argument(
            "--link", action="store_true", help="print a link that sets the password once, and ask nothing; for scripts"
        )

    def handle(self, *, name, email, link, **options):
        known = User.objects.filter(username__iexact=name).first()
        if known and permissions.role_of(known) == "admin":
            self.stdout.write(f"{name} is an admin already.")
            return
        if known:
            raise CommandError(f"There is somebody called {name} already; choose another name.")
        self.refuse_nonsense(name, email)
        asks = not link and sys.stdin.isatty()
        person = create_person(
            username=name, email=email, password=self.ask(name, email) if asks else None, role="admin", confirmed=True
        )
        if asks:
            self.stdout.write(f"{name} is an admin and can sign in at {absolute('account_login')}")
        else:
            self.stdout.write(f"{name} is an admin. Set the password within three days, once, at")
            self.stdout.write(password_link(person))

    def refuse_nonsense(self, name: str, email: str) -> None:
        try:
            User.username_validator(name)
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{name} <{email}>: {error.messages[0]}") from error

    def ask(self, name: str, email: str) -> str:
        while True:
            password = getpass.getpass("Password: ")
            try:
                validate_password(password, User(username=name, email=email))
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if password == getpass.getpass("Again: "):
                return password
            self.stderr.write("These were two different passwords.")


def password_link(person: User) -> str:
    """The address that sets a person's password, once."""
    key = default_token_generator.make_token(person)
    return absolute("account_reset_password_from_key", user_pk_to_url_str(person), key)
