from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "baiye.bookings"

    def ready(self) -> None:
        """Put what opens on the public front page, and offers on a family's own and into its calendar."""
        from baiye.bookings import calendars  # noqa: PLC0415 - models are there only now
        from baiye.bookings.public import opens  # noqa: PLC0415
        from baiye.bookings.todos import offers  # noqa: PLC0415
        from baiye.core import todos  # noqa: PLC0415
        from baiye.registry.landing import OPENS  # noqa: PLC0415

        calendars.join()
        OPENS.append(opens)
        todos.PROVIDERS.add("bookings.offers", offers)
