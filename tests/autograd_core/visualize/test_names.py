"""The caller's own names."""

import sys

import numpy as np

import autograd_core as ag
from autograd_core.visualize.names import named_arrays, variables_of

module_level = ag.Tensor(5.0)


def labels(drawing):
    return [vertex.label for vertex in drawing.graph_view.vertices]


def test_names_of_the_calling_function():
    x, w = ag.Tensor(2.0), ag.Tensor(3.0)
    product = x * w
    assert labels(ag.draw(product)) == ["x", "w", "product"]


def test_names_of_the_module_come_after_those_of_the_function():
    y = module_level * 1.5
    assert labels(ag.draw(y)) == ["module_level", "1.5", "y"]


def test_underscored_names_are_skipped():
    _hidden = ag.Tensor(2.0)
    assert labels(ag.draw(_hidden * _hidden)) == ["v0", "v1"]


def test_a_name_of_its_own_wins():
    x = ag.Tensor(2.0, name="weight")
    assert labels(ag.draw(x * x)) == ["weight", "v1"]


def test_names_can_be_given_or_refused():
    x = ag.Tensor(2.0)
    assert labels(ag.draw(x * x, names={"speed": x})) == ["speed", "v1"]
    assert labels(ag.draw(x * x, names={})) == ["v0", "v1"]


def test_lists_and_constant_arrays():
    weights = [ag.Tensor(1.0), ag.Tensor(2.0)]
    target = np.array([1.0, 2.0])
    drawing = ag.draw(((weights[0] * weights[1] - target) ** 2).sum())
    assert labels(drawing)[:4] == ["weights[0]", "weights[1]", "v2", "target"]
    assert drawing.graph_view.vertices[4].expression == "v2 − target"


def test_a_generated_label_is_never_a_name_in_use():
    v1 = ag.Tensor(2.0)
    assert labels(ag.draw(v1 * v1)) == ["v1", "v1_"]


def test_without_a_frame_there_are_no_names():
    assert variables_of(None) == {}
    assert variables_of(sys._getframe())["module_level"] is module_level


def test_long_lists_are_searched_only_so_far():
    found = list(named_arrays({"many": [ag.Tensor(0.0)] * 1000}))
    assert len(found) == 100


class Model:
    def __init__(self):
        self.weight = ag.Tensor(2.0)

    def named_parameters(self):
        yield "layer.weight", self.weight


class Unrelated:
    def named_parameters(self, wanted):
        return [wanted]


def test_parameters_of_a_model():
    model, other = Model(), Unrelated()
    assert other.named_parameters(1) == [1]
    assert labels(ag.draw(model.weight * 2.0)) == ["model.layer.weight", "2", "v1"]
