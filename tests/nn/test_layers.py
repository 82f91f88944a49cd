"""Linear, Sequential and MLP."""

import numpy as np
import pytest

import autograd_core as ag
import nn


def test_linear_computes_x_w_transposed_plus_b(rng):
    layer = nn.Linear(3, 2, rng=rng, dtype=np.float64)
    layer.bias.data = np.array([1.0, -1.0])
    x = rng.standard_normal((4, 5, 3))
    np.testing.assert_allclose(layer(x).data, x @ layer.weight.data.T + layer.bias.data)
    plain = nn.Linear(3, 2, bias=False, rng=rng, dtype=np.float64)
    assert plain.bias is None
    np.testing.assert_allclose(plain(x).data, x @ plain.weight.data.T)


def test_float32_stays_float32(rng):
    model = nn.MLP(3, [4], 2, activation="tanh", rng=rng)
    assert model(np.ones((1, 3), np.float32)).dtype == np.float32


def test_the_same_generator_gives_the_same_weights_and_none_gives_others():
    def weights(rng):
        return nn.Linear(3, 2, rng=rng).weight.data

    seeded = [weights(np.random.default_rng(1)) for _ in range(2)]
    np.testing.assert_array_equal(*seeded)
    assert not np.array_equal(weights(None), weights(None))


def test_a_wrong_input_names_the_shapes():
    with pytest.raises(ag.ShapeError) as caught:
        nn.Linear(3, 2)(np.ones((4, 5), np.float32))
    assert "linear" in str(caught.value)
    assert "(4, 5)" in str(caught.value)
    assert "(2, 3)" in str(caught.value)


@pytest.mark.parametrize("width", [0, -1, 2.5, "3"])
def test_a_wrong_width_is_refused(width, message):
    with pytest.raises(ValueError, match=r"^Linear: in_features must be a whole number"):
        nn.Linear(width, 2)
    assert message(ValueError, lambda: nn.Linear(2, width)) == (
        f"Linear: out_features must be a whole number of at least 1; got {width!r}"
    )


def test_sequential_is_a_sequence_of_layers_named_by_position():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    model.extra = nn.Parameter([1.0])
    assert len(model) == 3
    assert list(model)[1] is model[1]
    assert [n for n, _ in model.named_parameters()] == [
        "0.weight", "0.bias", "2.weight", "2.bias", "extra",
    ]  # fmt: skip


def test_sequential_refuses_what_is_no_module():
    with pytest.raises(TypeError) as caught:
        nn.Sequential([nn.Tanh()])
    assert str(caught.value) == (
        "Sequential: argument 0 is [Tanh()], not a Module; "
        "give the modules one by one: nn.Sequential(nn.Linear(2, 3), nn.Tanh())"
    )


def test_mlp_puts_activations_between_layers_and_after_the_last_where_asked():
    model = nn.MLP(4, [3, 2], 1, nn.Tanh, "sigmoid")
    kinds = [type(layer).__name__ for layer in model]
    assert kinds == ["Linear", "Tanh", "Linear", "Tanh", "Linear", "Sigmoid"]
    assert len(nn.MLP(4, [], 1)) == 1


def test_mlp_starts_by_he_before_relu_and_by_glorot_elsewhere(rng):
    relu = nn.MLP(400, [400], 400, rng=rng)
    assert relu[0].weight.data.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert relu[2].weight.data.std() == pytest.approx(np.sqrt(1 / 400), rel=0.02)
    tanh = nn.MLP(400, [400], 400, "tanh", rng=rng)
    assert tanh[0].weight.data.std() == pytest.approx(np.sqrt(1 / 400), rel=0.02)
    chosen = nn.MLP(4, [3], 2, init="zeros")
    assert not chosen[0].weight.data.any()


@pytest.mark.parametrize("hidden", [64, "64,32", None])
def test_mlp_refuses_hidden_widths_that_are_no_list(hidden):
    with pytest.raises(TypeError) as caught:
        nn.MLP(2, hidden, 1)
    assert str(caught.value) == (
        f"MLP: hidden is {hidden!r}; give the widths as a list, such as [64, 32]"
    )


def test_an_error_in_a_layer_is_located_in_the_users_file():
    loss = nn.MLP(2, [3], 1)(np.ones((1, 2), np.float32)).sum()
    assert loss._node.parents[0].location.filename == __file__
