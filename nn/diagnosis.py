"""What `nn.diagnose` measured, what is wrong with it, and what to try."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Diagnosis", "LayerHealth", "Problem"]

#: The healthy ranges; outside of them a problem is named. Rules of thumb, not laws.
SMALLEST_SHARE = 1e-3  # of the largest gradient among the layers
SMALLEST_ERROR = 1e-4  # of the gradient at the last layer's output, at an earlier one's
LARGEST_GROWTH = 1e3  # of the gradient on its way back to the first layer
LARGEST_GRADIENT = 1e3
MOST_DEAD, MOST_SATURATED = 0.2, 0.3
SLOWEST, FASTEST = 1e-5, 0.1  # updates relative to the weights; about 1e-3 is usual


@dataclass(frozen=True)
class LayerHealth:
    """What was measured of one layer.

    Attributes
    ----------
    name, kind : str
        Dotted name in the model, and class.
    mean, spread : float
        Of the outputs: mean and standard deviation, over rows, steps and features alike.
    finite : bool
        Whether all outputs are.
    gradient, weight_gradient : float or None
        Root mean square of the loss's gradient at the outputs, and at the weights.
    update_ratio : float or None
        Size of one optimiser step relative to the weights.
    dead : float or None
        Share of a ReLU's units that are silent on the whole batch, at every step.
    saturated : float or None
        Share of the outputs of a function that levels off (sigmoid, tanh) at its ends.

    Examples
    --------
    >>> LayerHealth("0", "ReLU", 0.4, 0.6, True, 1e-3, None, None, 0.5, None).dead
    0.5
    """

    name: str
    kind: str
    mean: float
    spread: float
    finite: bool
    gradient: float | None
    weight_gradient: float | None
    update_ratio: float | None
    dead: float | None
    saturated: float | None


@dataclass(frozen=True)
class Problem:
    """Something that keeps a network from learning.

    Attributes
    ----------
    kind : str
        "not finite", "vanishing gradient", "exploding gradient", "dead units", "saturated",
        "steps too large", "steps too small", "no gradient".
    layer : str
        Dotted name of the layer; "inputs" or "targets" where the data are to blame.
    text, advice : str
        What was found, in numbers; what to try.

    Examples
    --------
    >>> print(Problem("dead units", "1", "half of the units", "a smaller learning rate"))
    dead units at '1': half of the units. Try: a smaller learning rate
    """

    kind: str
    layer: str
    text: str
    advice: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.layer!r}: {self.text}. Try: {self.advice}"


class Diagnosis:
    """The layers of a model in one training step, and their problems; prints as a table.

    Parameters
    ----------
    loss : float
    layers : list of LayerHealth
        In the order in which they were called.
    unreached : sequence of str, optional
        Names of parameters that are to be trained, and that no gradient reached.
    stray : str, optional
        Where the data hold a value that is not finite.

    Attributes
    ----------
    problems : list of Problem
        The gravest kinds first; empty where everything is in its usual range.

    Examples
    --------
    >>> layers = [LayerHealth("0", "ReLU", 0.4, 0.6, True, 1e-3, None, None, 0.5, None)]
    >>> [problem.kind for problem in Diagnosis(0.7, layers).problems]
    ['no gradient', 'dead units']
    """

    def __init__(
        self,
        loss: float,
        layers: list[LayerHealth],
        unreached: Sequence[str] = (),
        stray: str = "",
    ) -> None:
        self.loss = loss
        self.layers = layers
        found = _stray_problems(stray, loss, layers) or _problems(layers)
        self.problems = [*found, *_unreached_problems(unreached)]

    def _table(self) -> list[list[str]]:
        """Headings and cells; columns that have nothing to say are left out."""
        columns: list[tuple[str, list[str]]] = [
            ("layer", [layer.name or "(the model)" for layer in self.layers]),
            ("kind", [layer.kind for layer in self.layers]),
            ("output mean", [_number(layer.mean) for layer in self.layers]),
            ("spread", [_number(layer.spread) for layer in self.layers]),
            ("gradient", [_number(layer.gradient) for layer in self.layers]),
            ("weight gradient", [_number(layer.weight_gradient) for layer in self.layers]),
            ("update/weight", [_number(layer.update_ratio) for layer in self.layers]),
            ("dead", [_share(layer.dead) for layer in self.layers]),
            ("saturated", [_share(layer.saturated) for layer in self.layers]),
        ]
        kept = [(heading, cells) for heading, cells in columns if any(cells)]
        return [[heading, *cells] for heading, cells in kept]

    def _verdict(self) -> list[str]:
        if not self.problems:
            return ["Nothing conspicuous: every number is in its usual range."]
        return [str(problem) for problem in self.problems]

    def __repr__(self) -> str:
        columns = self._table()
        widths = [max(map(len, column)) for column in columns]
        lines = [
            "  ".join(
                cell.ljust(width) if place < 2 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in zip(*columns, strict=True)
        ]
        mark = "- " if self.problems else ""
        verdict = [f"{mark}{line}" for line in self._verdict()]
        return "\n".join([f"loss {self.loss:.4g}", *lines, *verdict])

    def _repr_html_(self) -> str:
        rows = [*zip(*self._table(), strict=True)]
        head, *body = [
            "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
            for tag, cells in zip(["th"] + ["td"] * len(rows), rows, strict=False)
        ]
        verdict = "".join(f"<p>{html.escape(line)}</p>" for line in self._verdict())
        return (
            f"<table><caption>loss {self.loss:.4g}</caption><thead>{head}</thead>"
            f"<tbody>{''.join(body)}</tbody></table>{verdict}"
        )


def _stray_problems(stray: str, loss: float, layers: list[LayerHealth]) -> list[Problem]:
    """Data that are not finite, unless the model knows how to deal with them."""
    if not stray or (math.isfinite(loss) and all(layer.finite for layer in layers)):
        return []
    name = stray.partition("[")[0]
    return [
        Problem(
            "not finite", name,
            f"the data are to blame: {stray}; whatever is computed from it is a consequence",
            "mend or drop such rows",
        )
    ]  # fmt: skip


def _problems(layers: list[LayerHealth]) -> Iterator[Problem]:
    """All problems, the gravest kinds first; of one kind, the worst layer speaks for the others."""
    broken = [layer for layer in layers if not layer.finite]
    if broken:
        yield Problem(
            "not finite", broken[0].name,
            f"its output ({broken[0].kind}) is the first that holds NaN or infinity",
            "a smaller learning rate; standardised inputs; ag.detect_anomaly() names the operation",
        )  # fmt: skip
        return  # every other number is a consequence
    yield from _gradient_problems(layers)
    yield from _unit_problems(layers)
    yield from _step_problems(layers)


def _unreached_problems(names: Sequence[str]) -> Iterator[Problem]:
    """Parameters that the loss does not depend on: a layer that forward() forgot, for example."""
    if names:
        more = f" (and {len(names) - 1} more such parameters)" if names[1:] else ""
        yield Problem(
            "no gradient", names[0].rpartition(".")[0],
            f"the loss does not depend on {names[0]!r}{more}",
            "use it in forward(), or freeze() it, or take it out",
        )  # fmt: skip


def _gradient_problems(layers: list[LayerHealth]) -> Iterator[Problem]:
    found = [layer for layer in layers if layer.weight_gradient is not None]
    if not found:
        yield Problem(
            "no gradient", layers[-1].name if layers else "",
            "no layer's weights got a gradient",
            "unfreeze() the model; check that the loss is computed from its output "
            "(ag.why(parameter, loss) says where the path is cut)",
        )  # fmt: skip
        return
    sizes = [layer.weight_gradient or 0.0 for layer in found]
    largest, smallest = max(sizes), min(sizes)
    least = found[sizes.index(smallest)]
    if smallest == 0.0 and largest == 0.0:
        yield Problem(
            "vanishing gradient", least.name, "every weight's gradient is exactly 0",
            "ag.why(parameter, loss), which names the factor that is 0",
        )  # fmt: skip
    elif not all(map(math.isfinite, sizes)):
        worst = next(layer for layer, size in zip(found, sizes, strict=True)
                     if not math.isfinite(size))  # fmt: skip
        yield Problem(
            "exploding gradient", worst.name, "its weights' gradient is not finite",
            "nn.clip_gradient_norm, a smaller learning rate, another initialiser",
        )  # fmt: skip
    elif smallest < SMALLEST_SHARE * largest:
        most = found[sizes.index(largest)]
        grows = found.index(least) > found.index(most) and largest > LARGEST_GROWTH * smallest
        kind = "exploding gradient" if grows else "vanishing gradient"
        yield Problem(
            kind, most.name if grows else least.name,
            f"the weight gradient is {smallest:.2g} at {least.name!r} and {largest:.2g} at "
            f"{most.name!r}, {largest / max(smallest, 1e-300):.2g} times as large",
            "nn.clip_gradient_norm, a smaller initial spread, normalisation layers"
            if grows
            else "ReLU or tanh instead of sigmoid, He's or Glorot's initialiser, BatchNorm, "
            "residual connections, fewer layers",
        )  # fmt: skip
    elif fading := _fading(layers):
        first, last = fading
        yield Problem(
            "vanishing gradient", first.name,
            f"the gradient at the outputs falls from {last.gradient:.2g} at {last.name!r} to "
            f"{first.gradient:.2g} at {first.name!r}",
            "a larger initial spread (He's or Glorot's initialiser), BatchNorm, residual "
            "connections, fewer layers",
        )  # fmt: skip
    elif largest > LARGEST_GRADIENT:
        most = found[sizes.index(largest)]
        yield Problem(
            "exploding gradient", most.name, f"its weights' gradient is {largest:.2g}",
            "standardised inputs and targets, nn.clip_gradient_norm, a smaller initial spread",
        )  # fmt: skip


def _fading(layers: list[LayerHealth]) -> tuple[LayerHealth, LayerHealth] | None:
    """The layer where the error has faded, and the last one.

    Weights that are equally small at every depth hide it from their own gradients, for the signal
    and the error then shrink in opposite directions.
    """
    errors = [layer for layer in layers if layer.gradient is not None]
    if len(errors) < 2:
        return None
    first, last = min(errors[:-1], key=lambda layer: layer.gradient or 0.0), errors[-1]
    # A mean over many places spreads the error thinly without any loss; ten thousand is too much.
    faded = 0.0 < (first.gradient or 0.0) < SMALLEST_ERROR * (last.gradient or 0.0)
    return (first, last) if faded else None


def _unit_problems(layers: list[LayerHealth]) -> Iterator[Problem]:
    dead = [layer for layer in layers if (layer.dead or 0.0) > MOST_DEAD]
    if dead:
        worst = max(dead, key=lambda layer: layer.dead or 0.0)
        yield Problem(
            "dead units", worst.name,
            f"{_share(worst.dead)} of its units are silent on the whole batch, so their weights "
            f"get no gradient{_others(dead)}",
            "a smaller learning rate, He's initialiser, LeakyReLU or GELU, standardised inputs",
        )  # fmt: skip
    saturated = [layer for layer in layers if (layer.saturated or 0.0) > MOST_SATURATED]
    if saturated:
        worst = max(saturated, key=lambda layer: layer.saturated or 0.0)
        yield Problem(
            "saturated", worst.name,
            f"{_share(worst.saturated)} of its outputs ({worst.kind}) are at their ends, where "
            f"the slope is below 1 % of its best{_others(saturated)}",
            "standardised inputs, a smaller initial spread, ReLU, BatchNorm before it; at the "
            "output, a loss that takes logits",
        )  # fmt: skip


def _step_problems(layers: list[LayerHealth]) -> Iterator[Problem]:
    stepped = [layer for layer in layers if layer.update_ratio is not None]
    fast = [layer for layer in stepped if not (layer.update_ratio or 0.0) <= FASTEST]
    if fast:
        worst = max(fast, key=lambda layer: layer.update_ratio or 0.0)
        yield Problem(
            "steps too large", worst.name,
            f"one step changes its weights by {worst.update_ratio:.2g} of their size; about 0.001 "
            f"is usual{_others(fast)}",
            "a smaller learning rate, warm-up, clipping",
        )  # fmt: skip
    slow = [layer for layer in stepped if (layer.update_ratio or 0.0) < SLOWEST]
    # Where no gradient arrives, a larger rate is no remedy.
    starved = any((layer.dead or 0.0) > MOST_DEAD for layer in layers) or not any(
        layer.update_ratio for layer in stepped
    )
    if slow and len(slow) == len(stepped) and not starved:
        worst = min(slow, key=lambda layer: layer.update_ratio or 0.0)
        yield Problem(
            "steps too small", worst.name,
            f"one step changes its weights by {worst.update_ratio:.2g} of their size; about 0.001 "
            "is usual",
            "a larger learning rate, Adam",
        )  # fmt: skip


def _others(layers: list[LayerHealth]) -> str:
    count = len(layers) - 1
    return f" (and {count} more such layer{'s' if count > 1 else ''})" if count else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f} %"
