"""``why``: the reason why a gradient is None, 0, tiny, huge or not finite, with its place."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autograd_core.errors import DTypeError, GraphError, describe
from autograd_core.graph import Node
from autograd_core.tensor import Tensor

from .answer import Answer
from .blocking import blocked, sized, striking
from .cuts import source_line
from .disconnected import Question, constant_loss, not_recording, unconnected
from .evidence import Cause, Factor, Place, Verdict, advice_for
from .factors import Labels, factors
from .format import describe_array, describe_value, format_number
from .gradient_flow import Flow, flow, is_finite, norm
from .names import named_arrays, variables_of
from .nonfinite import birthplace, in_the_forward_pass
from .question import MOST_PLACES
from .stored import of_the_grad
from .view import Quantity, State

__all__ = ["why"]


def why(x: Tensor, loss: Tensor, *, seed: Any = None) -> Answer:
    """Answer why the gradient of `loss` with respect to `x` is what it is.

    It says whether a path leads from `x` to `loss` and, if not, where it was cut; whether
    ``backward()`` is missing; where a gradient of exactly 0 became 0 (a dead ReLU, saturation, a
    factor 0, clipping, paths that cancel...), what each operation does to its size, and where the
    first number was born that is not finite. Nothing is changed: the graph, and everybody's
    ``.grad``, stay as they are.

    Parameters
    ----------
    x : Tensor
        Whose gradient is asked for: a leaf, or an intermediate result.
    loss : Tensor
        The result, before or after ``loss.backward()``.
    seed : array_like, optional
        The gradient at `loss`; ones when left out, so that a loss with several elements counts
        as their sum.

    Returns
    -------
    Answer
        Print it, show it in a notebook, or read its fields.

    Raises
    ------
    DTypeError
        If one of them is not a Tensor.
    GraphError
        If `seed` does not fit.

    Notes
    -----
    Hooks on the path run, as in every pass. Where a value left the graph (``.detach()``,
    ``.data``, ``no_grad()``...) nothing is remembered about it; such places are found by the
    identity of arrays, and else by reading the source lines that computed the loss, which is
    marked as ``certain=False``.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor([1.0, -2.0, -3.0])
    >>> loss = ag.relu(x).sum()
    >>> loss.backward()
    >>> answer = ag.why(x, loss)
    >>> print(answer.headline)
    The gradient of x is 0 for 2 of 3 elements.
    >>> answer.places[0].cause, answer.places[0].index
    (<Cause.DEAD_RELU: 'dead ReLU'>, (1,))
    """
    frame = sys._getframe(1)
    variables = dict(named_arrays(variables_of(frame)))
    code, line = frame.f_code, frame.f_lineno
    del frame
    _check("x", x)
    _check("loss", loss)
    return _answer(Question(x, loss, variables, code, line), seed)


def _check(argument: str, value: Any) -> None:
    if isinstance(value, Tensor):
        return
    if hasattr(value, "named_parameters"):
        names = [name for name, _ in value.named_parameters()]
        few = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
        if argument == "x":
            remedy = f"Give one of its parameters ({few})" if names else "It has no parameters"
        else:
            remedy = "Give the loss that was computed with it"
        raise DTypeError(f"why: {argument} is a model ({type(value).__name__}). {remedy}.")
    what = describe(value)
    if argument == "x":
        raise DTypeError(
            f"why: x is {what}, not a Tensor, so it has no gradient. Make it a Tensor before the"
            " forward pass: x = ag.Tensor(x). The order is why(x, loss)."
        )
    raise DTypeError(
        f"why: loss is {what}, not a Tensor, so it has no history. Give the Tensor that backward()"
        " is called on, before .item(), float() or .data. The order is why(x, loss)."
    )


def _seed(loss: Tensor, seed: Any) -> Any:
    if seed is None:
        return np.ones(loss.shape, loss.dtype)[()]
    seed = np.asarray(getattr(seed, "_array", seed), loss.dtype)
    if seed.shape not in ((), loss.shape):
        raise GraphError(
            f"why: seed must have the shape of the loss, {loss.shape}, but has {seed.shape}."
        )
    seed = np.broadcast_to(seed, loss.shape).copy()[()]
    return seed.conjugate() if seed.dtype.kind == "c" else seed


def _answer(question: Question, seed: Any) -> Answer:
    x, loss = question.x, question.loss
    if x._node is None:
        return not_recording(question)
    if loss._node is None:
        return constant_loss(question)
    found = flow(loss._node, x._node, _seed(loss, seed))
    if not found.connected:
        return unconnected(question, found.nodes)
    name = question.name_of(x, "x")
    if found.unknown is not None and found.gradient is None:
        return _unknown(question, found, name)
    gradient = found.gradient
    if gradient is None:  # a rule that passes nothing: as good as zero
        gradient = np.zeros(x.shape, x.dtype)[()]
    if gradient.dtype.kind == "c":
        gradient = gradient.conjugate()
    return _measured(question, found, name, gradient)


def _unknown(question: Question, found: Flow, name: str) -> Answer:
    assert found.unknown is not None
    cause = Cause.OVERWRITTEN if found.overwritten else Cause.RELEASED
    what = "were overwritten since" if found.overwritten else "were released by backward()"
    place = found.unknown.location
    stored = question.x.grad
    notes = []
    if stored is not None:
        stored = getattr(stored, "data", stored) if isinstance(stored, Tensor) else stored
        notes.append(f"{name}.grad holds: {_size(stored).removeprefix('gradient: ')}.")
    text = f"the values that {found.unknown.op.name} saved {what}"  # type: ignore[union-attr]
    moved = [Labels(question, found.nodes).of(parent) for parent in _changed_since(found.unknown)]
    advice = "ask before that change: in a training loop, before the step of the optimiser."
    if moved:
        text += f", and {' and '.join(moved)} changed since"
    elif not found.overwritten:
        text += ", and are too big to have stayed"
        advice = "ask before backward(), or call backward(retain_graph=True)."
    return Answer(
        Verdict.UNKNOWN,
        cause,
        f"A path leads from {name} to {question.name_of(question.loss, 'the loss')}, but the"
        f" gradient cannot be followed along it any more: {text}.",
        Quantity(State.RELEASED),
        places=(
            Place(
                cause,
                f"{text}.",
                None if place is None else str(place),
                None if place is None else source_line(place.filename, place.line),
                found.unknown.op.name,  # type: ignore[union-attr]
            ),
        ),
        notes=tuple(notes),
        advice=advice,
    )


def _changed_since(node: Node) -> list[Node]:
    """The operands, each once, whose value is another one than when `node` was computed."""
    return [
        parent
        for parent in dict.fromkeys(p for p in node.parents if type(p) is Node)
        if parent.extras is not None and parent.extras.get("replaced", -1) > node.birth
    ]


def _measured(question: Question, found: Flow, name: str, gradient: Any) -> Answer:
    size = int(np.size(gradient))
    length = norm(gradient)
    labels = Labels(question, found.nodes)
    path = factors(found, labels)
    notes = []
    if question.loss.size != 1:
        notes.append(
            f"the loss has shape {question.loss.shape}; this is the gradient of the sum of its"
            " elements, unless seed says otherwise."
        )
    stored, state = of_the_grad(question, found, gradient, name)
    notes += stored
    notes += question.leaks(found.nodes)
    places: list[Place] = []
    if not size:
        verdict, cause = Verdict.FINE, Cause.EMPTY
        head = f"The gradient of {name} is empty: {name} has shape {question.x.shape}."
    elif not is_finite(length):
        verdict = Verdict.NOT_FINITE
        place, advice = birthplace(found, labels)
        bad = int(size - np.count_nonzero(np.isfinite(gradient)))
        head = f"The gradient of {name} is {_share('not finite', bad, size)}."
        return Answer(
            verdict,
            place.cause,
            head,
            Quantity(State.KNOWN, gradient),
            _size(gradient),
            (place,),
            path,
            advice,
            tuple(notes),
        )
    else:
        verdict, cause, head, places = _judged(found, name, gradient, labels, path)
    if verdict is Verdict.FINE and state is not None and size:
        if question.x.grad is None:
            verdict, cause = Verdict.NONE, state
            head = f"{name}.grad is None: {state.value}. {head}"
        elif np.all(gradient):
            cause = state
    advice = advice_for(cause, places)
    born = in_the_forward_pass(found, question.loss.data, labels)
    if born is not None:
        place, remedy = born
        places.insert(0, place)
        head += f" But {question.name_of(question.loss, 'the loss')} itself is not finite."
        if verdict is Verdict.FINE:
            cause = place.cause
        advice = advice or remedy
    return Answer(
        verdict,
        cause,
        head,
        Quantity(State.KNOWN, gradient),
        _size(gradient),
        tuple(places),
        path,
        advice,
        tuple(notes),
    )


def _judged(
    found: Flow, name: str, gradient: Any, labels: Labels, path: tuple[Factor, ...]
) -> tuple[Verdict, Cause, str, list[Place]]:
    """Verdict, cause, headline and places of a gradient that is finite and has elements."""
    size, zeros = int(np.size(gradient)), int(np.count_nonzero(np.asarray(gradient) == 0))
    lost = blocked(found, labels) if zeros else []
    of_zeros = f"The gradient of {name} is {_share('0', zeros, size)}."
    if zeros == size:
        return Verdict.ZERO, lost[0].cause if lost else Cause.FLAT, of_zeros, lost
    verdict, cause, head = sized(name, norm(gradient), path)
    places = striking(found, verdict, labels)
    cause = places[0].cause if places else cause
    if not lost:
        return verdict, cause, head, places
    if verdict is Verdict.FINE:
        return verdict, lost[0].cause, of_zeros, lost
    said = {(place.location, place.operation) for place in places}
    places += [place for place in lost if (place.location, place.operation) not in said]
    return verdict, cause, f"{head} {of_zeros}", places[:MOST_PLACES]


def _share(what: str, count: int, size: int) -> str:
    if count < size:
        return f"{what} for {count:,} of {size:,} elements"
    kind = "exactly 0" if what == "0" else what
    return kind if size == 1 else f"{kind} for all {size:,} elements"


def _size(gradient: Any) -> str:
    gradient = np.asarray(gradient)
    text = f"gradient: {describe_value(gradient)}"
    if gradient.ndim:
        text += f", norm {format_number(norm(gradient), 4)}"
        text += f", {describe_array(gradient.shape, gradient.dtype)}"
    return text
