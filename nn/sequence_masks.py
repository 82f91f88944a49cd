"""Which steps of padded sequences count, from lengths or a mask."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag


def steps_that_count(
    name: str, shape: tuple[int, ...], batch_first: bool, lengths: Any, mask: Any
) -> Any:
    """A mask (steps, batch), True where a step counts; None where all do.

    Parameters
    ----------
    name : str
        The layer's, for messages.
    shape : pair of int
        The first two axes of the input.
    batch_first : bool
        Whether they are (batch, steps), else (steps, batch).
    lengths : sequence of int, optional
    mask : array of bool, optional
        Of that shape.

    Raises
    ------
    ShapeError
        If both are given, or the one given does not fit.
    DTypeError
        If lengths are not integers, or a mask not of booleans.

    Examples
    --------
    >>> steps_that_count("LSTM", (2, 3), True, [3, 1], None).T
    array([[ True,  True,  True],
           [ True, False, False]])
    """
    axes = "(batch, steps)" if batch_first else "(steps, batch)"
    batch, steps = shape if batch_first else shape[::-1]
    if lengths is not None and mask is not None:
        raise ag.ShapeError(f"{name}: give lengths or a mask, not both")
    if mask is not None:
        mask = getattr(mask, "data", mask) if isinstance(mask, ag.Tensor) else np.asarray(mask)
        if mask.dtype != bool:
            raise ag.DTypeError(
                f"{name}: the mask has booleans, True where a step counts; it has {mask.dtype}. "
                "Convert it: mask.astype(bool)"
            )
        if mask.shape != tuple(shape):
            raise ag.ShapeError(
                f"{name}: the mask must have shape {axes} = {tuple(shape)}, as the input; "
                f"it has shape {mask.shape}"
            )
        return mask.T if batch_first else mask
    if lengths is None:
        return None
    counts = np.asarray(
        getattr(lengths, "data", lengths) if isinstance(lengths, ag.Tensor) else lengths
    )
    if counts.dtype.kind not in "iu":
        raise ag.DTypeError(f"{name}: lengths are whole numbers of steps; they are {counts.dtype}")
    if counts.shape != (batch,):
        raise ag.ShapeError(
            f"{name}: lengths needs one number a sequence, so shape ({batch},); "
            f"it has shape {counts.shape}"
        )
    if counts.min() < 0 or counts.max() > steps:
        row = int(np.argmax((counts < 0) | (counts > steps)))
        raise ag.ShapeError(
            f"{name}: length {counts[row]} (sequence {row}) is outside 0..{steps}, "
            f"the number of steps"
        )
    return np.arange(steps)[:, None] < counts
