"""`LossSurface`: losses over two directions, to look at in matplotlib or on a page."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .axes import axis_of, linear_axis
from .packing import bounds_of, short
from .pages import assemble, framed

SUFFIXES = (".svg", ".png", ".html")
LEVELS = 16
LOW, HIGH, PATH, INK = "#0072b2", "#f5f7fa", "#c04f00", "#1f2933"


@dataclass(frozen=True, eq=False)
class LossSurface:
    """Losses on a grid over two directions; `nn.loss_surface` makes one.

    Attributes
    ----------
    x, y : arrays of the coordinates of the grid
    losses : array of shape (len(y), len(x))
        May hold NaN and infinity, which are left blank.
    labels : (str, str)
        What the coordinates are.
    path : array of shape (points, 2), or None
        The path of a training, in these coordinates.
    path_losses : array, or None
        The loss at every point of the path; of a training of more than two weights the true one,
        which the surface need not go through.
    quantity : str
        What the losses are called beside a picture: "value" for a function of two numbers.

    Examples
    --------
    >>> import nn
    >>> surface = nn.loss_surface(lambda a, b: a * b, limits=((-1, 1), (-1, 1)), resolution=3)
    >>> surface.losses
    array([[ 1., -0., -1.],
           [-0.,  0.,  0.],
           [-1.,  0.,  1.]])
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    losses: NDArray[np.float64]
    labels: tuple[str, str]
    path: NDArray[np.float64] | None = None
    path_losses: NDArray[np.float64] | None = None
    quantity: str = "loss"

    def plot(self, axes: Any = None, *, label: str | None = None) -> Any:
        """Draw contour lines, and the path over them (needs the extra `plot`).

        Parameters
        ----------
        axes : matplotlib Axes, optional
            New ones are made when there are none.
        label : str, optional
            What stands beside the colours; by default "loss", or "value" where a function of two
            numbers was given.

        Returns
        -------
        matplotlib Axes
        """
        if axes is None:
            pyplot = ag.require_extra("matplotlib.pyplot", extra="plot")
            _, axes = pyplot.subplots(figsize=(7, 5.5), layout="constrained")
        colors = ag.require_extra("matplotlib.colors", extra="plot")
        levels = contour_levels(self.losses)
        heights = np.ma.masked_invalid(self.losses)
        shades = colors.LinearSegmentedColormap.from_list("loss", [LOW, HIGH])
        norm = colors.BoundaryNorm(levels, shades.N)
        filled = axes.contourf(self.x, self.y, heights, levels, cmap=shades, norm=norm)
        axes.contour(self.x, self.y, heights, levels, colors="white", linewidths=0.6)
        # Beside the map itself: a bar of its own axes would keep its height on equal axes.
        beside = axes.inset_axes((1.03, 0.0, 0.045, 1.0))
        bar = axes.figure.colorbar(filled, cax=beside, ticks=levels[::3])
        bar.ax.set_ylabel(self.quantity if label is None else label, parse_math=False)
        bar.ax.set_yticklabels([f"{level:.3g}" for level in levels[::3]])
        if self.path is not None:
            self._plot_path(axes)
        # A name with a dollar sign is a name, not a formula.
        axes.set_xlabel(self.labels[0], parse_math=False)
        axes.set_ylabel(self.labels[1], parse_math=False)
        axes.set_xlim(self.x[0], self.x[-1])
        axes.set_ylim(self.y[0], self.y[-1])
        if self._equal:
            axes.set_aspect("equal")
        return axes

    def _plot_path(self, axes: Any) -> None:
        line = {"color": PATH, "markeredgecolor": "white"}
        assert self.path is not None
        axes.plot(*self.path.T, marker=".", markersize=6, markeredgewidth=0.4, **line)
        # The small dot over the large star: both are seen where they meet.
        ends = [(-1, "end", "*", 17, 4), (0, "start", "o", 7, 5)]
        for at, label, marker, size, order in ends:
            x, y = point = self.path[at]
            inside = self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1]
            label += "" if inside else ", outside"
            look = {"marker": marker, "markersize": size, "zorder": order, **line}
            axes.plot(*point, label=label, ls="", **look)
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], labels[::-1], loc="upper right")

    def save(self, path: str | Path) -> None:
        """Write the picture (.svg or .png, need the extra `plot`) or a page (.html).

        On the page the path is walked step by step, and every point says its loss.

        Raises
        ------
        ValueError
            Another suffix.

        Examples
        --------
        >>> import nn
        >>> surface = nn.loss_surface(lambda a, b: a * b, limits=((-1, 1), (-1, 1)))
        >>> surface.save("surface.html")
        """
        suffix = Path(path).suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(
                f"loss_surface: {str(path)!r} should end in .svg, .png (pictures) or .html (a page)"
            )
        content = self._page().encode() if suffix == ".html" else self._picture(suffix[1:])
        ag.write_atomically(path, content)

    def __repr__(self) -> str:
        low, high = bounds_of(self.losses)
        text = (
            f"LossSurface: {len(self.x)} × {len(self.y)} losses from {low:.4g} to {high:.4g} over "
            f"{self.labels[0]} and {self.labels[1]}"
        )
        return text if self.path is None else f"{text}; a path of {len(self.path)} points"

    def _repr_html_(self) -> str:
        """Return the page for a notebook, in a frame of its own that may do nothing else."""
        return framed(self._page(), "The loss surface", 560)

    @property
    def _equal(self) -> bool:
        """Whether one unit may be as long on both axes: then a step stands across the contours."""
        width, height = float(np.ptp(self.x)), float(np.ptp(self.y))
        return max(width, height) <= 3 * min(width, height)

    def _picture(self, kind: str) -> bytes:
        matplotlib = ag.require_extra("matplotlib", extra="plot")
        figures = ag.require_extra("matplotlib.figure", extra="plot")
        # A bare Figure, not pyplot's: no window system, nothing global to close.
        figure = figures.Figure(figsize=(7, 5.5), layout="constrained")
        self.plot(figure.subplots())
        file = io.BytesIO()
        # The same surface gives the same bytes: no date, no random identifiers.
        with matplotlib.rc_context({"svg.hashsalt": "surface", "svg.fonttype": "none"}):
            metadata = {"Date": None} if kind == "svg" else None
            figure.savefig(file, format=kind, dpi=130, metadata=metadata)
        return file.getvalue()

    def _page(self) -> str:
        path = [] if self.path is None else self.path.tolist()
        path_losses = [] if self.path_losses is None else self.path_losses.tolist()
        data = {
            "x": asdict(linear_axis(float(self.x[0]), float(self.x[-1]))),
            "y": asdict(linear_axis(float(self.y[0]), float(self.y[-1]))),
            "columns": len(self.x),
            "rows": len(self.y),
            "losses": short(self.losses.ravel().tolist()),
            "levels": short(contour_levels(self.losses), 9),
            "labels": list(self.labels),
            "equal": self._equal,
            "path": [short(point, 6) for point in path],
            "pathLosses": short(path_losses),
            "lossAxis": asdict(axis_of(path_losses, zero=True)),
            "title": "The loss surface",
            "subtitle": f"{len(self.x)} × {len(self.y)} losses",
        }
        return assemble(
            "surface.html",
            title="The loss surface",
            data=data,
            styles=["stage.css", "surface.css"],
            scripts=["chart.js", "player.js", "surface.js"],
        )


def contour_levels(losses: NDArray[np.float64]) -> list[float]:
    """Losses at which contour lines are drawn: close together near the least.

    Quadratic steps, which a bowl shows at equal distances; where few losses tower over the rest,
    steps by a constant factor.

    Examples
    --------
    >>> import numpy as np
    >>> [round(level) for level in contour_levels(np.array([0.0, 225.0, np.nan]))[:5]]
    [0, 1, 4, 9, 16]
    """
    low, high = bounds_of(losses)
    if not high > low:
        return [low - 1.0, low, low + 1.0]
    parts = np.linspace(0.0, 1.0, LEVELS)
    above = losses[np.isfinite(losses)] - low
    typical = float(np.median(above))
    if 0 < typical < (high - low) / 30:
        least = float(np.quantile(above[above > 0], 0.02))
        steps = np.concatenate([[0.0], np.geomspace(least, high - low, LEVELS - 1)])
    else:
        steps = (high - low) * parts**2
    levels = np.unique(low + steps)
    return [float(level) for level in levels]
