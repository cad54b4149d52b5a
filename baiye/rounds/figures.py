"""What a run comes to, in figures: half-days by wish, the proved bound, and how each school fared."""

import math
from collections import Counter, defaultdict
from typing import Any

from baiye_placement import Certificate

from baiye.schools.models import Pupil

Z95 = 1.959964


def figures_of(result: dict[str, Any], pupil_of: dict[str, int]) -> dict[str, Any]:
    """JSON figures of a computed run; one query."""
    placement, problem = result["placement"], result["problem"]
    ranks = Counter(rank for ranks in placement.ranks.values() for rank in ranks)
    need = {pupil.id: pupil.need for pupil in problem.pupils}
    certificate = placement.certificate
    return {
        "pupils": len(need),
        "placed": sum(len(sessions) == need[pupil] for pupil, sessions in placement.seats.items()),
        "half_days": sum(need.values()),
        "filled": sum(ranks.values()),
        "rank_counts": {str(rank): ranks[rank] for rank in range(len(problem.points) + 1)},
        "objective": placement.points,
        "bound": _bound_of_points(certificate),
        "gap": float(certificate.gap),
        "levels": [
            {"name": level.name, "value": level.value, "bound": level.bound, "gap": float(level.gap)}
            for level in certificate.levels
        ],
        "cut_short": certificate.cut_short,
        "violations": result["violations"][:20],
        "verified": not result["violations"],
        "seconds": result["seconds"],
        "schools": _by_school(placement.ranks, pupil_of),
    }


def _bound_of_points(certificate: Certificate) -> int | None:
    """The proved bound of the total, where the policy has the total as one of its levels."""
    return next((level.bound for level in certificate.levels if level.name == "points"), None)


def _by_school(ranks: dict[str, tuple[int, ...]], pupil_of: dict[str, int]) -> list[dict[str, Any]]:
    """Each school's share of pupils who got their first wish, with its 95 % interval (Wilson)."""
    school_of = dict(Pupil.objects.filter(pk__in=pupil_of.values()).values_list("pk", "school_class__school"))
    people: Counter[int] = Counter()
    lucky: Counter[int] = Counter()
    points: dict[int, list[int]] = defaultdict(list)
    for alias, got in ranks.items():
        school = school_of[pupil_of[alias]]
        people[school] += 1
        lucky[school] += 1 in got
        points[school].append(sum(rank > 0 for rank in got))
    return [
        {
            "school": school,
            "pupils": n,
            "first": lucky[school],
            "interval": wilson(lucky[school], n),
            "wished_half_days": sum(points[school]),
        }
        for school, n in sorted(people.items())
    ]


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share, as fractions; (0, 1) when nobody was counted."""
    if not n:
        return (0.0, 1.0)
    share, z2 = successes / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (round(middle - half, 4), round(middle + half, 4))
