from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "baiye.schools"

    def ready(self) -> None:
        """Tell accounts who is a class teacher: the role is held through a class, not by grant; they read a digest."""
        from baiye.accounts.deliveries import REACHED  # noqa: PLC0415
        from baiye.accounts.models import ROLE_FINDERS  # noqa: PLC0415  (models load after the app does)
        from baiye.core import messages_kinds  # noqa: PLC0415
        from baiye.schools.permissions import families_cared_for, roles_by_class  # noqa: PLC0415
        from baiye.schools.queries import class_teachers_among  # noqa: PLC0415

        ROLE_FINDERS.append(roles_by_class)
        REACHED.append(families_cared_for)
        messages_kinds.READERS.append(class_teachers_among)
