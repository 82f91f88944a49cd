"""conv1d, conv2d and the transposed ones: against loops written out, and what they refuse."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.primitives import convolution as operations


def by_loops(x, weight, bias, stride, padding, dilation, groups):
    """The definition, one number of the output at a time."""
    x = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    outputs, inner, kh, kw = weight.shape
    down = (x.shape[2] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    across = (x.shape[3] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    out = np.zeros((len(x), outputs, down, across))
    for n, o, i, j in np.ndindex(*out.shape):
        first = o // (outputs // groups) * inner
        for c, a, b in np.ndindex(inner, kh, kw):
            row, column = i * stride[0] + a * dilation[0], j * stride[1] + b * dilation[1]
            out[n, o, i, j] += x[n, first + c, row, column] * weight[o, c, a, b]
    return out + bias[:, None, None]


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "groups"),
    [((1, 1), (0, 0), (1, 1), 1), ((2, 1), (1, 2), (1, 2), 2), ((3, 2), (2, 0), (2, 1), 4)],
)
def test_the_definition(stride, padding, dilation, groups, rng):
    x, w = rng.normal(size=(2, 4, 7, 6)), rng.normal(size=(8, 4 // groups, 3, 2))
    bias = rng.normal(size=8)
    out = ag.conv2d(Tensor(x), w, bias, stride, padding, dilation, groups)
    expected = by_loops(x, w, bias, stride, padding, dilation, groups)
    np.testing.assert_allclose(out.data, expected, rtol=1e-12, atol=1e-13)


def test_a_kernel_is_not_turned_around_where_numpys_convolve_turns_it(rng):
    x, w = rng.normal(size=9), rng.normal(size=4)
    out = ag.conv1d(x[None, None], w[None, None])
    np.testing.assert_allclose(out[0, 0], np.correlate(x, w))
    np.testing.assert_allclose(out[0, 0], np.convolve(x, w[::-1], "valid"))


def test_the_transposed_convolution_is_the_adjoint(rng):
    x, w = rng.normal(size=(2, 4, 8, 7)), rng.normal(size=(6, 2, 3, 2))
    options = {"stride": (2, 3), "padding": (1, 0), "dilation": (2, 1), "groups": 2}
    out = ag.conv2d(x, w, **options)
    y = rng.normal(size=out.shape)
    back = ag.conv_transpose2d(y, w, output_padding=(1, 2), **options)
    assert back.shape == x.shape
    assert np.sum(out * y) == pytest.approx(np.sum(back * x), rel=1e-12)


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "extra"),
    [((1, 1), (0, 0), (2, 3), (1, 2)), ((2, 1), (1, 2), (5, 4), (4, 3)), ((2, 3), (1, 0), 4, 3)],
)
def test_output_padding_of_a_stride_or_more(stride, padding, dilation, extra, rng):
    """A dilation allows it: windows that stand in the padding alone have no number in `x`."""
    x, w, b = rng.normal(size=(2, 4, 3, 4)), rng.normal(size=(4, 3, 2, 2)), rng.normal(size=6)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": 2}

    def transposed(x, w, b):
        return ag.conv_transpose2d(x, w, b, output_padding=extra, **options)

    back = transposed(x, w, np.zeros(6))
    y = rng.normal(size=back.shape)
    adjoint = ag.conv2d(y, w, **options)
    rest = [m - n for m, n in zip(adjoint.shape, x.shape, strict=True)]
    assert max(rest) > 0
    seen = adjoint[..., : x.shape[2], : x.shape[3]]
    assert np.sum(back * y) == pytest.approx(np.sum(seen * x), rel=1e-12)
    ag.assert_gradients(transposed, Tensor(x), Tensor(w), Tensor(b), order=2)


def test_same_keeps_the_size_and_puts_what_is_odd_at_the_end():
    x = np.arange(1.0, 5)[None, None]
    out = ag.conv1d(x, np.ones((1, 1, 2)), padding="same")
    np.testing.assert_array_equal(out, [[[3, 5, 7, 4]]])
    image = ag.conv2d(np.ones((1, 1, 5, 6)), np.ones((1, 1, 4, 3)), padding="same", dilation=(1, 2))
    assert image.shape == (1, 1, 5, 6)


def test_columns_made_in_blocks_give_the_same(monkeypatch, rng):
    x, w, b = rng.normal(size=(7, 2, 6, 6)), rng.normal(size=(4, 2, 3, 3)), rng.normal(size=4)

    def gradients():
        operands = [Tensor(array) for array in (x, w, b)]
        out = ag.conv2d(*operands, padding=1)
        out.backward(np.cos(np.arange(out.size)).reshape(out.shape))
        return [out.data, *(t.grad for t in operands)]

    whole = gradients()
    monkeypatch.setattr(operations, "KEPT", 2 * 2 * 9 * 36 * 8)  # two images at a time
    for found, expected in zip(gradients(), whole, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_what_is_saved_is_the_columns_and_not_for_a_frozen_kernel(rng):
    x, w = Tensor(rng.normal(size=(2, 1, 5, 5))), rng.normal(size=(1, 1, 3, 3))
    frozen = ag.conv2d(x, w)
    frozen.sum().backward()
    expected = ag.conv_transpose2d(np.ones((2, 1, 3, 3)), w)
    np.testing.assert_allclose(x.grad, expected)


def test_the_second_derivative_by_hand():
    """The sum of (w * x)^2 / 2 has the gradient (sum w)^2 x at x for a kernel of one number."""
    x, w = Tensor(np.arange(4.0).reshape(1, 1, 4)), Tensor(np.array([[[3.0]]]))
    y = ag.conv1d(x, w)
    (y * y / 2).sum().backward(create_graph=True)
    np.testing.assert_allclose(x.grad.data, 9 * x.data)
    slope = x.grad.sum()
    x.grad = w.grad = None
    slope.backward()
    np.testing.assert_allclose(w.grad, [[[2 * 3.0 * 6.0]]])


def test_single_precision_and_integers():
    x = np.ones((1, 1, 3, 3), np.float32)
    assert ag.conv2d(x, np.ones((1, 1, 2, 2), np.float32), np.ones(1, np.float32)).dtype == "f4"
    whole = ag.conv2d(np.ones((1, 1, 3, 3), int), np.ones((1, 1, 2, 2), int), np.array([0.5]))
    np.testing.assert_array_equal(whole, np.full((1, 1, 2, 2), 4.5))


def test_a_list_is_taken_as_an_array():
    out = ag.conv1d([[[1.0, 2.0, 4.0]]], [[[1.0, 1.0]]])
    np.testing.assert_array_equal(out, [[[3, 6]]])


X, W = np.zeros((2, 3, 8, 8)), np.zeros((4, 3, 3, 3))

REFUSED = [
    (
        lambda: ag.conv2d(np.zeros((3, 8, 8)), W),
        (
            "conv2d: x has shape (batch, channels, height, width), so 4 axes. Given: x: array of"
            " shape (3, 8, 8), float64. Where the batch is missing, add it: x[None]; where the"
            " images have one channel only and no axis for it, add that: x[:, None]."
        ),
    ),
    (
        lambda: ag.conv1d(X, W),
        (
            "conv1d: x has shape (batch, channels, length), so 3 axes. Given: x: array of shape"
            " (2, 3, 8, 8), float64."
        ),
    ),
    (
        lambda: ag.conv2d(X, W[0]),
        (
            "conv2d: the weight has shape (out channels, channels / groups, height, width), none of"
            " them 0. Given: weight: array of shape (3, 3, 3), float64."
        ),
    ),
    (
        lambda: ag.conv2d(X[:, :2], W),
        (
            "conv2d: x has 2 channels, and the weight is for 3. x is (batch, channels, height,"
            " width), the weight (out channels, channels / groups, height, width). Given: x: array"
            " of shape (2, 2, 8, 8), float64; weight: array of shape (4, 3, 3, 3), float64."
        ),
    ),
    (
        lambda: ag.conv2d(np.zeros((2, 6, 8, 8)), W, groups=2, bias=np.zeros(3)),
        (
            "conv2d: the bias has one number for each of the 4 output channels. Given: bias: array"
            " of shape (3,), float64."
        ),
    ),
    (
        lambda: ag.conv2d(np.zeros((2, 4, 8, 8)), W, groups=2),
        (
            "conv2d: x has 4 channels in 2 groups, so 2 a group, and the weight is for 3. x is"
            " (batch, channels, height, width), the weight (out channels, channels / groups,"
            " height, width). Given: x: array of shape (2, 4, 8, 8), float64; weight: array of"
            " shape (4, 3, 3, 3), float64."
        ),
    ),
    (
        lambda: ag.conv2d(X, W, groups=2),
        "conv2d: the 3 channels of x and the 4 kernels must each split into groups=2 equal groups.",
    ),
    (lambda: ag.conv2d(X, W, groups=1.5), "conv2d: groups is a whole number; it is 1.5."),
    (
        lambda: ag.conv2d(X[..., :2], W, padding=(0, 0)),
        (
            "conv2d: a window over 3 x 3 elements is larger than the input, which is 8 x 2. Take a"
            " smaller window or more padding. Given: x: array of shape (2, 3, 8, 2), float64."
        ),
    ),
    (
        lambda: ag.conv2d(X, W, padding=1, dilation=5),
        (
            "conv2d: a window over 11 x 11 elements (dilation 5 x 5) is larger than the input,"
            " which is 8 x 8 and 10 x 10 with its padding. Take a smaller window or more padding."
            " Given: x: array of shape (2, 3, 8, 8), float64."
        ),
    ),
    (
        lambda: ag.conv2d(X, W, stride=0),
        "conv2d: stride is a whole number of at least 1, or 2 of them, one an axis; it is 0.",
    ),
    (
        lambda: ag.conv2d(X, W, padding=(1, 1, 1)),
        (
            "conv2d: padding is a whole number of at least 0, or 2 of them, one an axis; it is"
            " (1, 1, 1)."
        ),
    ),
    (
        lambda: ag.conv2d(X, W, padding="full"),
        'conv2d: padding is a whole number, one for each axis, "valid" or "same"; it is \'full\'.',
    ),
    (
        lambda: ag.conv2d(X, W, padding="same", stride=2),
        (
            'conv2d: padding="same" is for a stride of 1, and the stride is (2, 2). Give the'
            " padding as numbers: half the kernel is (1, 1)."
        ),
    ),
    (
        lambda: ag.conv_transpose2d(X, W),
        (
            "conv_transpose2d: x has 3 channels, and the weight is for 4. x is (batch, channels,"
            " height, width), the weight (channels, out channels / groups, height, width). Given:"
            " x: array of shape (2, 3, 8, 8), float64; weight: array of shape (4, 3, 3, 3),"
            " float64."
        ),
    ),
    (
        lambda: ag.conv_transpose2d(X, W[:3], output_padding=1),
        (
            "conv_transpose2d: output_padding 1 must be less than the stride (1, 1) or the dilation"
            " (1, 1): more would be rows that no window reaches."
        ),
    ),
    (
        lambda: ag.conv_transpose2d(X[..., :1], W[:3], padding=2),
        (
            "conv_transpose2d: nothing is left of the output: its axes would have the lengths (6,"
            " -1). Take less padding ((2, 2)). Given: x: array of shape (2, 3, 8, 1), float64;"
            " weight: array of shape (3, 3, 3, 3), float64."
        ),
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused_and_why(call, message):
    with pytest.raises((ag.ShapeError, ag.DTypeError)) as caught:
        call()
    assert str(caught.value) == message
