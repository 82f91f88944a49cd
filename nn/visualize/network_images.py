"""The input as an image, and the weights of the first layer as small ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network_lines import Column
from .network_marks import exact, largest_finite
from .network_numbers import LayerNumbers, NetworkNumbers
from .network_scene import PALETTE, Line, Raster, Shape

LEFT = 54.0  # where the input begins
NOT_FINITE = (204, 121, 167)  # pixels that are not finite: neither of the two signs' colours


def images(
    numbers: NetworkNumbers,
    hidden: Column,
    shape: tuple[int, int],
    middle: float,
    pitch: float,
) -> list[Shape]:
    """The input as an image, and the weights of each drawn neuron of the first layer."""
    layer = numbers.layers[0]
    tall, wide = 132.0 * shape[0] / max(shape), 132.0 * shape[1] / max(shape)
    x, y = LEFT, middle - tall / 2
    data = {"layer": 0, "values": " ".join(map(exact, numbers.inputs))}
    shapes: list[Shape] = []
    scale = largest_finite(layer.weight) or 1.0
    side = pitch - 6
    small_tall, small_wide = side * shape[0] / max(shape), side * shape[1] / max(shape)
    for index, height in hidden.at():
        left = hidden.x - hidden.radius - 34 - small_wide
        shapes += [
            Line(x + wide, middle, left, height, "faint", 1.2),
            Line(left + small_wide, height, hidden.x - hidden.radius, height, "soft", 1.2),
            Raster(
                left,
                height - small_tall / 2,
                small_wide,
                small_tall,
                diverging(layer.weight[index].reshape(shape) / scale),
                f"weights of neuron {index}: blue is positive, orange negative",
                _of_neuron(layer, index),
            ),
        ]
    shapes.append(Raster(x, y, wide, tall, gray(numbers.inputs.reshape(shape)), "input", data))
    return shapes


def _of_neuron(layer: LayerNumbers, index: int) -> dict[str, Any]:
    data: dict[str, Any] = {"layer": 1, "to": index}
    data["weights"] = " ".join(map(exact, layer.weight[index]))
    if layer.weight_change is not None:
        data["changes"] = " ".join(map(exact, layer.weight_change[index]))
    if layer.bias is not None:
        data["bias"] = exact(layer.bias[index])
    return data


def gray(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers as an image, the smallest white and the largest black; what is not finite, pink.

    Examples
    --------
    >>> gray(np.array([[0.0, 1.0]])).tolist()
    [[[255, 255, 255], [0, 0, 0]]]
    """
    array = np.asarray(values, np.float64)
    finite = np.isfinite(array)
    low = float(np.min(array, where=finite, initial=np.inf)) if finite.any() else 0.0
    kept = np.where(finite, array, low) - low
    level = 255 - np.rint(255 * kept / (float(np.max(kept, initial=0.0)) or 1.0))
    return _marked(np.repeat(level[..., None], 3, axis=2), finite)


def diverging(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers between -1 and 1 as an image: orange, white, blue; what is not finite, pink.

    Examples
    --------
    >>> diverging(np.array([[0.0]])).tolist()
    [[[255, 255, 255]]]
    """
    array = np.asarray(values, np.float64)
    finite = np.isfinite(array)
    level = np.clip(np.where(finite, array, 0.0), -1, 1)[..., None]
    ends = {name: np.array(list(bytes.fromhex(PALETTE[name][0][1:]))) for name in ("up", "down")}
    end = np.where(level > 0, ends["up"], ends["down"])
    return _marked(np.rint(255 + (end - 255) * np.abs(level)), finite)


def _marked(pixels: NDArray[Any], finite: NDArray[np.bool_]) -> NDArray[np.uint8]:
    marked: NDArray[np.uint8] = np.where(finite[..., None], pixels, NOT_FINITE).astype(np.uint8)
    return marked
