"""L-BFGS: a quasi-Newton method that remembers the last few steps instead of a Hessian."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import Tensor

from ..errors import StateDictError, check_state, check_whole
from .groups import not_negative
from .line_search import Point, strong_wolfe
from .optimizer import Array, Optimizer

__all__ = ["LBFGS"]

LEAST_CURVATURE = 1e-10  # of a step that is remembered


class LBFGS(Optimizer):
    """Limited-memory BFGS, with a strong-Wolfe line search.

    For small problems and full batches; with mini-batches the curvature it remembers is noise.

    Parameters
    ----------
    parameters : iterable of Tensor
        What to train: `model.parameters()`.
    lr : float, default 1
        The first step length tried by the line search, or the step length without one.
    max_iterations : int, default 20
        Of one `step`.
    max_evaluations : int, optional
        Of the loss, in one `step`; by default 1.25 * max_iterations.
    tolerance_gradient : float, default 1e-7
        Stop where no gradient's absolute value is larger.
    tolerance_change : float, default 1e-9
        Stop where neither the loss nor a parameter changes by more.
    history_size : int, default 100
        Steps remembered.
    line_search : bool, default True
        Whether to search along each direction; without, every step has length `lr`.

    Raises
    ------
    ValueError, TypeError
        As `Optimizer`; and from `step` where the loss function does not compute gradients.

    Notes
    -----
    Nocedal & Wright, "Numerical optimization", 2nd edition, Springer 2006, algorithms 7.4
    and 7.5. Unlike the other optimisers it allocates in a step: one vector an evaluation.

    Examples
    --------
    >>> import nn
    >>> x = Tensor([-1.0, 2.0])
    >>> optimizer = nn.LBFGS([x])
    >>> def loss():
    ...     optimizer.zero_grad()
    ...     value = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    ...     value.backward()
    ...     return value
    >>> for _ in range(3):
    ...     start = optimizer.step(loss)
    >>> x.data.round(4)
    array([1., 1.])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 1.0,
        *,
        max_iterations: int = 20,
        max_evaluations: int | None = None,
        tolerance_gradient: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search: bool = True,
    ) -> None:
        super().__init__(parameters, lr)
        if len(set(self._scales)) > 1 or any(self._penalised):
            raise ValueError("LBFGS: one rate for all parameters, and no decay; give no groups")
        check_whole("LBFGS", "max_iterations", max_iterations)
        check_whole("LBFGS", "history_size", history_size)
        self.max_iterations = max_iterations
        self.max_evaluations = max_evaluations or max_iterations * 5 // 4
        self.tolerance_gradient = not_negative("LBFGS", "tolerance_gradient", tolerance_gradient)
        self.tolerance_change = not_negative("LBFGS", "tolerance_change", tolerance_change)
        self.history_size = history_size
        self.line_search = line_search
        self.iterations = 0
        self._dtype = np.result_type(*[parameter.dtype for parameter in self.parameters])
        self._bounds = np.cumsum([0, *[parameter.size for parameter in self.parameters]])
        self._steps: list[Array] = []  # s_k, how the parameters changed
        self._changes: list[Array] = []  # y_k, how the gradient changed
        self._scale = 1.0  # of the initial inverse Hessian

    def step(self, closure: Callable[[], Any] | None = None) -> float:  # type: ignore[override]
        """Go down until a tolerance or a limit is reached.

        Parameters
        ----------
        closure : function
            Clears the gradients, computes the loss, calls ``backward()`` and returns the loss;
            it is called several times.

        Returns
        -------
        float
            The loss at the start.
        """
        if not callable(closure):
            raise TypeError(
                "LBFGS.step: it evaluates the loss several times, so give it a function that "
                "clears the gradients, computes the loss, calls backward() and returns the loss"
            )
        position = self._gather([parameter.data for parameter in self.parameters])
        first = point = self._evaluate(closure, 0.0, position, None)
        evaluations = 1
        for iteration in range(1, self.max_iterations + 1):
            if self._flat_enough(point):
                break
            direction = -self._times_inverse_hessian(point.gradient)
            slope = float(direction @ point.gradient)
            if slope > -self.tolerance_change:
                break
            size = float(np.abs(point.gradient).sum())
            length = self.lr * (min(1.0, 1.0 / size) if self.iterations == 0 else 1.0)
            self.iterations += 1
            start = Point(0.0, point.value, point.gradient, slope)
            here, along = position, direction

            def evaluate(t: float, here: Array = here, along: Array = along) -> Point:
                return self._evaluate(closure, t, here, along)

            if self.line_search:
                longest = float(np.abs(direction).max())
                following, spent = strong_wolfe(
                    evaluate, start, length, self.tolerance_change / longest
                )
            else:
                following, spent = evaluate(length), 1
            evaluations += spent
            moved = following.length * direction
            position = position + moved
            self._scatter(position)
            self._remember(moved, following.gradient - point.gradient)
            change = abs(following.value - point.value)
            point = following
            if (
                evaluations >= self.max_evaluations
                or iteration == self.max_iterations
                or float(np.abs(moved).max()) <= self.tolerance_change
                or change < self.tolerance_change
            ):
                break
        return first.value

    def _flat_enough(self, point: Point) -> bool:
        return not float(np.abs(point.gradient).max()) > self.tolerance_gradient

    def _evaluate(
        self, closure: Callable[[], Any], length: float, position: Array, direction: Array | None
    ) -> Point:
        """The loss and its gradient at a point along `direction`, where the parameters go."""
        if direction is not None:
            self._scatter(position + length * direction)
        found = closure()
        if found is None:
            raise TypeError(
                "LBFGS.step: the function returned None; it must return the loss, after it called "
                "backward() on it"
            )
        value = float(found)
        if all(parameter.grad is None for parameter in self.parameters):
            raise ValueError(
                "LBFGS.step: after calling the function no parameter has a gradient; it must call "
                "backward() on the loss before it returns it"
            )
        gradient = self._gather(
            [
                np.zeros(parameter.shape) if parameter.grad is None else parameter.grad
                for parameter in self.parameters
            ]
        )
        slope = 0.0 if direction is None else float(gradient @ direction)
        return Point(length, value, gradient, slope)

    def _gather(self, arrays: list[Any]) -> Array:
        plain = [array.data if isinstance(array, Tensor) else array for array in arrays]
        return np.concatenate([np.ravel(array) for array in plain], dtype=self._dtype)

    def _scatter(self, position: Array) -> None:
        for k, parameter in enumerate(self.parameters):
            part = position[self._bounds[k] : self._bounds[k + 1]].reshape(parameter.shape)
            data = parameter.data
            if data.ndim:
                data[...] = part
                parameter.data = data
            else:
                parameter.data = part.astype(parameter.dtype)[()]

    def _remember(self, moved: Array, change: Array) -> None:
        curvature = float(moved @ change)
        if curvature > LEAST_CURVATURE:
            if len(self._steps) == self.history_size:
                del self._steps[0], self._changes[0]
            self._steps.append(moved)
            self._changes.append(change)
            self._scale = curvature / float(change @ change)

    def _times_inverse_hessian(self, gradient: Array) -> Array:
        """The two-loop recursion, algorithm 7.4."""
        result = gradient.copy()
        shares = []
        for moved, change in zip(reversed(self._steps), reversed(self._changes), strict=True):
            share = (moved @ result) / (moved @ change)
            result -= share * change
            shares.append(share)
        result *= self._scale
        for moved, change, share in zip(self._steps, self._changes, reversed(shares), strict=True):
            result += moved * (share - (change @ result) / (moved @ change))
        return result

    # --- state ------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The steps remembered, as arrays."""
        size = int(self._bounds[-1])
        empty = np.zeros((0, size), self._dtype)
        return {
            "steps": np.array(self._steps) if self._steps else empty,
            "changes": np.array(self._changes) if self._changes else empty,
            "scale": np.array(self._scale),
            "iterations": np.array(self.iterations),
            "lr": np.array(self.lr),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave, of as many parameters.

        Raises
        ------
        StateDictError
            Where the state is another optimiser's, or of another number of parameters.
        """
        check_state("LBFGS", state)
        size = int(self._bounds[-1])
        own = {"steps", "changes", "scale", "iterations", "lr"}
        shapes = {name: np.shape(value) for name, value in state.items()}
        if set(state) != own or any(shapes[key][1:] != (size,) for key in ("steps", "changes")):
            raise StateDictError(
                f"load_state_dict: LBFGS with {size} numbers to train keeps {sorted(own)}, steps "
                f"and changes of shape (n, {size}); this state has {shapes}"
            )
        self._steps = list(np.array(state["steps"]))
        self._changes = list(np.array(state["changes"]))
        self._scale = float(state["scale"])
        self.iterations = int(state["iterations"])
        self.lr = float(state["lr"])
