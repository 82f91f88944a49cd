"""Multi-head attention and the layers of a transformer: PyTorch's values, masks, errors."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from tests.nn.sequences.cases import (
    ATTENTION,
    BLOCKS,
    SOURCES,
    TARGETS,
    WIDTH,
    Attention,
    attention_mask,
    numbers,
    padding_mask,
    parameter_values,
)
from tests.nn.sequences.comparing import compare, recorded, results

CASES = [*ATTENTION, *BLOCKS]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def filled(layer):
    layer.load_state_dict(parameter_values({n: p.shape for n, p in layer.named_parameters()}))
    return layer


def evaluate(case):
    return attention(case) if isinstance(case, Attention) else block(case)


def attention(case):
    layer = filled(nn.MultiHeadAttention(WIDTH, case.heads, **case.options, dtype=float))
    leaves = {"query": Tensor(numbers((3, TARGETS, WIDTH), 1))}
    inputs = [leaves["query"]]
    if case.cross:
        leaves["key"] = Tensor(numbers((3, SOURCES, WIDTH), 2))
        leaves["value"] = Tensor(numbers((3, SOURCES, WIDTH), 4))
        inputs = list(leaves.values())
    masks = {
        "key_padding_mask": padding_mask(SOURCES if case.cross else TARGETS)
        if case.padding
        else None,
        "attn_mask": attention_mask(case.mask) if case.mask else None,
        "is_causal": case.causal,
    }
    out, weights = layer(*inputs, **masks, need_weights=True)
    np.testing.assert_allclose(layer(*inputs, **masks).data, out.data, rtol=1e-12, atol=1e-14)
    return results(layer, {"out": out, "weights": weights}, leaves)


def block(case):
    layer = getattr(nn, case.layer)(WIDTH, 2, 8, dropout=0.0, dtype=float, **case.options)
    filled(layer)
    leaves = {"x": Tensor(numbers((3, TARGETS, WIDTH), 1))}
    padding = padding_mask(TARGETS) if case.padding else None
    if case.layer == "TransformerEncoderLayer":
        out = layer(leaves["x"], None, padding, case.causal)
    else:
        leaves["memory"] = Tensor(numbers((3, SOURCES, WIDTH), 2))
        out = layer(
            *leaves.values(),
            tgt_key_padding_mask=padding,
            memory_key_padding_mask=padding_mask(SOURCES) if case.padding else None,
            tgt_is_causal=case.causal,
        )
    return results(layer, {"out": out}, leaves)


@every_case
def test_layer_gives_what_torch_gave(case):
    compare(evaluate(case), recorded(case))


@every_case
def test_layer_gives_what_torch_gives(case):
    pytest.importorskip("torch")
    theirs = pytest.importorskip("tests.nn.sequences.torch_side")
    compare(evaluate(case), theirs.evaluate(case))


# ------------------------------------------------------------------------------ masks


def test_padded_sequences_are_as_each_alone(rng):
    layer = nn.MultiHeadAttention(6, 2, rng=rng, dtype=float)
    x, lengths = rng.standard_normal((3, 5, 6)), [5, 2, 4]
    padding = np.arange(5) >= np.array(lengths)[:, None]
    out = layer(x, key_padding_mask=padding)
    for row, length in enumerate(lengths):
        alone = layer(x[row : row + 1, :length])
        np.testing.assert_allclose(out.data[row, :length], alone.data[0], rtol=1e-12)


def test_the_future_has_no_influence(rng):
    layer = nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0, rng=rng, dtype=float)
    x = rng.standard_normal((1, 5, 6))
    changed = x.copy()
    changed[:, 3:] += 1
    before, after = (layer(a, is_causal=True).data for a in (x, changed))
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert np.all(before[:, 3:] != after[:, 3:])


def test_a_target_that_may_look_at_nothing_gets_zeros_and_no_nan(rng):
    layer = nn.MultiHeadAttention(4, 2, bias=False, rng=rng, dtype=float)
    x = Tensor(rng.standard_normal((2, 3, 4)))
    padding = np.array([[True] * 3, [False, False, True]])
    out = layer(x, key_padding_mask=padding)
    assert np.all(out.data[0] == 0)
    assert np.all(out.data[1] != 0)
    out.backward(np.ones(out.shape))
    assert np.all(x.grad[0] == 0)
    assert np.isfinite(x.grad).all()
    again, weights = layer(x, key_padding_mask=padding, need_weights=True)
    np.testing.assert_allclose(again.data, out.data, rtol=1e-12)
    assert np.all(weights.data[0] == 0)
    again.backward(np.ones(out.shape))
    assert np.isfinite(x.grad).all()


def test_a_bias_of_the_scores_gets_its_gradient(rng):
    layer = nn.MultiHeadAttention(4, 2, rng=rng, dtype=float).freeze()
    x = rng.standard_normal((2, 3, 4))

    def loss(bias):
        return np.sum(layer(x, attn_mask=bias) ** 3)

    report = ag.gradcheck(loss, Tensor(rng.standard_normal((1, 2, 3, 3))), order=2)
    assert report.ok, str(report)


def test_second_order(rng):
    options = {"activation": "gelu", "norm_first": True, "bias": False}
    layer = nn.TransformerEncoderLayer(4, 2, 5, dropout=0.0, rng=rng, dtype=float, **options)
    x = rng.standard_normal((2, 3, 4))
    report = ag.gradcheck(lambda layer, x: np.sum(layer(x) ** 2), layer, x, order=2)
    assert report.ok, str(report)


def test_dropout_of_the_weights_is_the_same_with_and_without_returning_them():
    x = np.random.default_rng(1).standard_normal((2, 3, 4))
    outs = []
    for need in (False, True):
        layer = nn.MultiHeadAttention(4, 2, 0.5, rng=np.random.default_rng(2), dtype=float)
        out = layer(x, need_weights=need)
        outs.append(out[0].data if need else out.data)
    np.testing.assert_allclose(*outs, rtol=1e-12)
    assert np.any(outs[0] != layer.eval()(x).data)
    np.testing.assert_array_equal(layer(x).data, layer(x).data)


# ------------------------------------------------------------------------------ stacks


def test_a_stack_makes_layers_of_their_own_and_ends_with_its_norm(rng):
    def make():
        return nn.TransformerEncoderLayer(4, 2, 5, norm_first=True, dropout=0.0, rng=rng)

    model = nn.TransformerEncoder(make, 2, nn.LayerNorm(4))
    first, second = (layer.linear1.weight.data for layer in model.layers)
    assert np.any(first != second)
    x = rng.standard_normal((2, 3, 4)).astype("float32")
    one, two = model.layers
    np.testing.assert_array_equal(model(x).data, model.norm(two(one(x))).data)
    assert "layers.1.self_attn.in_proj_weight" in model.state_dict()


def test_encoder_and_decoder_train_together(rng):
    encoder = nn.TransformerEncoder(
        lambda: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, rng=rng), 1
    )
    decoder = nn.TransformerDecoder(
        lambda: nn.TransformerDecoderLayer(4, 2, 8, dropout=0.0, rng=rng), 2
    )
    source = rng.standard_normal((2, 5, 4)).astype("float32")
    target = source[:, ::-1][:, :3].copy()
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = nn.Adam(parameters, lr=0.01)
    losses = []
    for _ in range(30):
        loss = nn.mse_loss(decoder(target, encoder(source), tgt_is_causal=True), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_a_stack_is_given_a_function():
    with pytest.raises(TypeError, match=r"TransformerEncoder: give a function that makes a layer"):
        nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2), 2)


def test_what_it_shows_and_counts():
    layer = nn.MultiHeadAttention(6, 2, 0.1)
    assert repr(layer).startswith("MultiHeadAttention(6, 2, dropout=0.1")
    query, key = np.ones((3, 4, 6), "float32"), np.ones((3, 5, 6), "float32")
    maps, scores = (4 + 2 * 5) * 36, 2 * 4 * 5 * 6
    assert layer.multiply_adds((query, key), layer(query, key)) == 3 * (maps + scores)


# ------------------------------------------------------------------------------ errors

X = np.ones((2, 3, 4))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda layer: layer(np.ones((3, 4))),
            ag.ShapeError,
            (
                "MultiHeadAttention: query must have shape (batch, targets, 4), key and value "
                "(batch, sources, 4); given: query (3, 4), key (3, 4), value (3, 4)"
            ),
        ),
        (
            lambda layer: layer(X, key_padding_mask=np.zeros((3, 2), bool)),
            ag.ShapeError,
            (
                "MultiHeadAttention: key_padding_mask must have shape (batch, sources) = (2, 3); "
                "it has shape (3, 2)"
            ),
        ),
        (
            lambda layer: layer(X, attn_mask=np.zeros((2, 3), bool)),
            ag.ShapeError,
            (
                "MultiHeadAttention: attn_mask must have shape (targets, sources) = (3, 3); "
                "it has shape (2, 3)"
            ),
        ),
        (
            lambda layer: layer(X, attn_mask=np.zeros((3, 3), int)),
            ag.DTypeError,
            (
                "MultiHeadAttention: attn_mask has booleans or floats, True where a source is "
                "kept out; it has int64. Convert it: attn_mask.astype(bool)"
            ),
        ),
        (
            lambda layer: layer(X, key_padding_mask=np.zeros((2, 3))),
            ag.DTypeError,
            (
                "MultiHeadAttention: key_padding_mask has booleans, True where a source is kept "
                "out; it has float64. Convert it: key_padding_mask.astype(bool)"
            ),
        ),
    ],
)
def test_a_wrong_call_says_what_to_do(call, error, message):
    with pytest.raises(error) as raised:
        call(nn.MultiHeadAttention(4, 2))
    assert str(raised.value) == message


def test_wrong_options_are_named():
    with pytest.raises(ValueError, match=r"embed_dim=5 must split into num_heads=2 equal heads"):
        nn.MultiHeadAttention(5, 2)
    with pytest.raises(ValueError, match=r"dropout is a probability below 1; got 1.0"):
        nn.MultiHeadAttention(4, 2, 1.0)
    with pytest.raises(ValueError, match=r"activation is 'relu', 'gelu' or a function; got 'no'"):
        nn.TransformerEncoderLayer(4, 2, activation="no")


def test_operands_that_do_not_fit_are_described():
    q, k = np.ones((2, 3, 4)), np.ones((2, 5, 4))
    attend = ag.scaled_dot_product_attention
    with pytest.raises(ag.ShapeError, match=r"needs k of shape \(..., sources, width\)"):
        attend(q, k, np.ones((2, 3, 4)))
    with pytest.raises(ag.ShapeError, match=r"allowed must broadcast to .* = \(2, 3, 5\)"):
        attend(q, k, k, allowed=np.ones((5, 3), bool))
    with pytest.raises(ag.DTypeError, match=r"allowed has booleans, True where a target may look"):
        attend(q, k, k, allowed=np.ones((3, 5)))
