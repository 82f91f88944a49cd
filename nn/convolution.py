"""Convolutional layers: kernels that slide over sequences and images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from . import init as initializers
from .errors import check_whole, given_or_new
from .init import Initializer
from .module import Module
from .parameter import Parameter

Size = int | tuple[int, ...]


class _Kernels(Module):
    """What the layers of this file have in common: kernels, a bias, and how the window moves."""

    axes: ClassVar[int]
    apply: ClassVar[Callable[..., Any]]

    def _set(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        options: dict[str, Any],
        bias: bool,
        init: str | Initializer,
        rng: np.random.Generator | None,
        dtype: DTypeLike,
        transposed: bool = False,
    ) -> None:
        name = type(self).__name__
        check_whole(name, "in_channels", in_channels)
        check_whole(name, "out_channels", out_channels)
        groups = options["groups"]
        check_whole(name, "groups", groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: in_channels={in_channels} and out_channels={out_channels} must each "
                f"split into groups={groups} equal groups"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = _sizes(name, "kernel_size", kernel_size, self.axes)
        self.options = options
        rng = given_or_new(name, rng)
        if transposed:  # one number is fed by the channels of the input, as without transposing
            shape = (out_channels // groups, in_channels, *self.kernel_size)
            values = initializers.find(init)(shape, rng, dtype).swapaxes(0, 1)
        else:
            shape = (out_channels, in_channels // groups, *self.kernel_size)
            values = initializers.find(init)(shape, rng, dtype)
        self.weight = Parameter(values, dtype=dtype)
        self.bias = Parameter(np.zeros(out_channels), dtype=dtype) if bias else None

    def forward(self, x: Any) -> Any:
        """Convolve (batch, in_channels, ...) into (batch, out_channels, ...)."""
        return type(self).apply(x, self.weight, self.bias, **self.options)

    def multiply_adds(self, inputs: tuple[Any, ...], output: Any) -> int:
        """The kernel once for each place it is put at: of the output, or transposed, the input."""
        places = inputs[0] if "output_padding" in self.options else output
        return int(places.size * self.weight.size // self.weight.shape[0])

    def extra_repr(self) -> str:
        """The channels and the kernel, and the options that are not the usual ones."""
        usual = {"padding": 0, "output_padding": 0}
        shown = [
            f"{name}={value!r}"
            for name, value in self.options.items()
            if value != usual.get(name, 1)
        ]
        shown += ["bias=False"] if self.bias is None else []
        sizes = set(self.kernel_size)
        kernel = self.kernel_size[0] if len(sizes) == 1 else self.kernel_size
        return ", ".join(map(str, [self.in_channels, self.out_channels, kernel, *shown]))


def _sizes(layer: str, name: str, value: Size, axes: int) -> tuple[int, ...]:
    sizes = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(sizes) != axes:
        raise ValueError(f"{layer}: {name} is one whole number or {axes} of them; got {value!r}")
    for size in sizes:
        check_whole(layer, name, size)
    return sizes


class Conv1d(_Kernels):
    """Convolution of sequences (batch, channels, length); see `Conv2d`.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int
    stride, dilation, groups : int, default 1
    padding : int, "valid" or "same", default 0
    bias : bool, default True
    init, rng, dtype
        As those of `Conv2d`.

    Attributes
    ----------
    weight : Parameter of shape (out_channels, in_channels / groups, kernel_size)
    bias : Parameter of shape (out_channels,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.Conv1d(2, 4, 3, padding="same", rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 2, 10), np.float32)).shape
    (5, 4, 10)
    """

    axes = 1
    apply = staticmethod(ag.conv1d)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | str = 0,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        init: str | Initializer = "he_uniform",
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        self._set(in_channels, out_channels, kernel_size, options, bias, init, rng, dtype)


class Conv2d(_Kernels):
    """Convolution of images (batch, channels, height, width): each kernel gives one channel.

    Parameters
    ----------
    in_channels, out_channels : int
        How many channels the input has, and how many kernels there are.
    kernel_size : int or pair of int
        Height and width of a kernel.
    stride, dilation : int or pair of int, default 1
        How far the window moves; how far apart its elements are.
    padding : int, pair of int, "valid" or "same", default 0
        How many zeros are put around; "same" keeps the size (with stride 1).
    groups : int, default 1
        Into how many groups the channels are split, each with its own kernels.
    bias : bool, default True
        Whether there is a bias; it starts at zero.
    init : str or function, default "he_uniform"
        An initialiser of `nn.init`, by name or itself; the usual one before a ReLU.
    rng : numpy.random.Generator, optional
        Where the random weights come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    weight : Parameter of shape (out_channels, in_channels / groups, height, width)
    bias : Parameter of shape (out_channels,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.Conv2d(1, 6, 5, padding=2, rng=np.random.default_rng(0))
    >>> layer
    Conv2d(1, 6, 5, padding=2)
    >>> layer(np.ones((3, 1, 28, 28), np.float32)).shape
    (3, 6, 28, 28)
    """

    axes = 2
    apply = staticmethod(ag.conv2d)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        init: str | Initializer = "he_uniform",
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        self._set(in_channels, out_channels, kernel_size, options, bias, init, rng, dtype)


class ConvTranspose1d(_Kernels):
    """Transposed convolution of sequences (batch, channels, length); see `ConvTranspose2d`.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int
    stride, groups, dilation : int, default 1
    padding, output_padding : int, default 0
    bias : bool, default True
    init, rng, dtype
        As those of `Conv2d`.

    Attributes
    ----------
    weight : Parameter of shape (in_channels, out_channels / groups, kernel_size)
    bias : Parameter of shape (out_channels,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.ConvTranspose1d(4, 2, 2, stride=2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 4, 10), np.float32)).shape
    (5, 2, 20)
    """

    axes = 1
    apply = staticmethod(ag.conv_transpose1d)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        output_padding: int = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int = 1,
        *,
        init: str | Initializer = "he_uniform",
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        options = _transposed_options(stride, padding, output_padding, groups, dilation)
        self._set(in_channels, out_channels, kernel_size, options, bias, init, rng, dtype, True)


class ConvTranspose2d(_Kernels):
    """Transposed convolution of images: every number lays its kernel into a larger image.

    Parameters
    ----------
    in_channels, out_channels : int
        How many channels the input and the output have.
    kernel_size : int or pair of int
        Height and width of a kernel.
    stride, dilation : int or pair of int, default 1
        Of the convolution it transposes; a stride of 2 makes the image twice as large.
    padding : int or pair of int, default 0
        Of the convolution it transposes: how much is cut away around the output.
    output_padding : int or pair of int, default 0
        How much is added at the end of each axis; less than stride or dilation.
    groups : int, default 1
        Into how many groups the channels are split, each with its own kernels.
    bias : bool, default True
        Whether there is a bias; it starts at zero.
    init, rng, dtype
        As those of `Conv2d`.

    Attributes
    ----------
    weight : Parameter of shape (in_channels, out_channels / groups, height, width)
    bias : Parameter of shape (out_channels,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.ConvTranspose2d(8, 3, 2, stride=2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 8, 7, 7), np.float32)).shape
    (5, 3, 14, 14)
    """

    axes = 2
    apply = staticmethod(ag.conv_transpose2d)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        *,
        init: str | Initializer = "he_uniform",
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        options = _transposed_options(stride, padding, output_padding, groups, dilation)
        self._set(in_channels, out_channels, kernel_size, options, bias, init, rng, dtype, True)


def _transposed_options(
    stride: Size, padding: Size, output_padding: Size, groups: int, dilation: Size
) -> dict[str, Any]:
    return {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "groups": groups,
        "dilation": dilation,
    }
