"""A film as plain data: what the page and the GIF both show.

Both draw from the same numbers, already rounded, so they cannot disagree. The data are bounded: at
most `MOST_FRAMES` frames, `MOST_RECORDS` points on a curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .axes import Axis, axis_of, linear_axis
from .layers import Layer
from .packing import bounds_of, pack, short, text_of, thin
from .views import Look, View

if TYPE_CHECKING:
    from .film import Frame, Record

MOST_FRAMES = 300
MOST_RECORDS = 1000
BYTES = 3_600_000  # that the looks and weights of all frames may have together


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame as it is shown."""

    at: int
    look: Look | None
    pictures: tuple[NDArray[np.uint8], ...]
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Story:
    """All that is shown of a film.

    Attributes
    ----------
    title, subtitle, unit : str
    view : View or None
    layers : list of Layer
    scales : list of float
        For each picture of a weight, the size that has the full colour, over the whole film.
    moments : list of Moment
    at : list of int
        Of the points of the curves.
    values : dict of str to list
        By name; None where there was none or it was not finite.
    norms : list of list
        Of each layer, at every point.
    loss_axis, norm_axis, value_axis : Axis
        The last for curves over one input.
    skipped : int
        Frames that are not shown.
    """

    title: str
    subtitle: str
    unit: str
    view: View | None
    layers: list[Layer]
    scales: list[float]
    moments: list[Moment]
    at: list[int]
    values: dict[str, list[float | None]]
    norms: list[list[float | None]]
    loss_axis: Axis
    norm_axis: Axis
    value_axis: Axis | None
    skipped: int

    @property
    def losses(self) -> list[str]:
        """Names of what is drawn as a curve."""
        return [name for name in self.values if name.endswith("loss")]

    @property
    def last(self) -> int:
        """The last epoch or step."""
        return self.at[-1]

    def as_json(self) -> dict[str, Any]:
        """What the page's script reads."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "unit": self.unit,
            "view": None if self.view is None else _view_json(self.view),
            "layers": [
                {
                    "name": layer.name,
                    "pictures": [
                        {
                            "name": picture.name,
                            "shape": list(picture.shape),
                            "shown": [len(picture.rows), len(picture.columns)],
                        }
                        for picture in layer.shown
                    ],
                }
                for layer in self.layers
            ],
            "scales": short(self.scales),
            "frames": [
                {
                    "at": moment.at,
                    "look": None if moment.look is None else text_of(moment.look.packed),
                    "bounds": None if moment.look is None else short(moment.look.bounds, 9),
                    "weights": text_of(_joined(moment.pictures)),
                    "accuracy": moment.accuracy,
                }
                for moment in self.moments
            ],
            "at": self.at,
            "values": self.values,
            "norms": self.norms,
            "lossAxis": asdict(self.loss_axis),
            "normAxis": asdict(self.norm_axis),
            "valueAxis": None if self.value_axis is None else asdict(self.value_axis),
            "skipped": self.skipped,
        }


def tell(
    title: str,
    unit: str,
    subtitle: str,
    view: View | None,
    layers: list[Layer],
    frames: Sequence[Frame],
    records: Sequence[Record],
) -> Story:
    """Choose, round and scale what a film recorded."""
    cells = sum(picture.size for picture in frames[0].pictures)
    look = frames[0].look
    cells += 0 if look is None else look.packed.nbytes
    chosen = thin(len(frames), max(2, min(MOST_FRAMES, int(0.75 * BYTES / cells))))
    shown = [frames[index] for index in chosen]
    scales = [
        max(abs(bound) for frame in shown for bound in bounds_of(frame.pictures[position])) or 1.0
        for position in range(len(frames[0].pictures))
    ]
    moments = [
        Moment(
            frame.at,
            frame.look,
            tuple(
                pack(picture, (-scale, scale))
                for picture, scale in zip(frame.pictures, scales, strict=True)
            ),
            None if view is None else _accuracy(view, frame.look),
        )
        for frame in shown
    ]
    noted = [records[index] for index in thin(len(records), MOST_RECORDS)]
    names = list(dict.fromkeys(name for record in records for name in record.values))
    values = {name: short(record.values.get(name) for record in noted) for name in names}
    norms = [short(record.norms[layer] for record in noted) for layer in range(len(layers))]
    curves = [value for name in names if name.endswith("loss") for value in values[name]]
    value_axis = None
    if view is not None and view.kind != "classes":
        ends = [bound for frame in shown if frame.look for bound in frame.look.bounds]
        value_axis = _value_axis(view, ends)
    return Story(
        title,
        subtitle,
        unit,
        view,
        layers,
        scales,
        moments,
        [record.at for record in noted],
        values,
        norms,
        axis_of(curves, zero=True),
        axis_of((norm for norms_of_layer in norms for norm in norms_of_layer), zero=True),
        value_axis,
        len(frames) - len(shown),
    )


def _value_axis(view: View, ends: list[float]) -> Axis:
    """The data fill it; a curve may go over its ends by as much again, then it is cut."""
    if view.classes:
        return linear_axis(-0.08, 1.08)
    low, high = bounds_of(view.y)
    room = 0.2 * (high - low) or 1.0
    low, high = min(low, max(min(ends), low - room)), max(high, min(max(ends), high + room))
    edge = 0.05 * (high - low)
    return linear_axis(low - edge, high + edge)


def _accuracy(view: View, look: Look | None) -> float | None:
    """Share of the points shown that lie on the right side, by the nearest cell of the grid."""
    if look is None or view.kind != "classes":
        return None
    guesses = view.guesses(look)
    return None if (guesses < 0).any() else round(float((guesses == view.y).mean()), 4)


def _view_json(view: View) -> dict[str, Any]:
    y = view.y.tolist() if view.classes else [short(row) for row in view.y]
    return {
        "kind": view.kind,
        "classes": view.classes,
        "planes": view.planes,
        "side": round(len(view.grid) ** 0.5) if view.kind != "curve" else len(view.grid),
        "axes": [asdict(linear_axis(*bounds)) for bounds in view.limits],
        "x": [short(column) for column in view.x.T],
        "y": y,
        "leftOut": view.left_out,
    }


def _joined(pictures: tuple[NDArray[np.uint8], ...]) -> NDArray[np.uint8]:
    return np.concatenate([picture.ravel() for picture in pictures])
