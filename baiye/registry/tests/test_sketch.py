"""The sketch map: fewer points, pins that do not cover each other, nothing outside."""

from math import cos, dist, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baiye.registry.models import Host, Listing, MapShape
from baiye.registry.queries.register import M_A_DEGREE, Origin
from baiye.registry.simplify import simplified
from baiye.registry.sketch import APART, WIDTH, crowds_of, sketch

coordinates = st.tuples(st.floats(0, 10, width=32), st.floats(0, 10, width=32))


def gap(point, line):
    """The distance from ``point`` to the nearest stretch of ``line``, the plain way."""

    def to_stretch(begin, end):
        steps = [(begin[0] + (end[0] - begin[0]) * n / 80, begin[1] + (end[1] - begin[1]) * n / 80) for n in range(81)]
        return min(dist(point, step) for step in steps)

    return min(to_stretch(line[n], line[n + 1]) for n in range(len(line) - 1))


@settings(deadline=None, max_examples=40)
@given(line=st.lists(coordinates, min_size=2, max_size=12), tolerance=st.floats(0.05, 2))
def test_simplified_keeps_the_ends_and_strays_no_farther_than_it_may(line, tolerance):
    kept = simplified(line, tolerance)

    assert [tuple(kept[0]), tuple(kept[-1])] == [
        tuple(round(x, 5) for x in line[0]),
        tuple(round(x, 5) for x in line[-1]),
    ]
    assert all(gap(point, kept) <= tolerance + 0.1 for point in line)  # 0.1: we look at 81 spots of a stretch alone


def test_simplified_drops_what_lies_on_the_way():
    assert simplified([(0, 0), (1, 0.01), (2, 0)], 0.1) == [[0, 0], [2, 0]]
    assert simplified([(0, 0), (1, 1), (2, 0)], 0.1) == [[0, 0], [1, 1], [2, 0]]


def square(kind="street", **fields):
    ring = [[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.1], [121.0, 31.0]]
    return MapShape(kind=kind, name="真如镇街道", lines=[ring], **fields)


def host_at(lon, lat):
    return Host(listing=Listing(lon=lon, lat=lat))


def test_sketch_draws_outlines_labels_and_pins_in_one_frame():
    shapes = [square("district"), square(label_lon=121.05, label_lat=31.05)]

    drawn = sketch(shapes, [host_at(121.05, 31.05), host_at(None, None), host_at(121.1, 31.1)])

    assert set(drawn.paths) == {"district", "street"}
    assert drawn.paths["district"].startswith("M14 ")
    (label,) = drawn.labels
    assert label.name == "真如镇"
    assert (label.x, round(label.y)) == (WIDTH / 2, round(drawn.height / 2))
    assert [pin.number for pin in drawn.pins] == [1, 2]
    assert all(0 < pin.x < WIDTH and 0 < pin.y < drawn.height for pin in drawn.pins)


def test_crowds_of_positions_count_squares_of_the_map():
    spots = [(121.5, 31.25), (121.375, 31.25), (None, None), (121.375 + 1 / 512, 31.25), (121.5, None)]

    assert crowds_of(spots) == [(121.375 + 1 / 1024, 31.25, 2), (121.5, 31.25, 1)] == crowds_of(reversed(spots))


def test_sketch_draws_crowds_and_how_far_one_walks():
    origin = Origin("school-1", "示例小学", 121.05, 31.05)

    drawn = sketch([square()], [], [(121.05, 31.05, 1), (121.02, 31.02, 400)], origin, 15)

    assert [(dot.r, dot.n) for dot in drawn.dots] == [(4.0, 1), (12, 400)]
    metres_a_unit = 0.1 * cos(radians(31.05)) * M_A_DEGREE / (WIDTH - 28)
    assert drawn.walk.r * metres_a_unit == pytest.approx(1000 / 1.3, abs=2)  # a quarter of an hour at 4 km/h
    assert (drawn.walk.x, drawn.walk.name) == (WIDTH / 2, "示例小学")


def test_sketch_without_outlines_is_none():
    assert sketch([], [host_at(121.05, 31.05)]) is None


@settings(deadline=None, max_examples=40)
@given(spots=st.lists(st.tuples(st.floats(121.04, 121.06), st.floats(31.04, 31.06)), max_size=6))
def test_sketch_pushes_pins_apart_even_those_of_one_address(spots):
    drawn = sketch([square()], [host_at(lon, lat) for lon, lat in [*spots, *spots[:1]]])

    pairs = [(a, b) for a in drawn.pins for b in drawn.pins if a.number < b.number]
    assert all(dist((a.x, a.y), (b.x, b.y)) > APART * 0.8 for a, b in pairs)
