"""Normalising layers: batch, layer, group and root-mean-square normalisation."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag
from autograd_core import Tensor

from .errors import check_whole
from .module import Module
from .parameter import Parameter

Size = int | tuple[int, ...]


class _BatchNorm(Module):
    """Batch normalisation; the subclasses say which inputs they are for."""

    ranks: ClassVar[tuple[int, ...]]
    layout: ClassVar[str]
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: DTypeLike = np.float32,
    ) -> None:
        name = type(self).__name__
        check_whole(name, "num_features", num_features)
        if momentum is not None and not 0 <= momentum <= 1:
            raise ValueError(f"{name}: momentum must be from 0 to 1, or None; got {momentum!r}")
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.track_running_stats = track_running_stats
        self.weight = Parameter(np.ones(num_features), dtype=dtype) if affine else None
        self.bias = Parameter(np.zeros(num_features), dtype=dtype) if affine else None
        if track_running_stats:
            self.register_buffer("running_mean", np.zeros(num_features, dtype))
            self.register_buffer("running_var", np.ones(num_features, dtype))
            self.register_buffer("num_batches_tracked", np.zeros((), np.int64))

    def forward(self, x: Any) -> Any:
        """Normalise each channel: by the batch in training, by the running statistics after it."""
        name = type(self).__name__
        if x.ndim not in self.ranks or x.shape[1] != self.num_features:
            raise ag.ShapeError(
                f"{name}({self.num_features}): the input must have shape {self.layout} with "
                f"{self.num_features} channels; it has shape {tuple(x.shape)}"
            )
        if not self.training and self.track_running_stats:
            return self._by_running_statistics(x)
        count = x.size // self.num_features
        if self.training and count < 2:
            raise ag.ShapeError(
                f"{name}: in training each channel needs at least two values to have a variance; "
                f"the input has shape {tuple(x.shape)}. Take a larger batch, or model.eval()"
            )
        if self.training and self.track_running_stats:
            self._track(x.data if isinstance(x, Tensor) else x, count)
        return ag.batch_norm(x, self.weight, self.bias, self.eps)

    def _by_running_statistics(self, x: Any) -> Any:
        shape = (-1, *(1,) * (x.ndim - 2))
        scale: Any = 1 / np.sqrt(self.running_var + self.running_var.dtype.type(self.eps))
        if self.weight is not None:
            scale = self.weight * scale
        shift = -self.running_mean * scale
        if self.bias is not None:
            shift = self.bias + shift
        return x * scale.reshape(shape) + shift.reshape(shape)

    def _track(self, x: Any, count: int) -> None:
        """Move the running statistics towards those of this batch, in place."""
        rows = x.reshape(len(x), self.num_features, -1)
        mean = rows.mean(axis=(0, 2))
        deviation = rows - mean[:, None]
        variance = np.einsum("ncp,ncp->c", deviation, deviation) / (count - 1)
        self.num_batches_tracked[...] += 1
        share = self.momentum if self.momentum is not None else 1 / int(self.num_batches_tracked)
        for running, new in ((self.running_mean, mean), (self.running_var, variance)):
            running += share * (new - running)

    def extra_repr(self) -> str:
        """The channels, and the options that are not the usual ones."""
        shown = [str(self.num_features)]
        shown += [f"eps={self.eps}"] if self.eps != 1e-5 else []
        shown += [f"momentum={self.momentum}"] if self.momentum != 0.1 else []
        shown += ["affine=False"] if self.weight is None else []
        shown += [] if self.track_running_stats else ["track_running_stats=False"]
        return ", ".join(shown)


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of rows (batch, channels) or sequences (batch, channels, length).

    In training each channel is shifted and scaled to mean 0 and variance 1 over the batch, and
    running statistics follow; in evaluation these take the place of the batch's (Ioffe and
    Szegedy, "Batch normalization", ICML 2015).

    Parameters
    ----------
    num_features : int
        How many channels.
    eps : float, default 1e-5
        Added to the variance.
    momentum : float or None, default 0.1
        How much of the running statistics each batch replaces; None for the mean of all batches.
    affine : bool, default True
        Whether a weight (from 1) and a bias (from 0) are trained.
    track_running_stats : bool, default True
        Without it, the batch's own statistics serve in evaluation too.
    dtype : data-type, default float32
        Of parameters and buffers.

    Attributes
    ----------
    weight, bias : Parameter of shape (num_features,), or None
    running_mean, running_var : buffer of shape (num_features,)
        The variance over n - 1, as PyTorch keeps it.
    num_batches_tracked : buffer, an integer

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.BatchNorm1d(2)
    >>> y = layer(np.array([[1.0, 0.0], [3.0, 8.0]], np.float32))
    >>> layer.running_mean
    array([0.2, 0.4], dtype=float32)
    """

    ranks = (2, 3)
    layout = "(batch, channels) or (batch, channels, length)"


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of images (batch, channels, height, width); see `BatchNorm1d`.

    Parameters
    ----------
    num_features : int
        How many channels.
    eps, momentum, affine, track_running_stats, dtype
        As those of `BatchNorm1d`.

    Attributes
    ----------
    weight, bias : Parameter of shape (num_features,), or None
    running_mean, running_var : buffer of shape (num_features,)
    num_batches_tracked : buffer, an integer

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.BatchNorm2d(3)
    >>> layer(np.random.default_rng(0).normal(5.0, 2.0, (4, 3, 8, 8))).data.std().round(3)
    np.float64(1.0)
    """

    ranks = (4,)
    layout = "(batch, channels, height, width)"


def _shape_of(layer: str, normalized_shape: Size) -> tuple[int, ...]:
    sizes = normalized_shape if isinstance(normalized_shape, tuple | list) else (normalized_shape,)
    if not sizes:
        raise ValueError(f"{layer}: normalized_shape is empty; give the lengths of the last axes")
    for size in sizes:
        check_whole(layer, "normalized_shape", size)
    return tuple(sizes)


def _check_last(layer: str, x: Any, shape: tuple[int, ...]) -> None:
    if tuple(x.shape[-len(shape) :]) != shape:
        lengths = ", ".join(map(str, shape))
        raise ag.ShapeError(
            f"{layer}: the last axes of the input must be ({lengths}); "
            f"it has shape {tuple(x.shape)}"
        )


class LayerNorm(Module):
    """Each example to mean 0 and variance 1 over its last axes, then times a weight plus a bias.

    Parameters
    ----------
    normalized_shape : int or tuple of int
        The lengths of the last axes.
    eps : float, default 1e-5
        Added to the variance.
    elementwise_affine : bool, default True
        Whether a weight (from 1) and a bias (from 0) are trained.
    bias : bool, default True
        Whether there is a bias beside the weight.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    weight, bias : Parameter of shape normalized_shape, or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.LayerNorm(2, eps=0.0)(np.array([[1.0, 3.0]], np.float32)).data
    array([[-1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        normalized_shape: Size,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.normalized_shape = _shape_of("LayerNorm", normalized_shape)
        self.eps = eps
        shape = self.normalized_shape
        self.weight = Parameter(np.ones(shape), dtype=dtype) if elementwise_affine else None
        self.bias = Parameter(np.zeros(shape), dtype=dtype) if elementwise_affine and bias else None
        self._axes = tuple(range(-len(shape), 0))

    def forward(self, x: Any) -> Any:
        """Normalise over the last axes."""
        _check_last("LayerNorm", x, self.normalized_shape)
        return ag.layer_norm(x, self.weight, self.bias, self._axes, self.eps)

    def extra_repr(self) -> str:
        """The lengths, and the options that are not the usual ones."""
        shown = [", ".join(map(str, self.normalized_shape))]
        shown += [f"eps={self.eps}"] if self.eps != 1e-5 else []
        if self.weight is None:
            shown += ["elementwise_affine=False"]
        elif self.bias is None:
            shown += ["bias=False"]
        return ", ".join(shown)


class RMSNorm(Module):
    """Each example divided by the root mean square over its last axes, then times a weight.

    Parameters
    ----------
    normalized_shape : int or tuple of int
        The lengths of the last axes.
    eps : float, optional
        Added to the mean square; by default the rounding unit of the input's dtype.
    elementwise_affine : bool, default True
        Whether a weight (from 1) is trained.
    dtype : data-type, default float32
        Of the parameter.

    Attributes
    ----------
    weight : Parameter of shape normalized_shape, or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.RMSNorm(2, eps=0.0)(np.array([[1.0, 7.0]], np.float32)).data
    array([[0.2, 1.4]], dtype=float32)
    """

    def __init__(
        self,
        normalized_shape: Size,
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.normalized_shape = _shape_of("RMSNorm", normalized_shape)
        self.eps = eps
        shape = self.normalized_shape
        self.weight = Parameter(np.ones(shape), dtype=dtype) if elementwise_affine else None
        self._axes = tuple(range(-len(shape), 0))

    def forward(self, x: Any) -> Any:
        """Normalise over the last axes."""
        _check_last("RMSNorm", x, self.normalized_shape)
        eps = self.eps
        if eps is None:
            eps = float(np.finfo(x.dtype if x.dtype.kind == "f" else float).eps)
        return ag.rms_norm(x, self.weight, self._axes, eps)

    def extra_repr(self) -> str:
        """The lengths, and the options that are not the usual ones."""
        shown = [", ".join(map(str, self.normalized_shape))]
        shown += [f"eps={self.eps}"] if self.eps is not None else []
        shown += ["elementwise_affine=False"] if self.weight is None else []
        return ", ".join(shown)


class GroupNorm(Module):
    """Each group of channels of each example to mean 0 and variance 1; weight and bias a channel.

    Parameters
    ----------
    num_groups : int
        Into how many groups the channels are split; 1 normalises over all, `num_channels` each.
    num_channels : int
    eps : float, default 1e-5
        Added to the variance.
    affine : bool, default True
        Whether a weight (from 1) and a bias (from 0) are trained.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    weight, bias : Parameter of shape (num_channels,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.GroupNorm(2, 4)
    >>> layer(np.ones((3, 4, 5, 5), np.float32)).shape
    (3, 4, 5, 5)
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_whole("GroupNorm", "num_groups", num_groups)
        check_whole("GroupNorm", "num_channels", num_channels)
        if num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: num_channels={num_channels} must split into "
                f"num_groups={num_groups} equal groups"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.weight = Parameter(np.ones(num_channels), dtype=dtype) if affine else None
        self.bias = Parameter(np.zeros(num_channels), dtype=dtype) if affine else None

    def forward(self, x: Any) -> Any:
        """Normalise (batch, channels, ...) a group of channels at a time."""
        if x.ndim < 2 or x.shape[1] != self.num_channels:
            raise ag.ShapeError(
                f"GroupNorm: the input must have shape (batch, {self.num_channels}, ...); "
                f"it has shape {tuple(x.shape)}"
            )
        return ag.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Groups and channels, and the options that are not the usual ones."""
        shown = [f"{self.num_groups}, {self.num_channels}"]
        shown += [f"eps={self.eps}"] if self.eps != 1e-5 else []
        shown += ["affine=False"] if self.weight is None else []
        return ", ".join(shown)
