"""What lists of proposals tell, in columns of their own; and terms that were merged into others."""

from django.db import migrations, models

VOICES = [("engineer", "engineer"), ("manager", "manager")]


def tell(apps, schema_editor):
    """Fill the new columns from the snapshots of proposals that were made before."""
    for proposal in apps.get_model("glossary", "Proposal").objects.iterator():
        said = proposal.snapshot
        proposal.label = said.get("label") or said.get("title") or proposal.target
        proposal.voice, proposal.category = said.get("voice", ""), said.get("category", "")
        proposal.save(update_fields=["label", "voice", "category"])


class Migration(migrations.Migration):
    dependencies = [("glossary", "0004_append_only")]
    operations = [
        migrations.AddField("proposal", "label", models.CharField(default="", max_length=120), preserve_default=False),
        migrations.AddField("proposal", "voice", models.CharField(blank=True, choices=VOICES, max_length=8)),
        migrations.AddField("proposal", "category", models.CharField(blank=True, max_length=100)),
        migrations.AddField("term", "is_merged", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "term",
            models.CheckConstraint(
                condition=models.Q(is_merged=False) | models.Q(status="retired", replaced_by__isnull=False),
                name="term_merged_into_its_replacement",
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
