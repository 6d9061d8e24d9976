"""The table of the cache that all workers share, which counts how often a sign-in failed."""

from django.core.management import call_command
from django.db import migrations

TABLE = "glossary_cache"


def make_table(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("glossary", "0005_reviewing")]
    operations = [migrations.RunPython(make_table, drop_table)]
