"""Colours: legible, apart from each other, and dark where the reader wants dark."""

import re
import xml.dom.minidom
from dataclasses import fields

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize import PictureError
from autograd_core.visualize.palette import DARK, LIGHT, Palette, follow_reader

ROLES = [field.name for field in fields(Palette)]
BOXES = ["leaf_fill", "operation_fill", "result_fill", "repeat_fill", "folded_fill"]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_can_be_read_on_every_box(palette):
    for text in ("ink", "quiet", "gradient", "gradient_positive", "gradient_negative"):
        for ground in ("page", "cluster_fill", "inner_fill", *BOXES):
            assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5, (text, ground)
    for ground in BOXES:
        assert contrast(palette.unknown, getattr(palette, ground)) >= 3.3
    for line in ("positive", "negative", "broken", "leaf", "result", "repeat", "line"):
        assert contrast(getattr(palette, line), palette.page) >= 3


def test_every_light_colour_has_one_dark_one():
    light = [getattr(LIGHT, role) for role in ROLES]
    assert len(set(light)) == len(light)
    assert set(light).isdisjoint(getattr(DARK, role) for role in ROLES)


def colours(svg):
    return set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))


def picture(**options):
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor(-3.0, name="w")
    return ag.draw(x * w + 1.0, flow=True, **options)


def test_the_themes():
    light = picture(theme="light").pipe("svg", encoding="utf-8")
    dark = picture(theme="dark").pipe("svg", encoding="utf-8")
    assert "<style>" not in light + dark
    assert colours(light) <= {getattr(LIGHT, role) for role in ROLES}
    assert colours(dark) <= {getattr(DARK, role) for role in ROLES}


def test_auto_is_light_with_rules_for_the_dark(tmp_path):
    drawing = picture()
    svg = drawing.pipe("svg", encoding="utf-8")
    light = picture(theme="light").pipe("svg", encoding="utf-8")
    assert colours(svg[svg.index("</style>") :]) == colours(light)
    xml.dom.minidom.parseString(svg)
    style = svg[svg.index("<style>") : svg.index("</style>")]
    assert style.startswith("<style>@media (prefers-color-scheme: dark){")
    for colour in colours(light):
        assert f'"{colour}"]' in style
    assert 'class="graph autograd_auto"' in svg
    assert drawing._repr_svg_() == svg
    assert (drawing._repr_mimebundle_()["image/svg+xml"]) == svg
    drawing.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text("utf-8") == svg
    assert drawing.copy().pipe("svg", encoding="utf-8") == svg


def test_other_pictures_are_left_alone():
    assert follow_reader("<svg><g/></svg>") == "<svg><g/></svg>"


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("flow", [False, True])
def test_a_gradient_has_the_colour_of_its_sign(theme, palette, flow):
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor(-3.0, name="w")
    both = ag.Tensor([1.0, 2.0], name="both")
    loss = x * w + (both * np.array([1.0, -1.0])).sum()
    source = ag.draw(loss, flow=flow, theme=theme).source
    assert f'<font color="{palette.gradient_negative}">-3</font>' in source  # of x
    assert f'<font color="{palette.gradient_positive}">2</font>' in source  # of w
    assert f'<font color="{palette.gradient}">[1, -1]</font>' in source


def test_a_repeat_has_a_colour_where_both_ends_agree():
    x = z = ag.Tensor(2.0, name="x")
    for _ in range(5):
        z = z * 2.0
    assert f'<font color="{LIGHT.gradient_positive}">16 → 1</font>' in ag.draw(z, fold=True).source
    z = x
    for _ in range(4):
        z = z * -2.0
    assert f'<font color="{LIGHT.gradient}">-8 → 1</font>' in ag.draw(z, fold=True).source


def test_a_wrong_theme():
    with pytest.raises(PictureError) as caught:
        picture(theme="sepia")
    assert str(caught.value) == "theme must be one of 'auto', 'light', 'dark', not 'sepia'."
