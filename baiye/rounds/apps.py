from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "baiye.rounds"

    def ready(self) -> None:
        """Put what is open on the public front page, keep a round's visits, have trips follow a host that is merged."""
        from baiye.registry import merges  # noqa: PLC0415
        from baiye.registry.landing import OPENS  # noqa: PLC0415 (models are there only now)
        from baiye.rounds.merging import move_trips  # noqa: PLC0415
        from baiye.rounds.public import opens  # noqa: PLC0415
        from baiye.rounds.queries.rounds import visits_kept  # noqa: PLC0415
        from baiye.visits import claims  # noqa: PLC0415

        OPENS.append(opens)
        claims.KEEPERS.add("rounds", visits_kept)
        merges.follow("rounds.Trip", "host", move_trips)
