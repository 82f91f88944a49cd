"""RNN, LSTM and GRU: PyTorch's values and gradients, padded sequences, states, errors."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from tests.nn.sequences.cases import BATCH, RECURRENT, SIZES, STEPS, numbers, parameter_values
from tests.nn.sequences.comparing import compare, recorded, results

LAYERS = [nn.RNN, nn.LSTM, nn.GRU]
every_layer = pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
every_case = pytest.mark.parametrize("case", RECURRENT, ids=lambda case: case.name)


def evaluate(case):
    layer = getattr(nn, case.layer)(**SIZES, **case.options, dtype=float)
    shapes = {name: p.shape for name, p in layer.named_parameters()}
    layer.load_state_dict(parameter_values(shapes))
    first = case.options.get("batch_first", True)
    leaves = {"x": Tensor(numbers((BATCH, STEPS, 4) if first else (STEPS, BATCH, 4), 1))}
    state = None
    if case.state:
        rows = layer.num_layers * (2 if layer.bidirectional else 1)
        leaves["h0"] = state = Tensor(numbers((rows, BATCH, 3), 2))
        if case.layer == "LSTM":
            leaves["c0"] = Tensor(numbers((rows, BATCH, 3), 3))
            state = (leaves["h0"], leaves["c0"])
    out, end = layer(leaves["x"], state, lengths=case.lengths)
    ends = end if isinstance(end, tuple) else (end,)
    return results(layer, {"out": out, **dict(zip(["h", "c"], ends, strict=False))}, leaves)


@every_case
def test_layer_gives_what_torch_gave(case):
    compare(evaluate(case), recorded(case))


@every_case
def test_layer_gives_what_torch_gives(case):
    pytest.importorskip("torch")
    theirs = pytest.importorskip("tests.nn.sequences.torch_side")
    compare(evaluate(case), theirs.evaluate(case))


def parts(state):
    return state if isinstance(state, tuple) else (state,)


@every_layer
def test_padded_sequences_are_as_each_alone(kind, rng):
    layer = kind(2, 3, num_layers=2, bidirectional=True, rng=rng, dtype=float)
    lengths = [4, 1, 6]
    x = rng.standard_normal((3, 6, 2))
    out, ends = layer(Tensor(x), lengths=lengths)
    for row, length in enumerate(lengths):
        alone, end = layer(x[row : row + 1, :length])
        np.testing.assert_allclose(out.data[row, :length], alone.data[0], rtol=1e-12)
        assert np.all(out.data[row, length:] == 0)
        for a, b in zip(parts(ends), parts(end), strict=True):
            np.testing.assert_allclose(a.data[:, row], b.data[:, 0], rtol=1e-12)


@every_layer
def test_padding_has_no_influence_and_no_gradient(kind, rng):
    layer = kind(2, 3, bidirectional=True, rng=rng, dtype=float)
    x = Tensor(rng.standard_normal((2, 4, 2)))
    other = x.data.copy()
    other[1, 2:] = 100.0
    mask = np.array([[True] * 4, [True, True, False, False]])
    out, _ = layer(x, mask=mask)
    np.testing.assert_array_equal(out.data, layer(other, lengths=[4, 2])[0].data)
    out.backward(np.ones(out.shape))
    assert np.all(x.grad[1, 2:] == 0)
    assert np.all(x.grad[1, :2] != 0)


@every_layer
def test_a_mask_may_have_holes(kind, rng):
    layer = kind(2, 3, rng=rng, dtype=float)
    x = rng.standard_normal((1, 5, 2))
    live = np.array([[True, False, True, True, False]])
    out, end = layer(x, mask=live)
    short, short_end = layer(x[:, live[0]])
    np.testing.assert_allclose(out.data[:, live[0]], short.data, rtol=1e-12)
    for a, b in zip(parts(end), parts(short_end), strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-12)


@every_layer
def test_a_sequence_of_length_zero_keeps_its_state(kind, rng):
    layer = kind(2, 3, rng=rng, dtype=float)
    start = rng.standard_normal((1, 2, 3))
    state = (start, start) if kind is nn.LSTM else start
    out, end = layer(rng.standard_normal((2, 4, 2)), state, lengths=np.array([0, 4]))
    assert np.all(out.data[0] == 0)
    for part in parts(end):
        np.testing.assert_array_equal(part.data[:, 0], start[:, 0])


@every_layer
def test_two_halves_are_the_whole(kind, rng):
    layer = kind(2, 3, num_layers=2, rng=rng, dtype=float)
    x = rng.standard_normal((2, 6, 2))
    whole, end = layer(x)
    first, state = layer(x[:, :3])
    second, state = layer(x[:, 3:], state)
    both = np.concatenate([first.data, second.data], axis=1)
    np.testing.assert_allclose(both, whole.data, rtol=1e-12)
    for a, b in zip(parts(state), parts(end), strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-12)


@every_layer
def test_truncated_back_propagation_stops_at_detach(kind, rng):
    layer = kind(2, 3, rng=rng, dtype=float)
    early, late = Tensor(rng.standard_normal((1, 3, 2))), Tensor(rng.standard_normal((1, 3, 2)))
    _, state = layer(early)
    state = tuple(s.detach() for s in state) if kind is nn.LSTM else state.detach()
    out, _ = layer(late, state)
    out.sum().backward()
    assert early.grad is None
    assert np.all(late.grad != 0)


@every_layer
def test_second_order(kind, rng):
    layer = kind(2, 2, bidirectional=True, rng=rng, dtype=float)
    x = Tensor(rng.standard_normal((2, 3, 2)))

    def function(layer, x):
        out, end = layer(x, lengths=[3, 2])
        return np.sum(out * out) + sum(np.sum(part**3) for part in parts(end))

    report = ag.gradcheck(function, layer, x, order=2)
    assert report.ok, str(report)


@every_layer
def test_dropout_between_layers_in_training_only(kind):
    make = np.random.default_rng
    layer = kind(2, 3, num_layers=2, dropout=0.5, rng=make(1))
    x = make(2).standard_normal((2, 4, 2)).astype("float32")
    assert np.any(layer(x)[0].data != layer(x)[0].data)
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].data, layer(x)[0].data)
    twin = kind(2, 3, num_layers=2, dropout=0.5, rng=make(1))
    other = kind(2, 3, num_layers=2, dropout=0.5, rng=make(1))
    np.testing.assert_array_equal(twin(x)[0].data, other(x)[0].data)


@every_layer
def test_single_precision_stays(kind):
    out, end = kind(2, 3)(np.ones((1, 2, 2), "float32"))
    assert {out.dtype, *(part.dtype for part in parts(end))} == {np.dtype("float32")}


def test_what_it_shows_and_counts():
    layer = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
    assert repr(layer) == "LSTM(3, 4, num_layers=2, bidirectional=True)"
    assert repr(nn.RNN(3, 4, nonlinearity="relu", bias=False)) == (
        "RNN(3, 4, bias=False, nonlinearity='relu')"
    )
    x = np.ones((2, 5, 3), "float32")
    weights = 2 * (16 * 3 + 16 * 4) + 2 * (16 * 8 + 16 * 4)
    assert layer.multiply_adds((x,), layer(x)) == 2 * 5 * weights


# ------------------------------------------------------------------------------ errors

BATCH_OF_TWO = np.ones((2, 5, 3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda layer: layer(np.ones((5, 3))),
            ag.ShapeError,
            (
                "LSTM: the input must have shape (batch, steps, 3), of one sequence and one step "
                "at least; it has shape (5, 3)"
            ),
        ),
        (
            lambda layer: layer(np.ones((2, 0, 3))),
            ag.ShapeError,
            (
                "LSTM: the input must have shape (batch, steps, 3), of one sequence and one step "
                "at least; it has shape (2, 0, 3)"
            ),
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, np.ones((1, 2, 4))),
            ag.ShapeError,
            (
                "LSTM: the state is a pair (hidden, cell), each of shape (num_layers * directions, "
                "batch, hidden_size) = (1, 2, 4); given: (1, 2, 4)"
            ),
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, mask=np.ones((5, 2), bool)),
            ag.ShapeError,
            (
                "LSTM: the mask must have shape (batch, steps) = (2, 5), as the input; it has "
                "shape (5, 2)"
            ),
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, mask=np.ones((2, 5))),
            ag.DTypeError,
            (
                "LSTM: the mask has booleans, True where a step counts; it has float64. Convert "
                "it: mask.astype(bool)"
            ),
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, lengths=[5, 6]),
            ag.ShapeError,
            "LSTM: length 6 (sequence 1) is outside 0..5, the number of steps",
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, lengths=[5, 4, 3]),
            ag.ShapeError,
            "LSTM: lengths needs one number a sequence, so shape (2,); it has shape (3,)",
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, lengths=[5.0, 4.0]),
            ag.DTypeError,
            "LSTM: lengths are whole numbers of steps; they are float64",
        ),
        (
            lambda layer: layer(BATCH_OF_TWO, lengths=[5, 4], mask=np.ones((2, 5), bool)),
            ag.ShapeError,
            "LSTM: give lengths or a mask, not both",
        ),
    ],
)
def test_a_wrong_call_says_what_to_do(call, error, message):
    with pytest.raises(error) as raised:
        call(nn.LSTM(3, 4))
    assert str(raised.value) == message


def test_wrong_options_are_named():
    with pytest.raises(ValueError, match=r"RNN: nonlinearity is 'tanh' or 'relu', not 'sigmoid'"):
        nn.RNN(2, 3, nonlinearity="sigmoid")
    with pytest.raises(ValueError, match=r"GRU: hidden_size must be a whole number of at least 1"):
        nn.GRU(2, 0)


def test_a_state_dict_that_does_not_fit_names_keys_and_shapes():
    with pytest.raises(nn.StateDictError) as raised:
        nn.GRU(2, 3).load_state_dict(nn.GRU(2, 4, bias=False).state_dict())
    message = str(raised.value)
    assert "missing: 'bias_ih_l0' of shape (9,)" in message
    assert "'weight_hh_l0' has shape (12, 4) in the state, (9, 3) in the model" in message


# ------------------------------------------------------------------------------ the engine's scans


def test_operands_that_do_not_fit_are_described():
    x, weight, start = np.ones((3, 2, 8)), np.ones((8, 2)), np.ones((2, 2))
    with pytest.raises(ag.ShapeError, match=r"lstm_scan: x of shape \(steps, batch, 4 \* width\)"):
        ag.lstm_scan(x, weight, start, np.ones((3, 2)))
    with pytest.raises(ag.ShapeError, match=r"rnn_scan: activation is 'tanh' or 'relu', not 'no'"):
        ag.rnn_scan(x, weight, start, activation="no")
    with pytest.raises(ag.DTypeError, match=r"gru_scan: the mask says True where a step counts"):
        ag.gru_scan(np.ones((3, 2, 6)), np.ones((6, 2)), None, start, np.ones((3, 2)))


def test_two_passes_through_one_graph_with_other_cotangents(rng):
    x = Tensor(rng.standard_normal((3, 2, 8)))
    weight, start = rng.standard_normal((8, 2)), np.zeros((2, 2))
    out, _, _ = ag.lstm_scan(x, weight, start, start)
    g = rng.standard_normal(out.shape)
    out.backward(g, retain_graph=True)
    once = x.grad.copy()
    out.backward(2 * g)
    np.testing.assert_allclose(x.grad, 3 * once, rtol=1e-12)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_what_another_recurrent_layer_returns_is_no_input(kind, message):
    layer, pair = kind(3, 3), nn.GRU(3, 3)(np.ones((2, 4, 3), np.float32))
    assert message(ag.DTypeError, lambda: layer(pair)) == (
        f"{kind.__name__}: the input must be an array or a Tensor; got tuple of 2. Of what another "
        "recurrent layer returns, give the outputs alone: outputs, state = other(x)"
    )
