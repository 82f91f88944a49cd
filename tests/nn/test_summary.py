"""The summary of a model: shapes, parameters, multiplications, and what it leaves alone."""

import numpy as np
import pytest

import autograd_core as ag
import nn


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(6 * 14 * 14, 10),
    )  # fmt: skip


def test_shapes_parameters_and_multiplications_of_each_layer():
    model = lenet()
    model[0].freeze()
    found = nn.summary(model, (1, 28, 28), batch=3)
    assert [(row.name, row.kind, row.shape) for row in found.rows] == [
        ("0", "Conv2d", (3, 6, 28, 28)),
        ("1", "ReLU", (3, 6, 28, 28)),
        ("2", "MaxPool2d", (3, 6, 14, 14)),
        ("3", "Flatten", (3, 1176)),
        ("4", "Linear", (3, 10)),
    ]
    assert [row.parameters for row in found.rows] == [6 * 25 + 6, 0, 0, 0, 11770]
    assert [row.trainable for row in found.rows] == [0, 0, 0, 0, 11770]
    assert [row.multiply_adds for row in found.rows] == [
        3 * 6 * 28 * 28 * 25, 0, 0, 0, 3 * 1176 * 10,
    ]  # fmt: skip
    assert found.parameters == 156 + 11770
    assert found.trainable == 11770
    assert found.parameter_bytes == 4 * found.parameters
    assert found.activation_bytes == 4 * 3 * (2 * 6 * 28 * 28 + 2 * 6 * 14 * 14 + 10)
    assert "156 frozen" in repr(found)


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (nn.Linear(3, 4), (5, 3), 5 * 3 * 4),
        (nn.Conv1d(4, 6, 3, groups=2), (4, 10), 6 * 8 * 2 * 3),
        (nn.ConvTranspose2d(2, 3, 4, stride=2), (2, 5, 5), 2 * 25 * 3 * 16),
        (nn.ReLU(), (5,), 0),
    ],
)
def test_multiplications_by_hand(layer, shape, expected):
    assert nn.summary(layer, shape).multiply_adds == expected


def test_bilinear_with_two_inputs():
    assert nn.summary(nn.Bilinear(3, 4, 5), (3,), (4,), batch=2).multiply_adds == 2 * 12 * 6


def test_a_shared_layer_counts_once_in_the_total():
    shared = nn.Linear(4, 4)
    found = nn.summary(nn.Sequential(shared, nn.Tanh(), shared), (4,))
    assert found.parameters == 20
    assert found.multiply_adds == 32


def test_the_model_is_left_alone():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5)).train()
    before = {name: value.copy() for name, value in model.state_dict().items()}
    nn.summary(model, (3,), batch=8)
    assert all((model.state_dict()[name] == value).all() for name, value in before.items())
    assert all(module.training for module in model.modules())
    assert all("forward" not in vars(module) for module in model.modules())


def test_nested_outputs_and_html():
    class Two(nn.Module):
        def forward(self, x):
            return x, (x + 1.0, x[:, :1])

    found = nn.summary(nn.Sequential(Two()), (3,))
    assert found.rows[0].shape == "(1, 3), (1, 3), (1, 1)"
    assert found.activation_bytes == 4 * 7
    page = found._repr_html_()
    assert "<td style" in page
    assert "Two" in page


def test_a_shape_that_does_not_fit_is_the_layers_message():
    with pytest.raises(ag.ShapeError, match="linear"):
        nn.summary(nn.Linear(3, 4), (5,))


@pytest.mark.parametrize("shapes", [(), (784,), ((1.5,),), (np.zeros((2, 3)),)])
def test_wrong_shapes_are_named(shapes):
    with pytest.raises(TypeError, match=r"nn\.summary\(model, \(784,\)\); got"):
        nn.summary(nn.Linear(3, 4), *shapes)


def test_a_model_of_whole_numbers_is_told_about_dtype():
    model = nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(12, 2))
    with pytest.raises(ag.DTypeError, match=r"these are float32.*nn.summary\(..., dtype=int\)"):
        nn.summary(model, (3,))
    assert nn.summary(model, (3,), dtype=int).parameters == 40 + 26


class Forgetful(nn.Module):
    """Layers that forward() does not call, one of them with layers inside, one tied."""

    def __init__(self):
        self.first = nn.Linear(3, 4)
        self.spare = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2, bias=False))
        self.tied = nn.Linear(3, 4)
        self.tied.weight, self.tied.bias = self.first.weight, self.first.bias
        self.floors = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 1, bias=False)])
        self.nothing = nn.Dropout(0.5)
        self.slope = nn.PReLU()

    def forward(self, x):
        return self.floors[0](self.first(x))


def test_parameters_of_layers_that_were_not_called_are_said():
    found = nn.summary(Forgetful(), (3,))
    assert found.parameters == 16 + 28 + 20 + 4 + 1
    assert found.not_called == [("spare", 28), ("floors.1", 4), ("slope", 1)]
    remark = (
        "not called in this forward pass, but counted in the total: spare (28 parameters), "
        "floors.1 (4 parameters), slope (1 parameter)"
    )
    assert repr(found).splitlines()[-1] == remark
    assert f"<p>{remark}</p>" in found._repr_html_()
    assert sum(row.parameters for row in found.rows) + 28 + 4 + 1 == found.parameters


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (lenet(), (1, 28, 28)),
        (nn.LSTM(4, 8, 2), (5, 4)),
        (nn.TransformerEncoderLayer(8, 2, 16), (5, 8)),
        (nn.Residual(nn.Linear(4, 4), nn.Linear(4, 4)), (4,)),
    ],
)
def test_where_every_layer_is_called_nothing_is_said(model, shape):
    found = nn.summary(model, shape)
    assert found.not_called == []
    assert "not called" not in repr(found) + found._repr_html_()
