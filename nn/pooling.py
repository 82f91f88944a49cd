"""Pooling layers, which make images and sequences smaller, and Flatten, which makes them rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import autograd_core as ag

from .module import Module

Size = int | tuple[int, ...]


class _Pool(Module):
    """A window that slides, and a function of what it sees."""

    apply: ClassVar[Callable[..., Any]]
    window: Size
    options: dict[str, Any]

    def forward(self, x: Any) -> Any:
        """Pool (batch, channels, ...); the first two axes stay."""
        return type(self).apply(x, self.window, **self.options)

    def extra_repr(self) -> str:
        """The window, and the options that are not the usual ones."""
        usual = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}
        shown = [
            f"{name}={value!r}"
            for name, value in self.options.items()
            if value != usual.get(name, True)
        ]
        return ", ".join([str(self.window), *shown])


class MaxPool1d(_Pool):
    """The largest element of each window of sequences (batch, channels, length).

    Parameters
    ----------
    window : int
    stride : int, optional
        By default as the window.
    padding, dilation : int
    ceil_mode : bool, default False
        Keep a last window that reaches over the end.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.MaxPool1d(2)(Tensor([[[1.0, 3.0, 2.0, 0.0]]])).data
    array([[[3., 2.]]])
    """

    apply = staticmethod(ag.max_pool1d)

    def __init__(
        self,
        window: int,
        stride: int | None = None,
        padding: int = 0,
        dilation: int = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.window = window
        self.options = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        }


class MaxPool2d(_Pool):
    """The largest element of each window of images (batch, channels, height, width).

    Parameters
    ----------
    window : int or pair of int
    stride : int or pair of int, optional
        By default as the window.
    padding, dilation : int or pair of int
    ceil_mode : bool, default False
        Keep a last window that reaches over the end.

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.MaxPool2d(2)(np.arange(8.0).reshape(1, 1, 2, 4))
    array([[[[5., 7.]]]])
    """

    apply = staticmethod(ag.max_pool2d)

    def __init__(
        self,
        window: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.window = window
        self.options = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        }


class AvgPool1d(_Pool):
    """The mean of each window of sequences (batch, channels, length).

    Parameters
    ----------
    window : int
    stride : int, optional
        By default as the window.
    padding : int
    ceil_mode : bool, default False
        Keep a last window that reaches over the end.
    count_include_pad : bool, default True
        Whether the zeros of `padding` count.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.AvgPool1d(2)(Tensor([[[1.0, 3.0, 2.0, 0.0]]])).data
    array([[[2., 1.]]])
    """

    apply = staticmethod(ag.avg_pool1d)

    def __init__(
        self,
        window: int,
        stride: int | None = None,
        padding: int = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.window = window
        self.options = {
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "count_include_pad": count_include_pad,
        }


class AvgPool2d(_Pool):
    """The mean of each window of images (batch, channels, height, width).

    Parameters
    ----------
    window : int or pair of int
    stride : int or pair of int, optional
        By default as the window.
    padding : int or pair of int
    ceil_mode : bool, default False
        Keep a last window that reaches over the end.
    count_include_pad : bool, default True
        Whether the zeros of `padding` count.

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.AvgPool2d(2)(np.arange(8.0).reshape(1, 1, 2, 4))
    array([[[[2.5, 4.5]]]])
    """

    apply = staticmethod(ag.avg_pool2d)

    def __init__(
        self,
        window: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.window = window
        self.options = {
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "count_include_pad": count_include_pad,
        }


class AdaptiveAvgPool1d(Module):
    """Means of as many windows as the output shall have, of sequences of any length.

    Parameters
    ----------
    output_size : int

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.AdaptiveAvgPool1d(1)(Tensor([[[1.0, 3.0, 2.0, 0.0]]])).data
    array([[[1.5]]])
    """

    def __init__(self, output_size: int) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """Pool (batch, channels, length)."""
        return ag.adaptive_avg_pool1d(x, self.output_size)

    def extra_repr(self) -> str:
        """The size of the output."""
        return str(self.output_size)


class AdaptiveAvgPool2d(Module):
    """Means of as many windows as the output shall have, of images of any size.

    Parameters
    ----------
    output_size : int or pair of (int or None)
        1 for the mean of each channel; None keeps an axis.

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.AdaptiveAvgPool2d(1)(np.arange(8.0).reshape(1, 1, 2, 4))
    array([[[[3.5]]]])
    """

    def __init__(self, output_size: int | tuple[int | None, int | None]) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """Pool (batch, channels, height, width)."""
        return ag.adaptive_avg_pool2d(x, self.output_size)

    def extra_repr(self) -> str:
        """The size of the output."""
        return str(self.output_size)


class Flatten(Module):
    """All axes from one on as a single one: images as rows.

    Parameters
    ----------
    start : int, default 1
        The first of the axes that become one.

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.Flatten()(np.ones((5, 3, 4, 4))).shape
    (5, 48)
    """

    def __init__(self, start: int = 1) -> None:
        self.start = start

    def forward(self, x: Any) -> Any:
        """Reshape; the values stay in their order."""
        kept = x.shape[: self.start]
        if not -x.ndim <= self.start < x.ndim:
            raise ag.ShapeError(
                f"Flatten: start={self.start}, and the input has {x.ndim} axes (shape {x.shape})"
            )
        size = 1
        for length in x.shape[self.start :]:
            size *= length
        return x.reshape(*kept, size)

    def extra_repr(self) -> str:
        """The first axis, unless it is the usual one."""
        return "" if self.start == 1 else f"start={self.start}"
