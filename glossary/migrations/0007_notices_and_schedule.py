"""Nobody is told twice of one event; a mail is in one worker's hands; recurring work knows when it is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("glossary", "0006_cache_table")]
    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("next_at", models.DateTimeField()),
            ],
        ),
        # No release has written a notice yet.
        migrations.AddField("notice", "event", models.CharField(default="", max_length=100), preserve_default=False),
        migrations.AddField("notice", "mailing_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "notice",
            models.UniqueConstraint(fields=("person", "event"), name="notice_once_per_person_and_event"),
        ),
    ]
