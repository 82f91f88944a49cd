"""Einstein's summation: any product of arrays summed over any axes.

The door writes every way of calling it as one explicit string ("ij,jk->ik"). The gradient at an
operand is again such a sum: of the gradient and the other operands, for the labels of the operand
(S. Laue, M. Mitterreiter, J. Giesen, "Computing higher order derivatives of matrix and tensor
expressions", NeurIPS 2018).
"""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dispatch import _refuse_out
from ..errors import ShapeError
from ..primitive import example, primitive

LETTERS = string.ascii_uppercase + string.ascii_lowercase  # NumPy's order of labels 0, 1, 2...

#: From this many products on, looking for a good order of them costs less than it saves.
WORTH_A_PLAN = 100_000


def _einsum_door(
    *operands: Any, out: Any = None, optimize: Any = False, **keywords: Any
) -> tuple[Any, dict[str, Any]]:
    if out is not None:
        _refuse_out(np.einsum)
    if not operands:
        raise ShapeError('einsum: give the labels and the operands: np.einsum("ij,jk->ik", x, y).')
    if isinstance(operands[0], str):
        subscripts, arrays = "".join(operands[0].split()), list(operands[1:])
    else:
        subscripts, arrays = _from_lists(operands)
    arrays = [np.asarray(x) if isinstance(x, list | tuple) else x for x in arrays]
    labels, result = _explicit(subscripts, [np.ndim(x) for x in arrays])
    canonical = f"{','.join(labels)}->{result}"
    return arrays, {"subscripts": canonical, "optimize": optimize, "rest": keywords or None}


def _from_lists(operands: Sequence[Any]) -> tuple[str, list[Any]]:
    """The form ``einsum(x, [0, 1], y, [1, 2], [0, 2])`` as a string and its operands."""

    def word(labels: Any) -> str:
        return "".join("..." if label is Ellipsis else LETTERS[label] for label in labels)

    arrays = list(operands[0 : len(operands) - len(operands) % 2 : 2])
    subscripts = ",".join(word(labels) for labels in operands[1::2])
    if len(operands) % 2:
        subscripts += "->" + word(operands[-1])
    return subscripts, arrays


def _explicit(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """The labels of each operand and of the result, without ellipses and with an arrow."""
    given, arrow, result = subscripts.partition("->")
    words = given.split(",")
    if len(words) != len(ndims):
        raise ShapeError(
            f'einsum: "{subscripts}" has labels for {len(words)} operands; {len(ndims)} are given.'
        )
    named = [word.replace("...", "") for word in words]
    unknown = set("".join((*named, result.replace("...", "")))) - set(LETTERS)
    if unknown:
        raise ShapeError(
            f'einsum: "{subscripts}" has {sorted(unknown)} in it. A label is a letter; "..." stands'
            ' for axes without one, "," separates operands, "->" comes before the result.'
        )
    spare = [ndim - len(word) for ndim, word in zip(ndims, named, strict=True)]
    free = [letter for letter in LETTERS if letter not in subscripts]
    hidden = "".join(free[: max([*spare, 0])])
    for position, (word, count) in enumerate(zip(words, spare, strict=True)):
        if count < 0 or (count and "..." not in word) or word.count("...") > 1:
            raise ShapeError(
                f'einsum: operand {position} has {ndims[position]} axes, and its labels "{word}" in'
                f' "{subscripts}" do not fit them.'
            )
        words[position] = word.replace("...", hidden[len(hidden) - count :])
    if arrow:
        return words, result.replace("...", hidden)
    together = "".join(named)
    once = "".join(letter for letter in sorted(set(together)) if together.count(letter) == 1)
    return words, hidden + once


def _compute(operands: Any, subscripts: str, optimize: Any, rest: dict[str, Any] | None) -> Any:
    keywords = dict(rest or ())
    if optimize is not False:
        keywords["optimize"] = optimize
    return np.einsum(subscripts, *operands, **keywords)


def _einsum_part(
    g: Any, operands: Any, shapes: Any, subscripts: str, optimize: Any, position: int
) -> Any:
    """The same sum with the gradient in the operand's place, for the operand's labels."""
    given, result = subscripts.split("->")
    words = given.split(",")
    ours = words.pop(position)
    factors = [
        (result, g),
        *zip(words, [*operands[:position], *operands[position + 1 :]], strict=True),
    ]
    known = set("".join(word for word, _ in factors))
    real = np.finfo(g.dtype).dtype
    free = iter(letter for letter in LETTERS if letter not in subscripts)
    target = ""
    for label, size in zip(ours, shapes[position], strict=True):
        if label in target:  # a diagonal: elsewhere the gradient is 0
            other = next(free)
            factors.append((label + other, np.eye(size, dtype=real)))
            label = other
        elif label not in known:  # summed by itself: all elements get the same
            factors.append((label, np.ones(1, real)))
        target += label
    sizes = {
        label: size
        for word, shape in zip(given.split(","), shapes, strict=True)
        for label, size in zip(word, shape, strict=True)
        if size != 1
    }
    plan = len(factors) > 2 or math.prod(sizes.values()) > WORTH_A_PLAN or optimize is not False
    equation = f"{','.join(word for word, _ in factors)}->{target}"
    return np.einsum(equation, *[factor for _, factor in factors], optimize=plan)


# An operand of integers beside a Tensor is a constant; of size 1 along a label, it is spread.
einsum = primitive(
    np.einsum,
    operands=_einsum_part,
    compute=_compute,
    door=_einsum_door,
    keywords=["subscripts", "optimize", "rest"],
    variadic=True,
    view=True,
    precedence=2,
    examples=[
        example("ij,jk->ik", (2, 3), (3, 4)),
        example("ij,jk", (2, 3), (3, 4)),
        example("ba", (2, 3)),
        example("ij->", (2, 3)),
        example("i,j->ij", (2,), (3,)),
        example("ii->i", (3, 3)),
        example("ii", (3, 3)),
        example("iij,jkk->ki", (2, 2, 3), (3, 4, 4)),
        example("...ij,...jk->...ik", (2, 1, 2, 3), (4, 3, 2)),
        example("i...,i...", (3, 2), (3, 4, 2)),
        example("...", (2, 3)),
        example("ij,ij->i", (2, 3), (1, 3)),
        example("ij,jk,kl->il", (2, 3), (3, 4), (4, 2), optimize=True),
        example("ij,jk,kl->il", (2, 3), (3, 4), (4, 2), optimize=["einsum_path", (1, 2), (0, 1)]),
        example("i,i,i->", (3,), (3,), (3,)),
        example((2, 3), [0, 1], (3, 4), [1, 2], [2, 0]),
        example((2, 3), [1, 0]),
        example((2, 3), [Ellipsis, 0], (3,), [0], [Ellipsis]),
        example(" i j , j -> i ", (2, 3), (3,), optimize="optimal"),
        example(",ij->ji", (), (2, 3)),
    ],
)
