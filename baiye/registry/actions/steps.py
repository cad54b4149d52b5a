"""The next dated step of an application, for the actions that move it."""

from datetime import date, datetime

from baiye.accounts.models import User
from baiye.registry.models import Application, Step


def take_step(
    application: Application,
    state: str,
    *,
    by: User | None,
    at: datetime | None = None,
    note: str = "",
    due_on: date | None = None,
) -> None:
    """Move ``application`` to ``state`` and write down who did it, when and why; in the caller's transaction.

    ``at`` is the time of the action that moves it; without one the database's own clock says when.
    """
    Application.objects.filter(pk=application.pk).update(state=state, due_on=due_on)
    when = {} if at is None else {"at": at}
    Step.objects.create(application=application, state=state, by=by, note=note[:400], **when)
    application.state, application.due_on = state, due_on
