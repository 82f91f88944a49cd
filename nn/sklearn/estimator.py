"""What the two estimators have in common: their parameters, `fit` and `partial_fit`."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from ..activations import ACTIVATIONS
from ..data import split
from ..errors import suggestion
from ..layers import MLP, Linear
from ..optim import SGD, Adam
from .training import Progress, Rows, Trainer

base: Any = ag.require_extra("sklearn.base", extra="data")
validation = ag.require_extra("sklearn.utils.validation", extra="data")
exceptions = ag.require_extra("sklearn.exceptions", extra="data")

Array = NDArray[Any]

SOLVERS = ("adam", "sgd")

# scikit-learn's name of a function that has another one in `nn`.
ACTIVATION_NAMES = {"logistic": "sigmoid"}


class Perceptron(base.BaseEstimator):  # type: ignore[misc]
    """What MLPClassifier and MLPRegressor have in common; use one of those."""

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | str = "auto",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 0.0001,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change

    # --- what differs -----------------------------------------------------------------------

    def _targets(self, y: Any, classes: Any, first: bool) -> tuple[Array, int]:
        """The targets as numbers, and the width of the output."""
        raise NotImplementedError

    def _losses(self, outputs: Any, targets: Any) -> Any:
        """The loss of each row."""
        raise NotImplementedError

    def _validation_score(self, rows: Rows) -> float:
        """How good the model is on the validation rows; larger is better."""
        raise NotImplementedError

    # --- fitting ----------------------------------------------------------------------------

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train from new weights.

        Parameters
        ----------
        X : array_like of shape (rows, columns)
            Standardise the columns first, for example with `StandardScaler` in a `Pipeline`.
        y : array_like of shape (rows,), or for regression (rows, outputs)
        sample_weight : array_like of shape (rows,), optional
            How much each row counts.

        Raises
        ------
        ValueError
            A parameter, X or y does not make sense, or training diverged.
        """
        self._check_parameters()
        rows, width = self._rows(X, y, sample_weight, None, first=True)
        trainer = self._start(rows, width)
        held_out = None
        if self.early_stopping:
            rows, held_out = self._hold_out(rows, trainer.rng)
        settled = trainer.run(
            rows,
            self._batch(rows),
            epochs=self.max_iter,
            tol=self.tol,
            patience=self.n_iter_no_change,
            score=None if held_out is None else lambda: self._validation_score(held_out),
        )
        self._note(trainer)
        if not settled:
            warnings.warn(
                f"{type(self).__name__}: the loss was still falling after max_iter={self.max_iter} "
                "passes over the rows. Give more, or a larger learning_rate_init",
                exceptions.ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _partial_fit(self, X: Any, y: Any, classes: Any, sample_weight: Any) -> Self:
        first = not hasattr(self, "_trainer")
        self._check_parameters()
        rows, width = self._rows(X, y, sample_weight, classes, first=first)
        trainer = self._start(rows, width) if first else self._trainer
        rows.x = rows.x.astype(self._dtype, copy=False)
        trainer.epoch(rows, self._batch(rows))
        self._note(trainer)
        return self

    def _rows(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        classes: Any,
        *,
        first: bool,
    ) -> tuple[Rows, int]:
        x, y = validation.validate_data(
            self,
            X,
            y,
            reset=first,
            dtype=(np.float64, np.float32),
            multi_output=True,
            y_numeric=base.is_regressor(self),
        )
        if sample_weight is not None and not np.any(np.asarray(sample_weight)):
            raise ValueError(f"{type(self).__name__}: every sample weight is zero: no row counts")
        weights = validation._check_sample_weight(
            sample_weight, x, dtype=x.dtype, ensure_non_negative=True
        )
        targets, width = self._targets(y, classes, first)
        if targets.dtype.kind == "f":
            targets = targets.astype(x.dtype, copy=False)
        return Rows(x, targets, weights), width

    def _start(self, rows: Rows, width: int) -> Trainer:
        rng = _generator(self.random_state)
        hidden: Any = self.hidden_layer_sizes
        widths = [hidden] if isinstance(hidden, Integral) else hidden
        self._dtype = rows.x.dtype
        activation = ACTIVATION_NAMES.get(self.activation, self.activation)
        model = MLP(
            rows.x.shape[1], [int(w) for w in widths], width, activation, rng=rng,
            dtype=self._dtype,
        )  # fmt: skip
        rate = float(self.learning_rate_init)
        optimizer = (
            SGD(model.parameters(), rate, momentum=0.9)
            if self.solver == "sgd"
            else Adam(model.parameters(), rate)
        )
        self.model_ = model
        self._trainer = Trainer(
            model, optimizer, self._losses, rng, self.shuffle, Progress(), float(self.alpha)
        )
        return self._trainer

    def _hold_out(self, rows: Rows, rng: np.random.Generator) -> tuple[Rows, Rows]:
        share = float(self.validation_fraction)
        stratify = rows.targets if base.is_classifier(self) else None
        try:
            (kept,), (held,) = split(
                np.arange(len(rows.x)), fractions=(1 - share, share), rng=rng, stratify=stratify
            )
        except ValueError as error:
            raise ValueError(
                f"{type(self).__name__}: early_stopping=True holds out validation_fraction="
                f"{share:g} of the {len(rows.x)} rows, and that fails: {error}"
            ) from error
        return rows[kept], rows[held]

    def _batch(self, rows: Rows) -> int:
        size = 200 if self.batch_size == "auto" else int(self.batch_size)
        return min(size, len(rows.x))

    def _note(self, trainer: Trainer) -> None:
        progress = trainer.progress
        self.loss_curve_ = list(progress.losses)
        self.loss_ = progress.losses[-1]
        self.n_iter_ = len(progress.losses)
        early = self.early_stopping
        self.validation_scores_ = list(progress.scores) if early else None
        self.best_validation_score_ = max(progress.scores, default=None) if early else None
        self.best_loss_ = None if early else min(progress.losses)
        if not math.isfinite(self.loss_):
            raise ValueError(
                f"{type(self).__name__}: the loss became {self.loss_} in pass {self.n_iter_} over "
                "the rows. Standardise the columns (sklearn.preprocessing.StandardScaler), or give "
                f"a learning_rate_init smaller than {self.learning_rate_init:g}"
            )

    @property
    def coefs_(self) -> list[Array]:
        """The weights of each layer, (inputs, outputs), as scikit-learn has them."""
        return [layer.weight.data.T for layer in self._layers()]

    @property
    def intercepts_(self) -> list[Array]:
        """The biases of each layer."""
        return [layer.bias.data for layer in self._layers() if layer.bias is not None]

    @property
    def n_layers_(self) -> int:
        """How many layers there are, with that of the inputs."""
        return len(self._layers()) + 1

    def _layers(self) -> list[Linear]:
        return [layer for layer in self.model_ if isinstance(layer, Linear)]

    def _outputs(self, X: Any) -> Array:
        """What the network gives for rows checked against those it was fitted to."""
        validation.check_is_fitted(self, "model_")
        x = validation.validate_data(self, X, reset=False, dtype=(np.float64, np.float32))
        with ag.no_grad():
            out: Array = self.model_(x.astype(self._dtype, copy=False)).data
        return out

    # --- parameters -------------------------------------------------------------------------

    def _check_parameters(self) -> None:
        name = type(self).__name__
        activations = [*ACTIVATIONS, *ACTIVATION_NAMES]
        if self.activation not in activations:
            raise ValueError(
                f"{name}: unknown activation {self.activation!r}: "
                f"{suggestion(str(self.activation), activations)}"
            )
        if self.solver not in SOLVERS:
            raise ValueError(
                f"{name}: unknown solver {self.solver!r}: {suggestion(str(self.solver), SOLVERS)}"
            )
        hidden: Any = self.hidden_layer_sizes
        widths = [hidden] if isinstance(hidden, Integral) else hidden
        if not isinstance(widths, Sequence | np.ndarray) or isinstance(widths, str):
            raise ValueError(
                f"{name}: hidden_layer_sizes is {hidden!r}; give the widths, such as (64, 32)"
            )
        for width in widths:
            self._whole("hidden_layer_sizes", width)
        if self.batch_size != "auto":
            self._whole("batch_size", self.batch_size)
        self._whole("max_iter", self.max_iter)
        self._whole("n_iter_no_change", self.n_iter_no_change)
        self._number("learning_rate_init", 0, math.inf)
        self._number("alpha", 0, math.inf, "[)")
        self._number("tol", 0, math.inf, "[)")
        self._number("validation_fraction", 0, 1)

    def _whole(self, name: str, value: Any) -> None:
        if type(value) is bool or not isinstance(value, Integral) or int(value) < 1:
            raise ValueError(
                f"{type(self).__name__}: {name} wants whole numbers of at least 1; got {value!r}"
            )

    def _number(self, name: str, low: float, high: float, ends: str = "()") -> None:
        value: Any = getattr(self, name)
        fits = isinstance(value, Real) and low <= float(value) < high
        if not fits or (value == low and ends[0] == "("):
            least = f"above {low}" if ends[0] == "(" else f"of at least {low}"
            most = "" if high == math.inf else f" and below {high}"
            raise ValueError(
                f"{type(self).__name__}: {name} must be a number {least}{most}; got {value!r}"
            )


def _generator(random_state: Any) -> np.random.Generator:
    if random_state is None or isinstance(random_state, Integral | np.random.Generator):
        return np.random.default_rng(random_state)  # type: ignore[arg-type]
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**31 - 1))
    raise ValueError(
        "random_state is None, a whole number, a numpy.random.Generator or a RandomState; got "
        f"{random_state!r}"
    )
