"""The calls that are compared with PyTorch's, written once for both sides.

Each case is a layer by name with its arguments, and the shape of its input; names are the same in
PyTorch and here. `evaluate` runs it on either side's module and returns plain arrays.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    layer: str
    arguments: tuple[Any, ...]
    shape: tuple[int, ...]
    options: dict[str, Any] = field(default_factory=dict)
    training: bool = True

    @property
    def name(self) -> str:
        options = [f"{key}={value}" for key, value in self.options.items()]
        mode = [] if self.training else ["eval"]
        return " ".join([self.layer, *map(str, [*self.arguments, self.shape]), *options, *mode])


IMAGES, SEQUENCES = (2, 4, 6, 5), (2, 4, 9)

CASES = [
    Case("Conv1d", (4, 6, 3), SEQUENCES),
    Case("Conv1d", (4, 6, 3), SEQUENCES, {"stride": 2, "padding": 2, "dilation": 2, "groups": 2}),
    Case("Conv1d", (4, 2, 4), SEQUENCES, {"padding": "same", "bias": False}),
    Case("Conv2d", (4, 6, 3), IMAGES),
    Case("Conv2d", (4, 6, (3, 2)), IMAGES, {"stride": (2, 1), "padding": (1, 0)}),
    Case("Conv2d", (4, 4, 3), IMAGES, {"padding": "same", "dilation": (1, 2), "groups": 4}),
    Case("Conv2d", (4, 8, 2), IMAGES, {"padding": "valid", "groups": 2, "bias": False}),
    Case("Conv2d", (4, 3, 1), IMAGES, {"stride": 2}),
    Case("ConvTranspose1d", (4, 2, 3), SEQUENCES, {"stride": 2, "output_padding": 1}),
    Case("ConvTranspose2d", (4, 2, 3), IMAGES),
    Case(
        "ConvTranspose2d",
        (4, 6, (3, 2)),
        IMAGES,
        {"stride": (2, 3), "padding": 1, "output_padding": (1, 0), "groups": 2},
    ),
    Case("ConvTranspose2d", (4, 2, 2), IMAGES, {"dilation": 2, "padding": (0, 1), "bias": False}),
    Case("MaxPool1d", (2,), SEQUENCES),
    Case("MaxPool1d", (3, 2), SEQUENCES, {"padding": 1, "ceil_mode": True}),
    Case("MaxPool2d", (2,), IMAGES),
    Case("MaxPool2d", ((3, 2),), IMAGES, {"stride": (1, 2), "padding": (1, 1)}),
    Case("MaxPool2d", (2,), IMAGES, {"dilation": 2, "stride": 1}),
    Case("MaxPool2d", (3, 2), IMAGES, {"ceil_mode": True}),
    Case("AvgPool1d", (3, 2), SEQUENCES, {"padding": 1}),
    Case("AvgPool1d", (2, 3), (2, 4, 10), {"ceil_mode": True}),
    Case("AvgPool2d", (2,), IMAGES),
    Case("AvgPool2d", (3, 2), IMAGES, {"padding": 1, "ceil_mode": True}),
    Case("AvgPool2d", (3, 2), IMAGES, {"padding": 1, "count_include_pad": False}),
    Case("AvgPool2d", (3, 2), IMAGES, {"ceil_mode": True}),
    Case("AdaptiveAvgPool1d", (4,), SEQUENCES),
    Case("AdaptiveAvgPool1d", (3,), SEQUENCES),
    Case("AdaptiveAvgPool2d", ((4, 3),), IMAGES),
    Case("AdaptiveAvgPool2d", (1,), IMAGES),
    Case("AdaptiveAvgPool2d", ((None, 2),), IMAGES),
    Case("Flatten", (), IMAGES),
    Case("BatchNorm1d", (4,), (5, 4)),
    Case("BatchNorm1d", (4,), SEQUENCES, {"momentum": 0.3}),
    Case("BatchNorm2d", (4,), IMAGES, {"eps": 1e-3}),
    Case("BatchNorm2d", (4,), IMAGES, {"affine": False, "momentum": None}),
    Case("BatchNorm2d", (4,), IMAGES, training=False),
    Case("BatchNorm2d", (4,), IMAGES, {"track_running_stats": False}, training=False),
    Case("LayerNorm", (5,), IMAGES),
    Case("LayerNorm", ((6, 5),), IMAGES, {"eps": 1e-3}),
    Case("LayerNorm", (5,), IMAGES, {"bias": False}),
    Case("LayerNorm", (5,), IMAGES, {"elementwise_affine": False}),
    Case("RMSNorm", (5,), IMAGES),
    Case("RMSNorm", ((6, 5),), IMAGES, {"eps": 1e-3}),
    Case("GroupNorm", (2, 4), IMAGES),
    Case("GroupNorm", (4, 4), (3, 4)),
    Case("GroupNorm", (1, 4), SEQUENCES, {"affine": False}),
]


def numbers(shape: tuple[int, ...], seed: int) -> Any:
    """The same numbers on both sides, far enough apart that no maximum is a matter of rounding."""
    size = int(np.prod(shape))
    ladder = np.linspace(-2, 2, size)
    return np.random.default_rng(seed).permutation(ladder).reshape(shape)


def parameter_values(shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """What the parameters of a layer are set to."""
    return {name: numbers(shape, 7 + i) for i, (name, shape) in enumerate(shapes.items())}


#: Batches that pass before the one compared, so that running statistics have something to run on.
EARLIER = 3
