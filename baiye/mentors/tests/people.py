"""Who acts in the tests of mentors."""

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory


class Town:
    """A district with a host, two agencies, of which one is a union, and somebody in each role."""

    def __init__(self, name: str = "示例区") -> None:
        self.district: Unit = DistrictFactory(name=name)
        self.host: Unit = UnitFactory(parent=self.district, kind="host", name=f"{name}示例基地")
        self.league: Unit = UnitFactory(parent=self.district, kind="agency", name=f"{name}团委")
        self.union: Unit = UnitFactory(parent=self.district, kind="agency", name=f"{name}总工会")

    def coordinator(self) -> User:
        return self.holder("coordinator", self.district)

    def manager(self) -> User:
        return self.holder("host_manager", self.host)

    def officer(self, unit: Unit) -> User:
        return self.holder("agency_officer", unit)

    @staticmethod
    def holder(role: str, unit: Unit) -> User:
        user: User = GrantFactory(role=role, unit=unit).user
        return user
