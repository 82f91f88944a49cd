"""The settings of a training run: what a run that is resumed must share with the one before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from .architecture import describe
from .early_stopping import Monitor
from .judge import Judge
from .module import Module
from .optim import Optimizer
from .schedules import ReduceOnPlateau, Schedule
from .training import Steps, Training

# At most so many differences are listed.
LISTED = 5
# NumPy draws seeds of 128 bits where none is given; those differ from run to run.
LARGEST_SEED = 2**64


def settings_of(
    training: Training, steps: Steps, judge: Judge | None, monitor: Monitor | None
) -> dict[str, Any]:
    """Model, optimiser, loss and the rest, as plain values for JSON.

    Not among them is what may change from one call to the next: the number of epochs, the patience,
    what a schedule or a callback made of the rate, which parameters are frozen.

    Parameters
    ----------
    training, steps
        The parts of the run, before its first step.
    judge : Judge, optional
        The validation rows, and the history's columns that they fill.
    monitor : Monitor, optional
        What early stopping watches, or a schedule; None where neither does.
    """
    update = steps.update
    loss = steps.loss
    found = {
        "model": _architecture(training.model),
        "lr": _starting_rate(update.optimizer, update.schedule),
        "optimizer": _options(update.optimizer),
        "clip": update.clip,
        "average decay": None if update.average is None else update.average.decay,
        "loss": getattr(loss, "__name__", None) if _ours(loss) else None,
        "seed of the rows' order": _seed(steps.loader.rng),
        "validation columns": None if judge is None else list(judge.columns),
        "validation rows": None if judge is None else judge.fingerprint(),
        "monitor": None if monitor is None else monitor.column,
        "best value of the monitor": None if monitor is None else monitor.best,
        "schedule": _schedule_options(update.schedule),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found, default=_plain))
    return plain


def differences(
    then: Mapping[str, Any], now: Mapping[str, Any], rate: float | None = None
) -> list[str]:
    """One line for each setting that is another now; none for what was not written down then.

    Parameters
    ----------
    then, now : dict
        From `settings_of`.
    rate : float, optional
        The learning rate that the run had come to: an optimiser that is still there has it.

    Examples
    --------
    >>> differences({"lr": 0.1, "clip": None}, {"lr": 0.5, "clip": None, "loss": "mse_loss"})
    ['lr is 0.1 in the checkpoint, 0.5 in this run']
    """
    then, now = dict(then), dict(now)
    model = _layers_that_differ(then.pop("model", None), now.pop("model", None))
    old, new = dict(_leaves(then, "")), dict(_leaves(now, ""))
    if new.get("lr") == rate:
        new.pop("lr", None)
    # What another version does not write down, or nobody can tell, is no difference.
    pairs = {name: (old[name], new[name]) for name in old if name in new}
    for name in UNKNOWN_IF_NONE:
        if None in pairs.get(name, ()):
            pairs.pop(name)
    lines = model + [
        f"{name} is {_shown(a)} in the checkpoint, {_shown(b)} in this run"
        for name, (a, b) in pairs.items()
        if json.dumps(a) != json.dumps(b)
    ]
    rest = len(lines) - LISTED
    return lines if rest <= 0 else [*lines[:LISTED], f"and {rest} more"]


def _layers_that_differ(then: Any, now: Any) -> list[str]:
    if then is None or now is None:
        return []
    described = then["described"] is not None and now["described"] is not None
    if described and json.dumps(then["described"]) == json.dumps(now["described"]):
        return []
    lines = _lines("layer ", then["layers"], now["layers"])
    if lines or not described:
        return lines
    old, new = dict(_leaves(then["described"], "")), dict(_leaves(now["described"], ""))
    # Another version may know more arguments.
    both = old.keys() & new.keys()
    return _lines(
        "of the model, ",
        {name: value for name, value in old.items() if name in both},
        {name: value for name, value in new.items() if name in both},
    )


def _lines(prefix: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"{prefix}{name} is {_shown(old.get(name, 'absent'))} in the checkpoint, "
        f"{_shown(new.get(name, 'absent'))} in this run"
        for name in dict.fromkeys([*old, *new])
        if json.dumps(old.get(name)) != json.dumps(new.get(name))
    ]


# Where there are no validation rows, their columns say so.
UNKNOWN_IF_NONE = (
    "loss", "seed of the rows' order", "optimizer rates relative to lr", "validation rows"
)  # fmt: skip


def _architecture(model: Module) -> dict[str, Any]:
    """The layers by name, each as it shows itself, and all arguments where they are known."""
    layers = {
        repr(name) if name else "(the whole)": (
            f"{type(module).__name__}({_steady(module.extra_repr())})"
        )
        for name, module in model.named_modules()
    }
    try:
        arguments = _without_modes(describe(model)["model"])
    except TypeError:  # A class of one's own.
        arguments = None
    return {"layers": layers, "described": arguments}


def _without_modes(value: Any) -> Any:
    """A description without what `eval` and `train` change."""
    if isinstance(value, list):
        return [_without_modes(member) for member in value]
    if not isinstance(value, dict):
        return value
    mode = "training" if "class" in value else None
    return {key: _without_modes(member) for key, member in value.items() if key != mode}


def _steady(text: str) -> str:
    """Without addresses, which differ from run to run."""
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def _ours(value: object) -> bool:
    """Whether a function or class is of this package."""
    home = getattr(value, "__module__", None) or ""
    return home.partition(".")[0] == __name__.partition(".")[0]


def _options(optimizer: Optimizer) -> dict[str, Any]:
    """Its public numbers and switches; rates and penalties of groups, parameter by parameter."""
    # What another class counts in its attributes is not known here.
    shared = ("weight_decay", "l1", "decoupled")
    numbers = {
        name: value
        for name, value in vars(optimizer).items()
        if (name in shared or (_ours(type(optimizer)) and not name.startswith("_")))
        and isinstance(value, bool | int | float | str | tuple | np.generic)
    }
    rates = [optimizer.lr_of(k) for k in range(len(optimizer.parameters))]
    # Rounded: the same proportions come out a little different at another rate.
    relative = [float(f"{rate / optimizer.lr:.9g}") for rate in rates] if optimizer.lr else None
    return numbers | {
        "rates relative to lr": _common(relative),
        "weight_decay": _common(optimizer._decays),
        "l1": _common(optimizer._signs),
    }


# The arguments whose attributes have other names.
ARGUMENTS = {"length": "steps", "fall": "factor", "ratio": "factor"}


def _schedule_options(schedule: Schedule | ReduceOnPlateau | None) -> dict[str, Any] | None:
    """What it was made with, and the schedule that follows it; nothing that moves."""
    # What another class counts in its attributes is not known here.
    if schedule is None or not _ours(type(schedule)):
        return None
    moves = schedule.state_dict()
    found: dict[str, Any] = {}
    for name, value in vars(schedule).items():
        if isinstance(value, Schedule):
            found[name] = {"kind": type(value).__name__} | (_schedule_options(value) or {})
        elif name not in moves and isinstance(
            value, bool | int | float | list | tuple | np.generic
        ):
            found[ARGUMENTS.get(name, name)] = value
    return found


def _common(values: list[float] | None) -> Any:
    """The one value that all parameters have, or the list of theirs."""
    return values[0] if values and len(set(values)) == 1 else values


def _starting_rate(optimizer: Optimizer, schedule: Any) -> float:
    return schedule.base if isinstance(schedule, Schedule) else optimizer.lr


def _seed(rng: np.random.Generator | None) -> int | None:
    """The number that a generator was made of; None where nobody gave one."""
    sequence = None if rng is None else getattr(rng.bit_generator, "seed_seq", None)
    entropy = getattr(sequence, "entropy", None)
    if not isinstance(entropy, int | np.integer) or entropy >= LARGEST_SEED:
        return None
    return int(entropy)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else _steady(repr(value))


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Name and value of everything in dicts in dicts and lists of them."""
    members: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        members = value.items()
    elif isinstance(value, list) and any(isinstance(member, Mapping) for member in value):
        members = enumerate(value)
    elif name:
        yield name, value
    for key, member in members:
        yield from _leaves(member, f"{name} {key}" if name else str(key))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
