"""The next dated step of an application, for the actions that move it."""

from datetime import date

from baiye.accounts.models import User
from baiye.registry.models import Application, Step


def take_step(
    application: Application, state: str, *, by: User | None, note: str = "", due_on: date | None = None
) -> None:
    """Move ``application`` to ``state`` and write down who did it and why; in the caller's transaction."""
    Application.objects.filter(pk=application.pk).update(state=state, due_on=due_on)
    Step.objects.create(application=application, state=state, by=by, note=note[:400])
    application.state, application.due_on = state, due_on
