"""How outputs and targets are read, for every kind of picture."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nn
from nn.visualize.views import MOST_POINTS, class_numbers, make_view, read_outputs


def view_of(model, x, y, outputs=None):
    return make_view(model, (x, y), outputs, np.float32)


def test_targets_that_are_classes():
    assert class_numbers(np.array([[0.0], [1.0]]), 1).tolist() == [0, 1]
    assert class_numbers(np.array([True, False]), 1).tolist() == [1, 0]
    assert class_numbers(np.array([-1.0, 1.0]), 1).tolist() == [0, 1]
    assert class_numbers(np.array([2, 0]), 3).tolist() == [2, 0]
    assert class_numbers(np.eye(3)[[2, 1]], 3).tolist() == [2, 1]


def test_targets_that_are_values():
    assert class_numbers(np.array([0.5, 1.0]), 1) is None
    assert class_numbers(np.array([3, 0]), 3) is None
    assert class_numbers(np.array([1.0, 2.0]), 3) is None
    assert class_numbers(np.full((2, 3), 0.3), 3) is None
    assert class_numbers(np.zeros((2, 2)), 1) is None


def test_outputs_are_read_as_probabilities():
    logits = np.log([[1.0, 2.0, 5.0]])
    assert_allclose(read_outputs(logits, "logits").ravel(), [1 / 8, 2 / 8, 5 / 8])
    assert_allclose(read_outputs(logits[:, :2], "logits"), [[2 / 3]])
    assert_allclose(read_outputs(np.array([1000.0, -1000.0]), "logits"), [[1.0, 0.0]])
    assert_allclose(read_outputs(np.array([[0.25, 0.75]]), "probabilities"), [[0.75]])
    assert_allclose(read_outputs(np.array([[3.0], [4.0]]), "values"), [[3.0, 4.0]])


@pytest.mark.parametrize(
    ("widths", "y", "kind", "planes", "outputs"),
    [
        ((2, 2), [0, 1], "classes", 1, "logits"),
        ((2, 1), [0, 1], "classes", 1, "logits"),
        ((2, 3), [0, 2], "classes", 3, "logits"),
        ((2, 1), [0.5, 1.5], "values", 1, "values"),
        ((1, 1), [0.5, 1.5], "curve", 1, "values"),
        ((1, 2), [[0.5, 1.5], [1.0, 2.0]], "curve", 2, "values"),
        ((1, 3), [0, 2], "curve", 3, "logits"),
    ],
)
def test_what_is_shown(widths, y, kind, planes, outputs):
    model = nn.Linear(*widths)
    view = view_of(model, np.array([[0.0] * widths[0], [1.0] * widths[0]]), np.array(y))
    assert (view.kind, view.planes, view.outputs) == (kind, planes, outputs)
    assert view.look(model).values.shape[0] == planes


def test_a_closing_sigmoid_gives_probabilities():
    model = nn.MLP(2, [3], 1, output_activation="sigmoid")
    x, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    assert view_of(model, x, y).outputs == "probabilities"
    assert view_of(model, x, y, "values").kind == "values"


def test_one_column_of_inputs_may_be_flat_and_one_point_has_room():
    view = make_view(nn.Linear(1, 1), (np.array([2.0]), np.array([0.5])), None, np.float32)
    assert view.limits == ((1.0, 3.0),)
    assert view.grid.dtype == np.float32


def test_many_points_are_thinned(rng):
    x = rng.standard_normal((MOST_POINTS + 500, 2))
    view = view_of(nn.Linear(2, 1), x, rng.standard_normal(len(x)))
    assert (len(view.x), view.left_out) == (MOST_POINTS, 500)
    assert_allclose(view.x[[0, -1]], x.astype(np.float32)[[0, -1]])


def test_guesses_are_those_of_the_nearest_cell(rng):
    model = nn.Linear(2, 3, rng=rng)
    model.weight.data = np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 9.0]], np.float32)
    x = np.array([[1.0, -1.0], [-1.0, -1.0], [0.0, 1.0]])
    view = view_of(model, x, np.array([0, 1, 2]))
    assert view.guesses(view.look(model)).tolist() == [0, 1, 2]
