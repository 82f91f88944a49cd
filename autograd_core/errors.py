"""Every exception the engine raises on purpose, and how it describes the operands in a message.

Each class is also one of Python's own (``TypeError``, ``ValueError``...), so that code which
catches those keeps working, and ``AutogradError`` catches all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

#: How many operands a message lists.
LISTED = 8


class AutogradError(Exception):
    """Base of every exception that autograd_core raises on purpose.

    Examples
    --------
    >>> import autograd_core as ag
    >>> try:
    ...     ag.Tensor([1.0, 2.0]).backward()
    ... except ag.AutogradError as error:
    ...     print(type(error).__name__)
    GraphError
    """


class NotDifferentiable(AutogradError, TypeError):
    """A NumPy function, or a way of calling it, for which no derivative is known.

    Examples
    --------
    >>> import autograd_core as ag
    >>> issubclass(ag.NotDifferentiable, TypeError)
    True
    """


class ShapeError(AutogradError, ValueError):
    """Operands whose shapes (or axes, or labels) do not fit the operation.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> try:
    ...     ag.Tensor([1.0, 2.0]) + np.ones(3)
    ... except ag.ShapeError as error:
    ...     print("(2,)" in str(error) and "(3,)" in str(error))
    True
    """


class DTypeError(AutogradError, TypeError):
    """An operand of a type the operation cannot take, such as an integer asked for a gradient.

    Examples
    --------
    >>> import autograd_core as ag
    >>> try:
    ...     ag.Tensor([1, 2], requires_grad=True)
    ... except ag.DTypeError as error:
    ...     print("2.0" in str(error))
    True
    """


class LinearAlgebraError(AutogradError, np.linalg.LinAlgError):
    """A matrix that ``numpy.linalg`` cannot work with: singular, not definite, not square.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> try:
    ...     np.linalg.inv(ag.Tensor([[1.0, 2.0], [2.0, 4.0]]))
    ... except np.linalg.LinAlgError as error:
    ...     print(type(error).__name__)
    LinearAlgebraError
    """


class IndexingError(AutogradError, IndexError):
    """An index outside the Tensor it is applied to.

    Examples
    --------
    >>> import autograd_core as ag
    >>> try:
    ...     ag.Tensor([1.0, 2.0])[5]
    ... except IndexError as error:
    ...     print(type(error).__name__)
    IndexingError
    """


class GraphError(AutogradError, RuntimeError):
    """``backward()`` asked of a graph that cannot give it: no graph, no seed, or released.

    Examples
    --------
    >>> import autograd_core as ag
    >>> try:
    ...     ag.Tensor([1, 2]).backward()
    ... except ag.GraphError as error:
    ...     print("does not record" in str(error))
    True
    """


class InPlaceError(AutogradError, RuntimeError):
    """An in-place change of a Tensor that would make its recorded history wrong.

    Examples
    --------
    >>> import autograd_core as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> try:
    ...     w += 1.0
    ... except ag.InPlaceError as error:
    ...     print("no_grad" in str(error))
    True
    """


class OverwrittenError(AutogradError, RuntimeError):
    """A value saved for the reverse pass was overwritten before the pass came to use it.

    Examples
    --------
    >>> import autograd_core as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> loss = (w * w).sum()
    >>> w.data -= 0.5
    >>> try:
    ...     loss.backward()
    ... except ag.OverwrittenError as error:
    ...     print("multiply" in str(error))
    True
    """


class AnomalyError(AutogradError, FloatingPointError):
    """The first NaN or infinity inside ``with ag.detect_anomaly():``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> try:
    ...     with ag.detect_anomaly():
    ...         ag.Tensor(1.0) / 0.0
    ... except ag.AnomalyError as error:
    ...     print("division by 0" in str(error))
    True
    """


class MissingExtraError(AutogradError, ImportError):
    """An optional package is not installed; the message names the extra that brings it.

    Examples
    --------
    >>> import autograd_core as ag
    >>> try:
    ...     ag.require_extra("no_such_package", extra="plot")
    ... except ag.MissingExtraError as error:
    ...     print("autograd-core[plot]" in str(error))
    True
    """


def describe(operand: Any, name: str | None = None) -> str:
    """One operand as a message shows it: its name, kind, shape and dtype."""
    label = getattr(operand, "name", None)
    label = repr(label) if isinstance(label, str) else name
    prefix = f"{label}: " if label else ""
    if isinstance(operand, bool | int | float | complex | np.generic):
        return f"{prefix}the number {operand}"
    if operand is None:
        return f"{prefix}None"
    if hasattr(operand, "shape") and hasattr(operand, "dtype"):
        kind = "array" if isinstance(operand, np.ndarray) else type(operand).__name__
        return f"{prefix}{kind} of shape {tuple(operand.shape)}, {operand.dtype}"
    if isinstance(operand, list | tuple) and len(operand) <= 8:
        return f"{prefix}[{'; '.join(describe(item) for item in operand)}]"
    return f"{prefix}{type(operand).__name__}"


def operation_failed(
    operation: str, names: Iterable[str], operands: Iterable[Any], error: Exception
) -> Exception:
    """The exception that tells a newcomer which operation failed and on what.

    NumPy's own words stay, at the end; the type of the exception still is NumPy's.
    """
    shown = list(operands)
    labels = [*names, *[None] * len(shown)]  # of a variadic operation, only the first has a name
    if isinstance(error, AutogradError):
        return _completed(error, operation, zip(shown, labels, strict=False))
    listed = "; ".join(
        describe(operand, label) for operand, label in zip(shown[:LISTED], labels, strict=False)
    )
    if len(shown) > LISTED:
        listed += f"; ... ({len(shown)} in all)"
    said = re.sub(r"\b\w*door\(\)", f"{operation}()", str(error))  # our name for the same function
    message = f"{operation}: {_remedy(error)} Operands: {listed}. NumPy says: {said}"
    if isinstance(error, IndexError) and not isinstance(error, ValueError):
        return IndexingError(message)
    if isinstance(error, np.linalg.LinAlgError):
        return LinearAlgebraError(message)
    if isinstance(error, ValueError):
        return ShapeError(message)
    if isinstance(error, TypeError):
        return DTypeError(message)
    return error


def _completed(
    error: AutogradError, operation: str, operands: Iterable[tuple[Any, str | None]]
) -> AutogradError:
    """An error that has its own words, with the operation and the Tensors' names if they lack."""
    text = str(error)
    if operation not in text:
        text = f"{operation}: {text}"
    called = [
        f"{label} is {operand.name!r}"
        for operand, label in operands
        if label and isinstance(getattr(operand, "name", None), str)
    ]
    missing = [words for words in called if words.partition(" is ")[2] not in text]
    if missing:
        text += f" ({', '.join(missing)})"
    return error if text == str(error) else type(error)(text)


def raise_failed(
    operation: str, names: Iterable[str], operands: Iterable[Any], error: Exception
) -> NoReturn:
    """Raise what :func:`operation_failed` makes of `error`, from within its ``except`` block.

    An exception that needs no other words is raised again as it is, not ``from`` itself: that
    would be a reference cycle, and keep the whole graph alive with it.
    """
    failed = operation_failed(operation, names, operands, error)
    try:
        if failed is error:
            raise  # noqa: PLE0704 - the caller handles `error`
        raise failed from error
    finally:  # this frame is in the traceback, and must not refer back to it
        del failed, error


def _remedy(error: Exception) -> str:
    text = str(error)
    if "broadcast" in text:
        return (
            "the shapes do not broadcast (aligned from the right, two sizes must be equal, or one"
            " of them 1). Reshape one operand, for example with x[:, None] or x.reshape(...)."
        )
    if "mismatch in its core dimension" in text or "not aligned" in text:
        return (
            "the inner sizes do not match: (n, k) @ (k, m) needs the same k. "
            "Transpose or reshape one operand."
        )
    if "required positional argument" in text:
        return "it needs more arguments."
    if isinstance(error, np.linalg.LinAlgError):
        return _matrix_remedy(text)
    if isinstance(error, IndexError):
        return "the index does not fit the shape."
    if isinstance(error, ValueError):
        return "the shapes or arguments do not fit."
    return "an operand has a type this operation does not take."


def _matrix_remedy(text: str) -> str:
    if "Singular" in text:
        return (
            "a matrix has no inverse. np.linalg.pinv and np.linalg.lstsq take any matrix; adding a"
            " small multiple of np.eye(n) makes it regular."
        )
    if "positive definite" in text:
        return (
            "the matrix is not symmetric (Hermitian) with positive eigenvalues. Rounding can do"
            " that; adding a small multiple of np.eye(n) helps."
        )
    if "square" in text:
        return "it takes square matrices, in the last two axes."
    return "the matrices do not fit."
