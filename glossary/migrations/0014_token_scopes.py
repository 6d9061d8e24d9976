from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("glossary", "0013_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesstoken",
            name="scopes",
            field=models.CharField(default="read", max_length=100),
        ),
    ]
