"""The radar on paper: every value at its place, gaps where values lack, labels as plain text, and readable in grey."""

from __future__ import annotations

import re
from math import hypot
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.words import LANGUAGES, Language
from advisor.report import radar_picture
from advisor.report.charts import INNER, two_lines
from advisor.report.radar_picture import Axis, picture
from tests.papers import HOSTILE
from tests.support import CATALOG, FRUSTRATIONS

SVG = "{http://www.w3.org/2000/svg}"
NINE = tuple(Axis((f"軸{place}", "二行目"), 10.0 * place) for place in range(1, 10))
values = st.none() | st.floats(0, 100)


def shapes(svg: str, width: str) -> list[ET.Element]:
    """Return the lines of one width."""
    return [path for path in ET.fromstring(svg).iter(f"{SVG}path") if path.get("stroke-width") == width]  # noqa: S314  (ours)


def reaches(path: str) -> list[float]:
    """Return how far each point of a line stands from the centre, 0-100."""
    points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
    x, y = radar_picture.CENTRE
    inner = INNER
    far = (hypot(float(one) - x, float(other) - y) / radar_picture.RADIUS for one, other in points)
    return [inner + (100 - inner) * reach for reach in far]


def test_every_value_stands_as_far_out_as_it_is_large() -> None:
    (line,) = shapes(picture(NINE), "2.8")
    assert [round(reach) for reach in reaches(str(line.get("d")))] == list(range(10, 100, 10))
    assert str(line.get("d")).endswith("Z")
    assert float(line.get("fill-opacity", "1")) < 0.3


def test_rings_stand_at_0_50_and_100_and_carry_no_figures() -> None:
    svg = picture(NINE)
    rings = [*shapes(svg, "0.7")[:2], *shapes(svg, "1.1")]
    assert [round(reaches(str(ring.get("d")))[0]) for ring in rings] == [0, 50, 100]
    assert not re.search(r">\d+<", svg)


def test_a_zero_is_an_open_dot_and_what_was_not_answered_a_dotted_spoke() -> None:
    svg = picture([Axis(axis.name, {0: 0.0, 1: None}.get(place, axis.now)) for place, axis in enumerate(NINE)])
    dots = [dot.get("fill") for dot in ET.fromstring(svg).iter(f"{SVG}circle")]  # noqa: S314  (ours)
    assert dots == [radar_picture.PAPER, *[radar_picture.ACCENT] * 7]
    spokes = shapes(svg, "0.7")[2:]
    assert [place for place, spoke in enumerate(spokes) if spoke.get("stroke-dasharray")] == [1]


def test_last_time_is_a_thin_dashed_line_without_a_fill() -> None:
    svg = picture([Axis(axis.name, axis.now, 50) for axis in NINE])
    (line,) = shapes(svg, "1.2")
    assert line.get("stroke-dasharray")
    assert line.get("fill") == "none"
    assert not shapes(picture(NINE), "1.2")


def test_a_line_stops_where_a_value_lacks_and_nothing_is_filled() -> None:
    gaps = [Axis(axis.name, None if place == 4 else axis.now) for place, axis in enumerate(NINE)]
    (line,) = shapes(picture(gaps), "2.8")
    assert str(line.get("d")).count("M") == 7
    assert line.get("fill") == "none"
    dots = list(ET.fromstring(picture(gaps)).iter(f"{SVG}circle"))  # noqa: S314  (ours)
    assert len(dots) == 8


def test_labels_are_text_whatever_stands_in_them() -> None:
    svg = picture([Axis((HOSTILE,), 50), *NINE[1:]])
    drawing = ET.fromstring(svg)  # noqa: S314  (ours)
    assert HOSTILE in [row.text for row in drawing.iter(f"{SVG}tspan")]
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} == {"svg", "path", "text", "tspan", "circle"}


@given(now=st.lists(values, min_size=9, max_size=9), last=st.lists(values, min_size=9, max_size=9))
def test_any_values_make_a_picture(now: list[float | None], last: list[float | None]) -> None:
    axes = [Axis(("軸",), one, other) for one, other in zip(now, last, strict=True)]
    drawing = ET.fromstring(picture(axes))  # noqa: S314  (ours)
    dots = len(list(drawing.iter(f"{SVG}circle")))
    assert dots == sum(value is not None for value in (*now, *last))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_labels_stand_inside_the_picture(language: Language) -> None:
    names = [CATALOG.words[language].scales[scale].short for scale in FRUSTRATIONS]
    drawing = ET.fromstring(picture([Axis(two_lines(name, "★ "), 50) for name in names]))  # noqa: S314  (ours)
    for label in (text for text in drawing.iter(f"{SVG}text") if text.get("font-size") == "14"):
        for row in label.iter(f"{SVG}tspan"):
            x, y = float(row.get("x", 0)), float(row.get("y", 0))
            wide = sum(7.5 if sign.isascii() else 14 for sign in str(row.text))
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[label.get("text-anchor", "")]
            assert 0 <= left <= left + wide <= radar_picture.WIDTH
            assert 14 <= y <= radar_picture.HEIGHT - 3


def test_names_break_where_they_break_well() -> None:
    assert two_lines("成果の見えにくさ", "★ ") == ("★ 成果の", "見えにくさ")
    assert two_lines("単調さ") == ("単調さ",)
    assert two_lines("Effort not rewarded") == ("Effort not", "rewarded")


def test_the_lines_differ_in_grey_too() -> None:
    def light(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    assert light(radar_picture.ACCENT) < 90 < light(radar_picture.GRID)
    assert light(radar_picture.PAST) < 110
