"""A real worker with one task more: it says that it began, and ends well only on its second attempt. For test_jobs."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baiye.config.settings")


def main() -> None:
    """Work until killed, or until there is no job left when ONE_SHOT is set."""
    django.setup()
    from django.core.management import call_command

    from baiye.core import audit, jobs
    from baiye.core.models import Event

    @jobs.task(name="example.slow")
    def slow(**_: object) -> None:
        audit.record("slow.begun", by=None)
        if Event.objects.filter(kind="slow.begun").count() == 1:
            time.sleep(600)
        audit.record("slow.ended", by=None)

    call_command("worker", one_shot="ONE_SHOT" in os.environ)


if __name__ == "__main__":
    main()
