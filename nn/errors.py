"""The exceptions of `nn`, and the one helper that turns a misspelt name into a suggestion.

Each exception is an `ag.AutogradError` *and* the built-in class that a newcomer would catch.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd_core as ag

if TYPE_CHECKING:
    from .history import History


class StateDictError(ag.AutogradError, ValueError):
    """A state dict does not fit the model; the message names every key and shape that differs.

    Examples
    --------
    >>> import nn
    >>> try:
    ...     nn.Linear(3, 2, bias=False).load_state_dict({"weight": [1.0]})
    ... except nn.StateDictError as error:
    ...     print(error)
    load_state_dict: this state does not fit Linear:
      'weight' has shape (1,) in the state, (2, 3) in the model
    """


class FileFormatError(ag.AutogradError, ValueError):
    """A file is not what its name or its reader says; the message names what was found.

    Examples
    --------
    >>> import nn
    >>> try:
    ...     nn.load("weights.pt")
    ... except nn.FileFormatError as error:
    ...     print("'.pt' is not one" in str(error))
    True
    """


class DownloadError(ag.AutogradError, OSError):
    """A file could not be fetched, or is not the one that was published.

    Examples
    --------
    >>> import nn
    >>> issubclass(nn.DownloadError, OSError)
    True
    """


class TableError(ag.AutogradError, ValueError):
    """A table cannot be read or learnt from; the message names the row and column.

    Examples
    --------
    >>> import nn
    >>> table = nn.Table.from_columns({"width": [1.0, 2.0]})
    >>> try:
    ...     table["with"]
    ... except nn.TableError as error:
    ...     print(error)
    table: there is no column 'with': did you mean 'width'? Known: width
    """


class TableWarning(UserWarning):
    """Something in a table that is probably not meant, such as a column that never changes.

    Examples
    --------
    >>> import warnings, nn
    >>> table = nn.Table.from_columns({"x": [1, 2], "planet": ["earth"] * 2, "kind": ["a", "b"]})
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always", nn.TableWarning)
    ...     _ = nn.TableEncoder.fit(table, "kind")
    >>> print(caught[0].message)
    table: column B (planet) is 'earth' in every row; it is left out
    """


class CheckpointError(ag.AutogradError, FileExistsError):
    """A folder for checkpoints already holds those of a run that nobody asked to resume.

    Examples
    --------
    >>> import nn
    >>> issubclass(nn.CheckpointError, FileExistsError)
    True
    """


class CheckpointWarning(UserWarning):
    """A checkpoint could not be written, or a damaged one was passed over.

    Examples
    --------
    >>> import warnings, nn
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", nn.CheckpointWarning)  # stop where none can be written
    """


class NonFiniteLoss(ag.AutogradError, FloatingPointError):
    """The loss became NaN or infinite during `fit`; the model is back at its last good weights.

    Parameters
    ----------
    message : str
        What happened, where, and what to try.
    step : int
        The step (counted from 1 over all epochs) whose loss was not finite.
    layer : str or None
        Dotted name of the layer that produced the first non-finite value; None when it was not
        a layer (the data, or the loss function).
    history : History
        What was recorded until then.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.Linear(1, 1)
    >>> try:
    ...     nn.fit(
    ...         model,
    ...         (np.array([[np.nan]]), np.array([[1.0]])),
    ...         loss=nn.mse_loss,
    ...         optimizer=nn.SGD(model.parameters(), lr=0.1),
    ...         epochs=1,
    ...         progress=False,
    ...     )
    ... except nn.NonFiniteLoss as error:
    ...     print(error.step, str(error)[:27])
    1 fit: the loss became nan at
    """

    def __init__(self, message: str, *, step: int, layer: str | None, history: History) -> None:
        super().__init__(message)
        self.step = step
        self.layer = layer
        self.history = history


def suggestion(name: object, known: Iterable[str]) -> str:
    """Text to put behind an unknown name: the nearest known one, and the list of all.

    Examples
    --------
    >>> suggestion("rleu", ["relu", "tanh"])
    "did you mean 'relu'? Known: relu, tanh"
    >>> suggestion("?", ["relu", "tanh"])
    'known: relu, tanh'
    """
    names = list(known)
    lower = {known.lower(): known for known in reversed(names)}
    close = [lower[near] for near in difflib.get_close_matches(str(name).lower(), lower, 1, 0.5)]
    listing = ", ".join(names)
    return f"did you mean {close[0]!r}? Known: {listing}" if close else f"known: {listing}"


def check_number(operation: str, name: str, value: Any) -> None:
    """Refuse an argument that is no number: text, None, a list.

    Raises
    ------
    TypeError
        Naming the operation, the argument and what it was.

    Examples
    --------
    >>> check_number("SGD", "lr", "0.1")
    Traceback (most recent call last):
    ...
    TypeError: SGD: lr must be a number; got '0.1' (str)
    """
    if not isinstance(value, Real | np.generic | np.ndarray | ag.Tensor):
        raise TypeError(
            f"{operation}: {name} must be a number; got {value!r} ({type(value).__name__})"
        )


def check_generator(operation: str, rng: Any, *, needed: bool = False) -> None:
    """Refuse an `rng` that is no generator of random numbers; None is one unless it is needed.

    Raises
    ------
    TypeError
        Saying how one is made; a seed is made one by `np.random.default_rng(seed)`.

    Examples
    --------
    >>> check_generator("split", 7)
    Traceback (most recent call last):
    ...
    TypeError: split: rng must be a numpy.random.Generator; got 7 (int); write
    rng=np.random.default_rng(7)
    """
    if not isinstance(rng, np.random.Generator) and (needed or rng is not None):
        given = "None" if rng is None else f"{rng!r} ({type(rng).__name__})"
        seed = rng if isinstance(rng, int | np.integer) and rng >= 0 else 0
        raise TypeError(
            f"{operation}: rng must be a numpy.random.Generator; got {given}; write "
            f"rng=np.random.default_rng({int(seed)})"
        )


def given_or_new(operation: str, rng: np.random.Generator | None) -> np.random.Generator:
    """The generator that was given, checked; for None a new one, different in every run.

    Examples
    --------
    >>> given_or_new("split", None) is given_or_new("split", None)
    False
    """
    check_generator(operation, rng)
    return np.random.default_rng() if rng is None else rng


def check_state(operation: str, state: Any, names: Iterable[str] = ()) -> None:
    """Refuse what is no state dict, or lacks something that has to be in it.

    Raises
    ------
    TypeError
        It is not a mapping.
    StateDictError
        Naming what is missing.

    Examples
    --------
    >>> check_state("Step", {"steps": 3}, ["steps", "base"])
    Traceback (most recent call last):
    ...
    nn.errors.StateDictError: Step.load_state_dict: this state lacks 'base'; it has 'steps'
    """
    if not isinstance(state, Mapping):
        raise TypeError(
            f"{operation}.load_state_dict: give the dict that state_dict() returned; "
            f"got {type(state).__name__}"
        )
    missing = [name for name in names if name not in state]
    if missing:
        raise StateDictError(
            f"{operation}.load_state_dict: this state lacks {', '.join(map(repr, missing))}; "
            f"it has {', '.join(map(repr, state)) or 'nothing'}"
        )


def check_whole(operation: str, name: str, value: Any, least: int = 1) -> None:
    """Refuse an argument that is not a whole number of at least `least`.

    Raises
    ------
    ValueError
        Naming the operation, the argument and what it was.

    Examples
    --------
    >>> check_whole("Linear", "in_features", 2.5)
    Traceback (most recent call last):
    ...
    ValueError: Linear: in_features must be a whole number of at least 1; got 2.5
    """
    if not isinstance(value, int | np.integer) or value < least:
        raise ValueError(
            f"{operation}: {name} must be a whole number of at least {least}; got {value!r}"
        )
