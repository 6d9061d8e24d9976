from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in; our own from the first migration, because it cannot be swapped later."""
