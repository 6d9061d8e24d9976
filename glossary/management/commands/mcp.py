from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Answer an assistant that started this process, by the Model Context Protocol on standard input and output."

    def handle(self, **options):
        # The package is large: only this command pays for it.
        from glossary.assistants import server

        server().run("stdio")
