"""Planted illnesses are found and named, healthy networks are left in peace, nothing is moved."""

import numpy as np
import pytest

import nn

RNG_SEED = 3


def batch(rows=64, features=20, classes=2):
    rng = np.random.default_rng(RNG_SEED)
    return rng.standard_normal((rows, features)), rng.integers(0, classes, rows)


def mlp(hidden, activation="relu", **options):
    return nn.MLP(
        20, hidden, 2, activation=activation, rng=np.random.default_rng(RNG_SEED), **options
    )


def kinds(diagnosis):
    return [(problem.kind, problem.layer) for problem in diagnosis.problems]


def test_a_healthy_network_is_left_in_peace():
    model = mlp([30, 30])
    found = nn.diagnose(model, batch(), optimizer=nn.SGD(model.parameters(), lr=0.05))
    assert found.problems == []
    assert "Nothing conspicuous" in repr(found)


def test_deep_sigmoids_vanish_and_the_numbers_are_the_gradients():
    model, (x, y) = mlp([30] * 8, "sigmoid"), batch()
    found = nn.diagnose(model, (x, y))
    assert kinds(found) == [("vanishing gradient", "0")]
    nn.cross_entropy(model(x.astype(np.float32)), y).backward()
    rows = {layer.name: layer for layer in found.layers}
    for name in ("0", "8", "16"):
        weight = dict(model.named_parameters())[f"{name}.weight"]
        expected = np.sqrt(np.mean(np.square(weight.grad, dtype=np.float64)))
        assert rows[name].weight_gradient == pytest.approx(expected, rel=1e-6)
    assert rows["0"].weight_gradient < rows["8"].weight_gradient < rows["16"].weight_gradient


def test_an_error_that_fades_under_weights_of_one_size_is_seen():
    small = {"init": lambda shape, rng, dtype: nn.init.normal(shape, rng, dtype, std=0.05)}
    found = nn.diagnose(mlp([30] * 8, "tanh", **small), batch())
    assert kinds(found) == [("vanishing gradient", "0")]
    assert "the gradient at the outputs falls from" in repr(found)


def test_a_dead_network_is_not_told_to_take_larger_steps():
    model = mlp([10])
    model[0].bias.data[:] = -100.0
    found = nn.diagnose(model, batch(), optimizer=nn.SGD(model.parameters(), lr=0.1))
    assert "steps too small" not in [problem.kind for problem in found.problems]


def test_a_gradient_that_grows_on_its_way_back_explodes():
    wide = {"init": lambda shape, rng, dtype: nn.init.normal(shape, rng, dtype, std=2.0)}
    found = nn.diagnose(mlp([30] * 6, **wide), batch())
    assert any(problem.kind == "exploding gradient" for problem in found.problems)


def test_dead_units_are_counted():
    model = mlp([10])
    model[0].bias.data[:4] = -100.0
    found = nn.diagnose(model, batch())
    assert ("dead units", "1") in kinds(found)
    assert found.layers[1].dead == pytest.approx(0.4)
    assert "40 % of its units" in repr(found)


def test_a_wholly_dead_network_has_no_gradient_and_says_so():
    model = mlp([10])
    model[0].bias.data[:] = -100.0
    assert ("dead units", "1") in kinds(nn.diagnose(model, batch()))
    assert ("vanishing gradient", "0") in kinds(nn.diagnose(model, batch()))


@pytest.mark.parametrize(
    ("activation", "ends"), [("sigmoid", 0.0), ("tanh", -1.0), ("hard_sigmoid", 0.0)]
)
def test_saturated_units_are_counted(activation, ends):
    model = mlp([10], activation)
    model[0].bias.data[:5] = -100.0
    found = nn.diagnose(model, batch())
    assert ("saturated", "1") in kinds(found)
    assert found.layers[1].saturated == pytest.approx(0.5, abs=0.05)
    assert found.layers[1].mean < (1.0 + ends) / 2.0


@pytest.mark.parametrize(("lr", "kind"), [(50.0, "steps too large"), (1e-7, "steps too small")])
def test_the_size_of_steps_is_measured(lr, kind):
    model = mlp([10])
    optimizer = nn.SGD(model.parameters(), lr=lr, momentum=0.9)
    found = nn.diagnose(model, batch(), optimizer=optimizer)
    assert kind in [problem.kind for problem in found.problems]
    weight = model[0].weight
    before = weight.data.copy()
    x, y = batch()
    nn.cross_entropy(model(x.astype(np.float32)), y).backward()
    optimizer.step()
    ratio = np.linalg.norm(weight.data - before) / np.linalg.norm(before)
    assert found.layers[0].update_ratio == pytest.approx(ratio, rel=1e-5)


def test_values_that_are_not_finite_come_first_and_alone():
    model = mlp([10])
    model[0].weight.data[0, 0] = np.inf
    assert kinds(nn.diagnose(model, batch())) == [("not finite", "0")]


def test_frozen_weights_have_no_gradient():
    # One slope is left to train, so that there is a pass back at all.
    model = nn.Sequential(mlp([10]).freeze(), nn.PReLU())
    assert [kind for kind, _ in kinds(nn.diagnose(model, batch()))] == ["no gradient"]


def test_nothing_is_moved():
    model = nn.Sequential(nn.Linear(20, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2)).eval()
    optimizer = nn.Adam(model.parameters())
    model[0].weight.grad = np.ones_like(model[0].weight.data)
    before = {name: value.copy() for name, value in model.state_dict().items()}
    state = optimizer.state_dict()
    nn.diagnose(model, batch(), optimizer=optimizer)
    assert all((model.state_dict()[name] == value).all() for name, value in before.items())
    assert all((optimizer.state_dict()[name] == value).all() for name, value in state.items())
    assert (model[0].weight.grad == 1.0).all()
    assert model[3].weight.grad is None
    assert not model.training


def test_regression_and_a_loss_of_ones_own():
    x = np.random.default_rng(0).standard_normal((32, 20))
    model = nn.MLP(20, [8], 1, activation="tanh", rng=np.random.default_rng(0))
    plain = nn.diagnose(model, (x, x[:, :1]))
    assert plain.loss == pytest.approx(
        nn.mse_loss(model(x.astype(np.float32)), x[:, :1].astype(np.float32)).item(), rel=1e-5
    )
    assert nn.diagnose(model, (x, x[:, :1]), loss=nn.mae_loss).loss != plain.loss


def test_the_notebook_s_table_shows_text_as_text():
    page = nn.diagnose(nn.Sequential(nn.Linear(20, 2)), batch())._repr_html_()
    assert page.count("<tr>") == 2
    assert "<th>layer</th>" in page


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: nn.diagnose(mlp([3]), batch()[0]),
         "diagnose: batch must be (inputs, targets); got ndarray"),
        (lambda: nn.diagnose(mlp([3]), batch(), optimizer=nn.SGD(mlp([3]).parameters(), lr=1.0)),
         ("diagnose: this optimiser trains none of this model's parameters; give the one that was "
          "made with model.parameters()")),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, call, text):
    assert message(ValueError, call) == text


class LastState(nn.Module):
    """An LSTM that is read by its last hidden state only."""

    def __init__(self, rng):
        self.layers = nn.LSTM(4, 8, rng=rng)
        self.head = nn.Linear(8, 2, rng=rng)

    def forward(self, x):
        _, (hidden, _) = self.layers(x)
        return self.head(hidden[-1])


def test_a_recurrent_layer_has_its_row_although_it_gives_a_tuple():
    rng = np.random.default_rng(RNG_SEED)
    x = rng.standard_normal((16, 5, 4)).astype(np.float32)
    y, model = rng.integers(0, 2, 16), LastState(rng)
    row, _ = nn.diagnose(model, (x, y), optimizer=nn.SGD(model.parameters(), lr=0.1)).layers
    nn.cross_entropy(model(x), y).backward()
    gradients = [p.grad for p in model.layers.parameters() if p.ndim > 1]
    squares = np.concatenate([np.square(gradient).ravel() for gradient in gradients])
    assert (row.name, row.kind) == ("layers", "LSTM")
    assert row.weight_gradient == pytest.approx(np.sqrt(squares.mean()), rel=1e-5)
    assert row.gradient > 0
    assert row.update_ratio > 0


def test_attention_is_measured_by_its_own_weights_too():
    rng = np.random.default_rng(RNG_SEED)
    model = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, rng=rng)
    x = rng.standard_normal((4, 5, 8)).astype(np.float32)
    rows = {layer.name: layer for layer in nn.diagnose(model, (x, x)).layers}
    nn.mse_loss(model(x), x).backward()
    own = model.self_attn.in_proj_weight.grad
    assert rows["self_attn"].kind == "MultiHeadAttention"
    assert rows["self_attn"].weight_gradient == pytest.approx(
        np.sqrt(np.square(own).mean()), rel=1e-5
    )


class Forgetful(nn.Module):
    """A layer that forward() does not use."""

    def __init__(self, rng):
        self.first = nn.Linear(20, 4, rng=rng)
        self.forgotten = nn.Linear(4, 4, rng=rng)
        self.last = nn.Linear(4, 2, rng=rng)

    def forward(self, x):
        return self.last(self.first(x))


def test_a_layer_that_the_loss_does_not_depend_on_is_named():
    model = Forgetful(np.random.default_rng(RNG_SEED))
    [problem] = nn.diagnose(model, batch()).problems
    assert str(problem) == (
        "no gradient at 'forgotten': the loss does not depend on 'forgotten.weight' (and 1 more "
        "such parameters). Try: use it in forward(), or freeze() it, or take it out"
    )
    model.forgotten.freeze()
    assert nn.diagnose(model, batch()).problems == []


def sequences(rows=16, steps=7, features=4):
    rng = np.random.default_rng(RNG_SEED)
    x = rng.standard_normal((rows, steps, features)).astype(np.float32)
    return x, rng.integers(0, 2, rows)


class OfSequences(nn.Module):
    """An activation over (batch, steps, features) or (batch, channels, steps); then the mean."""

    def __init__(self, first, activation, steps_axis, width):
        self.first, self.activation, self.steps_axis = first, activation, steps_axis
        self.last = nn.Linear(width, 2, rng=np.random.default_rng(0))

    def forward(self, x):
        return self.last(self.activation(self.first(x)).mean(axis=self.steps_axis))


def test_dead_units_of_sequences_are_features_silent_at_every_step():
    x, y = sequences()
    model = OfSequences(nn.Linear(4, 10, rng=np.random.default_rng(0)), nn.ReLU(), 1, 10)
    model.first.bias.data[:3] = -100.0
    rows = {layer.name: layer for layer in nn.diagnose(model, (x, y)).layers}
    assert rows["activation"].dead == pytest.approx(0.3)
    # Silent for a whole step is no death of a unit.
    x[:, 0] = 0.0
    model.first.bias.data[3:] = -1e-3
    rows = {layer.name: layer for layer in nn.diagnose(model, (x, y)).layers}
    assert rows["activation"].dead == pytest.approx(0.3)


def test_dead_units_after_a_convolution_are_channels():
    x, y = sequences(features=4, steps=7)
    first = nn.Conv1d(4, 10, 3, padding=1, rng=np.random.default_rng(0))
    model = OfSequences(first, nn.ReLU(), 2, 10)
    model.first.bias.data[:3] = -100.0
    rows = {layer.name: layer for layer in nn.diagnose(model, (x.swapaxes(1, 2), y)).layers}
    assert rows["activation"].dead == pytest.approx(0.3)


def test_dead_features_on_four_axes_follow_the_layer_before():
    x = np.random.default_rng(0).standard_normal((8, 3, 5, 4)).astype(np.float32)
    model = nn.Sequential(nn.Linear(4, 10, rng=np.random.default_rng(0)), nn.ReLU())
    model[0].bias.data[:4] = -100.0
    assert nn.diagnose(model, (x, np.zeros((8, 3, 5, 10)))).layers[1].dead == pytest.approx(0.4)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_a_recurrent_layer_is_measured_over_all_steps(nonlinearity):
    x, y = sequences()

    class Reader(nn.Module):
        def __init__(self):
            rng = np.random.default_rng(0)
            self.layer = nn.RNN(4, 10, nonlinearity=nonlinearity, rng=rng)
            self.head = nn.Linear(10, 2, rng=rng)

        def forward(self, x):
            outputs, _ = self.layer(x)
            return self.head(outputs[:, -1])

    model = Reader()
    model.layer.bias_ih_l0.data[:4] = -100.0
    row = nn.diagnose(model, (x, y)).layers[0]
    values = model.layer(x)[0].data
    assert row.mean == pytest.approx(values.mean(), rel=1e-5)
    if nonlinearity == "tanh":
        assert row.saturated == pytest.approx(np.mean(np.abs(values) > 0.995))
        assert row.saturated >= 0.4
        assert row.dead is None
    else:
        assert row.dead == pytest.approx(0.4)
        assert row.saturated is None


class Unrolled(nn.Module):
    """A loop of one's own over the steps; unit k speaks at step k only."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.cell = nn.Linear(3, 3, bias=False, rng=rng)
        self.cell.weight.data[:] = np.eye(3)
        self.act = nn.ReLU()
        self.heads = nn.ModuleList([nn.Linear(3, 5, rng=rng), nn.Linear(5, 2, rng=rng)])

    def forward(self, x):
        state = sum(self.act(self.cell(x[:, step])) for step in range(3))
        return self.heads[1](self.act(self.heads[0](state)))


def test_a_layer_called_at_every_step_is_one_row_over_all_calls():
    x = np.zeros((8, 3, 3), np.float32)
    x[:, np.arange(3), np.arange(3)] = 1.0
    y = np.arange(8) % 2
    layers = nn.diagnose(Unrolled(), (x, y)).layers
    # The one ReLU stands in two places, and has a row for each.
    assert [layer.name for layer in layers] == ["cell", "act", "heads.0", "act", "heads.1"]
    assert layers[1].dead == 0.0
    assert layers[1].mean == pytest.approx(1 / 3)


@pytest.mark.parametrize("name", ["inputs", "targets"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_data_that_are_not_finite_are_blamed_and_not_a_layer(name, value):
    x, y = np.ones((6, 3), np.float32), np.zeros((6, 2), np.float32)
    {"inputs": x, "targets": y}[name][4, 1] = value
    found = nn.diagnose(nn.MLP(3, [4], 2), (x, y))
    assert [str(problem) for problem in found.problems] == [
        (
            f"not finite at {name!r}: the data are to blame: {name}[4, 1] is {value}; whatever is "
            "computed from it is a consequence. Try: mend or drop such rows"
        )
    ]


def test_a_model_that_deals_with_missing_inputs_is_left_in_peace():
    class Filled(nn.Module):
        def __init__(self):
            self.layer = nn.MLP(20, [30], 2)

        def forward(self, x):
            return self.layer(np.nan_to_num(x))

    x, y = batch()
    x[3, 1] = np.nan
    assert not kinds(nn.diagnose(Filled(), (x, y)))
