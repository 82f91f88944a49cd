"""`nn.draw_network`: the numbers in the picture are the engine's; wrong models are named."""

import base64
import itertools
import re
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd_core as ag
import nn
from nn.visualize.network_images import NOT_FINITE, diverging, gray
from nn.visualize.network_layout import lay_out
from nn.visualize.network_marks import plain
from nn.visualize.network_numbers import compute
from nn.visualize.network_scene import Disc, Line, Raster, Words

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def groups(drawing, *names):
    """The data- attributes of every shape that has all of these."""
    root = ET.fromstring(drawing.svg)
    found = []
    for element in root.iter(f"{SVG}g"):
        data = {k.removeprefix("data-"): v for k, v in element.attrib.items() if "data-" in k}
        if all(name in data for name in names):
            found.append(data)
    return found


def by_hand(model, x, target, loss):
    """Values and gradients of a model, through the model's own call and its own parameters."""
    out = model(np.asarray(x, np.float32)[None])
    total = loss(out, target)
    for parameter in model.parameters():
        parameter.zero_grad()
    out.retain_grad()
    total.backward()
    gradients = {name: p.grad.copy() for name, p in model.named_parameters()}
    for parameter in model.parameters():
        parameter.zero_grad()
    return out.data[0], out.grad[0], total.item(), gradients


def test_every_number_is_the_engines(rng):
    model = nn.MLP(3, [4, 5], 2, activation="tanh", rng=rng)
    x = [0.5, -1.0, 2.0]
    drawing = nn.draw_network(model, x, 1)
    out, slope, total, gradients = by_hand(model, x, [1], nn.cross_entropy)
    lines = groups(drawing, "weight")
    assert len(lines) == 3 * 4 + 4 + 4 * 5 + 5 + 5 * 2 + 2
    for line in lines:
        position = 2 * (int(line["layer"]) - 1)
        if line["from"] == "bias":
            name, index = f"{position}.bias", int(line["to"])
        else:
            name, index = f"{position}.weight", (int(line["to"]), int(line["from"]))
        parameter = dict(model.named_parameters())[name]
        assert float(line["weight"]) == float(parameter.data[index])
        np.testing.assert_allclose(float(line["change"]), -gradients[name][index], rtol=1e-5)
    neurons = groups(drawing, "value")
    assert len(neurons) == 3 + 4 + 5 + 2
    assert [float(n["value"]) for n in neurons if n["layer"] == "0"] == x
    outputs = [n for n in neurons if n["layer"] == "3"]
    np.testing.assert_allclose([float(n["value"]) for n in outputs], out, rtol=1e-6)
    np.testing.assert_allclose([float(n["change"]) for n in outputs], -slope, rtol=1e-5)
    root = ET.fromstring(drawing.svg)
    np.testing.assert_allclose(float(root.get("data-loss")), total, rtol=1e-6)
    assert root.get("data-layers") == "3-4-5-2"


def test_what_a_hidden_neuron_wants_is_the_slope_of_the_loss(rng):
    model = nn.Sequential(nn.Linear(2, 3, rng=rng), nn.Sigmoid(), nn.Linear(3, 1, rng=rng))
    drawing = nn.draw_network(model, [1.0, 2.0], [0.5])
    first = drawing.numbers.layers[0]
    second = model[2]

    def loss(hidden):
        return nn.mse_loss(second(hidden[None]), np.array([[0.5]], np.float32))

    expected = ag.grad(loss)(first.value)
    np.testing.assert_allclose(first.value_change, -expected.data, rtol=1e-5)
    shown = [float(n["change"]) for n in groups(drawing, "value", "change") if n["layer"] == "1"]
    np.testing.assert_array_equal(shown, first.value_change.astype(float))


def test_nothing_is_changed(rng):
    model = nn.MLP(2, [3], 2, rng=rng)
    state = model.state_dict()
    with ag.no_grad():
        nn.draw_network(model, [1.0, 2.0], 0)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(np.array_equal(state[name], value) for name, value in model.state_dict().items())


class Slope(nn.ReLU):
    """An activation with a parameter of its own."""

    def __init__(self):
        self.slope = nn.Parameter(0.25)

    def forward(self, x):
        return np.maximum(x, 0.0) + self.slope * np.minimum(x, 0.0)


def test_the_gradient_of_an_activations_parameter_stays(rng):
    slope = Slope()
    model = nn.Sequential(nn.Linear(2, 3, rng=rng), slope, nn.Linear(3, 2, rng=rng))
    slope.slope.grad = np.float32(7.0)
    nn.draw_network(model, [1.0, 2.0], 0)
    assert slope.slope.grad == 7.0


def test_sign_is_in_colour_and_in_dash_or_direction(rng):
    drawing = nn.draw_network(nn.MLP(2, [3], 2, rng=rng), [1.0, -2.0], 0)
    root = ET.fromstring(drawing.svg)
    checked = set()
    for group in root.iter(f"{SVG}g"):
        change = group.get("data-change")
        if change is not None and group.get("data-weight") is not None and float(change):
            line = group.find(f"{SVG}line")
            positive = float(change) > 0
            assert ("s-up" in line.get("class")) == positive
            assert (line.get("stroke-dasharray") is None) == positive
            checked.add(positive)
    assert checked == {True, False}
    arrows = [line for line in drawing._scene.shapes if getattr(line, "arrow", False)]
    assert arrows
    for arrow in arrows:
        assert (arrow.color == "up") == (arrow.y2 < arrow.y1)


def test_nested_sequential_and_no_bias(rng):
    inner = nn.Sequential(nn.Linear(3, 2, bias=False, rng=rng), nn.ReLU())
    model = nn.Sequential(nn.Sequential(nn.Linear(2, 3, rng=rng), nn.Tanh()), inner)
    drawing = nn.draw_network(model, [1.0, 2.0], [0.0, 1.0])
    assert [layer.name for layer in drawing.numbers.layers] == ["0.0", "1.0"]
    assert [layer.activation for layer in drawing.numbers.layers] == ["Tanh", "ReLU"]
    assert {line["layer"] for line in groups(drawing, "weight") if line["from"] == "bias"} == {"1"}


def test_without_a_target_lines_are_the_weights(rng):
    drawing = nn.draw_network(nn.MLP(2, [3], 1, rng=rng), [1.0, 2.0])
    assert not groups(drawing, "change")
    assert len(groups(drawing, "weight")) == 6 + 3 + 3 + 1
    assert "positive weight" in drawing.svg


def test_wide_layers_say_how_many_are_left_out(rng):
    drawing = nn.draw_network(nn.MLP(20, [30], 50, rng=rng), np.ones(20), 31, most=8)
    neurons = groups(drawing, "value")
    assert [sum(n["layer"] == k for n in neurons) for k in "012"] == [7, 7, 6]
    assert {"13 more", "23 more"} <= set(re.findall(r"\d+ more", drawing.svg))
    outputs = [int(n["index"]) for n in neurons if n["layer"] == "2"]
    assert 31 in outputs
    left_out = sum(int(n) for n in re.findall(r"(\d+) more", drawing.svg))
    assert left_out + len(neurons) == 100


@pytest.mark.parametrize(("size", "shape"), [(64, None), (784, None), (12, (3, 4))])
def test_images(rng, size, shape):
    model = nn.MLP(size, [5], 3, rng=rng)
    x = rng.uniform(0, 1, size).astype(np.float32)
    drawing = nn.draw_network(model, x, 2, image_shape=shape)
    (given,) = groups(drawing, "values")
    np.testing.assert_array_equal(np.array(given["values"].split(), float), x)
    pictures = groups(drawing, "weights")
    assert len(pictures) == 5
    for picture in pictures:
        row = np.array(picture["weights"].split(), float)
        np.testing.assert_array_equal(row, model[0].weight.data[int(picture["to"])])
        changes = drawing.numbers.layers[0].weight_change[int(picture["to"])]
        np.testing.assert_array_equal(np.array(picture["changes"].split(), float), changes)
    sources = [
        image.get("href").split(",")[1] for image in ET.fromstring(drawing.svg).iter(f"{SVG}image")
    ]
    assert len(sources) == 6
    assert all(base64.b64decode(source)[1:4] == b"PNG" for source in sources)


def test_an_image_of_two_axes_and_none_at_all(rng):
    model = nn.MLP(64, [3], 2, rng=rng)
    assert "<image" in nn.draw_network(model, np.eye(8), 0).svg
    assert "<image" not in nn.draw_network(model, np.eye(8), 0, image_shape=False).svg
    assert nn.draw_network(model, np.eye(8)).numbers.inputs.shape == (64,)


@pytest.mark.parametrize("leading", [(), (1,), (1, 1)])
@pytest.mark.parametrize("shape", [(8, 8), (4, 5)])
def test_flatten_is_passed_over_and_the_image_keeps_its_shape(rng, leading, shape):
    size = shape[0] * shape[1]
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(size, 8, rng=rng), nn.ReLU(), nn.Linear(8, 10, rng=rng)
    )
    x = rng.uniform(0, 1, shape).astype(np.float32)
    drawing = nn.draw_network(model, x.reshape(leading + shape), 3)
    assert repr(drawing).startswith(f"<NetworkDrawing {size}-8-10")
    out = model(x[None, None]).data[0]
    np.testing.assert_allclose(drawing.numbers.layers[-1].value, out, rtol=1e-6)
    rasters = [s for s in drawing._scene.shapes if isinstance(s, Raster)]
    assert [raster.pixels.shape for raster in rasters] == [(*shape, 3)] * 9
    assert rasters[0].width / rasters[0].height == pytest.approx(shape[1] / shape[0])


def test_flatten_of_images_with_channels_and_of_a_batch(rng):
    model = nn.Sequential(nn.Flatten(), nn.MLP(4 * 9, [3], 2, rng=rng))
    x = rng.uniform(0, 1, (5, 4, 3, 3)).astype(np.float32)
    drawing = nn.draw_network(model, x, row=2)
    assert "<image" not in drawing.svg  # 36 is a square, but this is no image of 6 by 6
    np.testing.assert_array_equal(drawing.numbers.inputs, x[2].ravel())
    with pytest.raises(ag.ShapeError, match=r"batch of 5 rows .*row=0"):
        nn.draw_network(model, x)
    with pytest.raises(TypeError, match=r"layer '0', a Flatten, cannot be drawn"):
        nn.draw_network(nn.Sequential(nn.Flatten(2), nn.Linear(9, 2)), x[0])


def test_dropout_in_evaluation_is_passed_over(rng):
    model = nn.Sequential(
        nn.Linear(2, 3, rng=rng), nn.Dropout(0.5), nn.Tanh(), nn.Dropout(0.5), nn.Linear(3, 1)
    )
    with pytest.raises(TypeError, match=r"layer '1', a Dropout, .* in training.*model.eval\(\)"):
        nn.draw_network(model, [1.0, 2.0])
    drawing = nn.draw_network(model.eval(), [1.0, 2.0])
    assert [layer.activation for layer in drawing.numbers.layers] == ["Tanh", ""]
    out = model(np.float32([[1.0, 2.0]])).data[0]
    np.testing.assert_allclose(drawing.numbers.layers[-1].value, out, rtol=1e-6)


def test_a_row_of_a_batch(rng):
    model, x = nn.MLP(2, [3], 2, rng=rng), np.arange(6.0).reshape(3, 2)
    drawing = nn.draw_network(model, x, np.array([0, 1, 1]), row=2)
    assert drawing.numbers.inputs.tolist() == [4.0, 5.0]
    assert drawing.numbers.label == 1
    assert nn.draw_network(model, x[:1], 0).numbers.inputs.tolist() == [0.0, 1.0]


def test_the_default_loss(rng):
    model = nn.MLP(2, [3], 2, output_activation="softmax", rng=rng)
    numbers = nn.draw_network(model, [1.0, 2.0], 1).numbers
    assert numbers.loss_name == "cross-entropy"
    np.testing.assert_allclose(numbers.loss, -np.log(numbers.layers[-1].value[1]), rtol=1e-5)
    np.testing.assert_allclose(numbers.probabilities, numbers.layers[-1].value)
    logs = nn.MLP(2, [3], 2, output_activation="log_softmax", rng=rng)
    numbers = nn.draw_network(logs, [1.0, 2.0], 1).numbers
    np.testing.assert_allclose(numbers.loss, -numbers.layers[-1].value[1], rtol=1e-5)
    one = nn.draw_network(nn.MLP(2, [3], 1, rng=rng), [1.0, 2.0], 1).numbers
    assert (one.loss_name, one.label) == ("squared error", None)


def test_a_loss_of_your_own(rng):
    model = nn.MLP(2, [3], 2, rng=rng)

    def distance(output, target):
        return np.abs(output - target).sum()

    drawing = nn.draw_network(model, [1.0, 2.0], [0.0, 1.0], loss=distance)
    out = drawing.numbers.layers[-1].value
    assert "target 1.00" in drawing.svg
    np.testing.assert_allclose(drawing.numbers.loss, np.abs(out - [0.0, 1.0]).sum(), rtol=1e-5)
    assert "distance" in drawing.svg
    with pytest.raises(ag.GraphError, match="must return one number that records"):
        nn.draw_network(model, [1.0, 2.0], [0.0, 1.0], loss=lambda *_: 1.0)
    with pytest.raises(TypeError, match="loss= needs a target"):
        nn.draw_network(model, [1.0, 2.0], loss=distance)


class Residual(nn.Module):
    def forward(self, x):
        return x + 1


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(TypeError, match=r"layer '1', a Residual, cannot be drawn.*Linear, each"):
        nn.draw_network(nn.Sequential(nn.Linear(2, 2), Residual()), [1.0, 2.0])
    with pytest.raises(TypeError, match=r"a Residual, cannot be drawn"):
        nn.draw_network(Residual(), [1.0, 2.0])
    with pytest.raises(TypeError, match="before the first Linear layer"):
        nn.draw_network(nn.Sequential(nn.ReLU(), nn.Linear(2, 2)), [1.0, 2.0])
    with pytest.raises(TypeError, match="holds no Linear layer"):
        nn.draw_network(nn.Sequential(), [1.0, 2.0])
    with pytest.raises(TypeError, match="model is function, not a Module"):
        nn.draw_network(by_hand, [1.0, 2.0])


def test_shapes_that_do_not_fit():
    model = nn.MLP(2, [3], 2)
    with pytest.raises(ag.ShapeError, match=r"batch of 3 rows.*row=0"):
        nn.draw_network(model, np.ones((3, 2)))
    with pytest.raises(ag.ShapeError, match="rows 0 to 2"):
        nn.draw_network(model, np.ones((3, 2)), row=3)
    with pytest.raises(ag.ShapeError, match="x is a single row"):
        nn.draw_network(model, np.ones(2), row=0)
    with pytest.raises(ag.ShapeError, match=r"x has 3 numbers .*takes 2"):
        nn.draw_network(model, np.ones(3))
    with pytest.raises(ag.ShapeError, match=r"target 2 is no class.*0 to 1"):
        nn.draw_network(model, np.ones(2), 2)
    with pytest.raises(ag.ShapeError, match="target has 3 numbers"):
        nn.draw_network(model, np.ones(2), np.ones(3))
    with pytest.raises(ag.DTypeError, match="x must be real numbers"):
        nn.draw_network(model, [1j, 2.0])
    with pytest.raises(ag.ShapeError, match=r"layer '1' takes 4 numbers, but gets 3"):
        nn.draw_network(nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1)), np.ones(2))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"most": 4}, "most is 4"),
        ({"theme": "pink"}, "theme is 'pink'"),
        ({"image_shape": (2, 2)}, "image_shape"),
        ({"image_shape": True}, "image_shape"),
    ],
)
def test_options_that_do_not_fit(options, words):
    with pytest.raises(ValueError, match=words):
        nn.draw_network(nn.MLP(2, [3], 2), np.ones(2), **options)


def test_text_is_escaped():
    title = "<script>alert('&')</script>\x00\ud800"
    drawing = nn.draw_network(nn.MLP(2, [3], 2), np.ones(2), title=title)
    assert "<script>" not in drawing.svg
    assert "alert('&')" in "".join(ET.fromstring(drawing.svg).itertext())
    assert drawing._repr_svg_() == drawing.svg


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 1e38])
def test_unusual_values_are_drawn(value):
    model = nn.MLP(2, [3], 2, rng=np.random.default_rng(0))
    with np.errstate(all="ignore"):
        drawing = nn.draw_network(model, [value, 1.0], 0)
    ET.fromstring(drawing.svg)
    assert float(groups(drawing, "value")[0]["value"]) == pytest.approx(value, nan_ok=True)


def test_nan_has_no_sign_and_no_strength():
    drawing = nn.draw_network(nn.MLP(2, [3], 2, rng=np.random.default_rng(0)), [np.nan, 2], 1)
    weights = [s for s in drawing._scene.shapes if isinstance(s, Line) and "weight" in s.data]
    assert len(weights) == 6 + 3 + 6 + 2
    assert {(line.color, line.dashed) for line in weights} == {("soft", False)}
    assert max(line.width for line in weights) < 1
    assert not [s for s in drawing._scene.shapes if isinstance(s, Line) and s.arrow and s.data]
    assert not re.search("[+−]nan|nan %", drawing.svg)
    nans = [s for s in drawing._scene.shapes if isinstance(s, Words) and s.text == "nan"]
    assert {words.color for words in nans} == {"ink", "soft"}
    assert "cross-entropy nan · the loss is not finite" in drawing.svg
    assert "the gradient is nan" in drawing.svg


def test_the_finite_numbers_beside_an_infinite_one_keep_their_strength():
    model = nn.MLP(2, [3], 2, activation="tanh", rng=np.random.default_rng(0))
    drawing = nn.draw_network(model, [np.inf, 2.0], [0.0, 1.0])
    assert "some inputs are not finite" in drawing.svg
    lines = [s for s in drawing._scene.shapes if isinstance(s, Line) and "weight" in s.data]
    widths = {k: [line.width for line in lines if line.data["layer"] == k] for k in (1, 2)}
    assert max(widths[1]) < 1  # 0, or 0 times infinity
    assert max(widths[2]) == 5
    discs = {
        s.data["index"]: s.fill
        for s in drawing._scene.shapes
        if isinstance(s, Disc) and s.data.get("layer") == 0
    }
    assert discs == {0: 1.0, 1: 1.0}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda layer: setattr(layer.bias, "data", layer.bias.data * np.nan), "some weights are"),
        (lambda layer: setattr(layer.weight, "data", layer.weight.data * 1e38), "some activations"),
    ],
)
def test_without_a_target_too_what_is_not_finite_is_said(rng, spoil, words):
    model = nn.MLP(2, [3], 1, rng=rng)
    assert "not finite" not in nn.draw_network(model, [1e10, 1.0]).svg
    spoil(model[0])
    assert words in nn.draw_network(model, [1e10, 1.0]).svg


def test_pixels_that_are_not_finite_are_pink():
    pink = list(NOT_FINITE)
    assert gray(np.array([[np.nan, 2.0, 4.0, np.inf]])).tolist() == [
        [pink, [255] * 3, [0] * 3, pink]
    ]
    assert gray(np.array([[np.nan]])).tolist() == [[pink]]
    assert diverging(np.array([[-np.inf, 0.0]])).tolist() == [[pink, [255] * 3]]
    model, image = nn.MLP(64, [3], 2), np.eye(8)
    assert "pink" not in nn.draw_network(model, image, 0).svg
    image[0, 1] = np.nan
    assert "pink pixels: not finite" in nn.draw_network(model, image, 0).svg


def test_nothing_is_fetched(rng):
    svg = nn.draw_network(nn.MLP(64, [3], 2, rng=rng), np.ones(64), 0).svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in svg


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_themes_and_saving(tmp_path, rng, theme):
    drawing = nn.draw_network(nn.MLP(64, [3], 2, rng=rng), np.eye(8), 0, theme=theme)
    assert ("prefers-color-scheme" in drawing.svg) == (theme == "auto")
    assert drawing.save(tmp_path / "a.svg").read_text(encoding="utf-8") == drawing.svg
    pytest.importorskip("matplotlib")
    image = drawing.save(str(tmp_path / "a.png")).read_bytes()
    assert image[1:4] == b"PNG"
    with pytest.raises(ValueError, match=r"ends in '.jpg'.*\.svg or \.png"):
        drawing.save(tmp_path / "a.jpg")


def test_png_without_matplotlib_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    drawing = nn.draw_network(nn.MLP(2, [3], 2), np.ones(2))
    with pytest.raises(ag.MissingExtraError, match=r"autograd-core\[plot\]"):
        drawing.save(tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_weights_written_on_lines_do_not_cover_each_other():
    model = nn.MLP(2, [4, 3], 2, activation="tanh", rng=np.random.default_rng(3))
    shapes = lay_out(compute(model, [0.8, -0.4], 1), title="", most=12, image_shape=None).shapes
    weights = [shape for shape in shapes if isinstance(shape, Words) and shape.size == 10.5]
    assert len(weights) == 8 + 6  # the 12 between the hidden layers are too many to write
    for one, other in itertools.combinations(weights, 2):
        assert abs(one.x - other.x) > 30 or abs(one.y - other.y) > 11


def test_a_weight_is_nearer_to_its_own_line_than_to_any_other():
    model = nn.MLP(3, [4], 2, activation="tanh", rng=np.random.default_rng(3))
    numbers = compute(model, [0.8, -0.4, 1.2], 1)
    shapes = lay_out(numbers, title="", most=12, image_shape=None).shapes
    lines = [s for s in shapes if isinstance(s, Line) and s.data.get("layer") == 2]
    weights = [shape for shape in shapes if isinstance(shape, Words) and shape.plate]
    assert len(weights) == 8
    for words in weights:
        heights = {
            line.data["weight"]: line.y1
            + (line.y2 - line.y1) * (words.x - line.x1) / (line.x2 - line.x1)
            for line in lines
        }
        by_distance = sorted((abs(y - words.y), float(weight)) for weight, y in heights.items())
        assert by_distance[0][0] < 1e-9
        assert words.text == plain(by_distance[0][1])
        assert by_distance[1][0] > 8
    assert len({round(words.x) for words in weights}) > 2  # not one column


def test_no_line_is_seen_between_the_digits_of_a_weight():
    model = nn.MLP(2, [2], 1, rng=np.random.default_rng(0))
    svg = nn.draw_network(model, [1.0, 2.0]).svg
    for label in re.findall(r'<text [^>]*font-size="10.5"[^>]*>', svg):
        assert re.search(r'<rect [^>]*class="f-paper"/>' + re.escape(label), svg)
    assert 'font-size="10.5"' in svg


def test_paper_lies_around_an_arrow_that_lines_pass():
    model = nn.MLP(3, [4], 2, activation="tanh", rng=np.random.default_rng(3))
    numbers = compute(model, [0.8, -0.4, 1.2], 1)
    shapes = lay_out(numbers, title="", most=12, image_shape=None).shapes
    arrows = [at for at, shape in enumerate(shapes) if isinstance(shape, Line) and shape.arrow]
    assert len(arrows) > 5
    for at in arrows[:6]:
        arrow, paper = shapes[at], shapes[at - 1]
        if paper.color == "paper":
            assert paper.width >= 11
            assert min(paper.y1, paper.y2) < min(arrow.y1, arrow.y2)
            assert max(paper.y1, paper.y2) > max(arrow.y1, arrow.y2)
    assert sum(shapes[at - 1].color == "paper" for at in arrows if at) >= 6
