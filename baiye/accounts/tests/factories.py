"""The smallest valid rows of accounts: people, units, grants."""

from datetime import timedelta

from factory import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Grant, Invitation, Notice, Unit, User
from baiye.core import clock

PASSWORD = "keep-the-workshop-tidy"


class UserFactory(DjangoModelFactory):
    """Staff; ``kind="pupil"`` or ``"guardian"`` for the others (they have no password)."""

    class Meta:
        model = User

    username = Sequence("person{}".format)
    name = Sequence("示例{}".format)

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **fields: object) -> User:
        staff = fields.get("kind", "staff") == "staff"
        return User.objects.create_user(password=fields.pop("password", PASSWORD if staff else None), **fields)


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    kind = "district"
    name = Sequence("示例区{}".format)
    parent = None

    @classmethod
    def _create(cls, model_class: type[Unit], *args: object, **fields: object) -> Unit:
        return make_unit(by=None, **fields)


class UnitFactory(DistrictFactory):
    """A school; ``kind="host"`` or ``"agency"`` for the others."""

    kind = "school"
    name = Sequence("示例学校{}".format)
    parent = SubFactory(DistrictFactory)


class GrantFactory(DjangoModelFactory):
    class Meta:
        model = Grant

    user = SubFactory(UserFactory)
    role = "school_coordinator"
    unit = SubFactory(UnitFactory)
    from_on = LazyFunction(lambda: clock.today() - timedelta(days=30))


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    user = SubFactory(UserFactory, password=None)
    digest = Sequence("{:064d}".format)
    expires_at = LazyFunction(lambda: clock.now() + timedelta(days=7))


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    kind = "consent"
    version = Sequence(lambda n: n + 1)
    title = "示例告知书"
    text = "示例文字。"
