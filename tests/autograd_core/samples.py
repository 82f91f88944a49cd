"""Arguments to evaluate a primitive on, drawn from what its registry entry says.

An entry's ``examples`` say which shapes and keywords make sense, its ``domain`` from where the
numbers may come; an elementwise primitive has no examples and gets the generic shapes below.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.primitive import OUTPUT, REGISTRY, Primitive, example
from tests.autograd_core.gauge import determined

ELEMENTWISE = {
    1: [example(()), example((3,)), example((2, 3)), example((0,)), example((1, 3, 1))],
    2: [
        example((), ()),
        example((3,), (3,)),
        example((2, 1), (3,)),
        example((2, 3), ()),
        example((), (2, 3)),
        example((1,), (4, 1)),
        example((3,), (2, 2, 3)),
        example((0,), (0,)),
        example((0, 3), (1, 1)),
    ],
}

MAGNITUDES = (0.3, 2.0)  # of a "nonzero" operand
GAP = 0.15  # between neighbours among "distinct" values, before they are shaken by a quarter of it


@dataclass(frozen=True)
class Slot:
    """The place of one operand to be drawn."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Case:
    """One way of calling a primitive, with slots for the operands."""

    op: Primitive
    template: tuple[Any, ...]
    keywords: dict[str, Any]
    number: int

    def __str__(self) -> str:
        return f"{self.op.name}-{self.number}"

    @property
    def slots(self) -> list[Slot]:
        parts = [*_flat(self.template), *self.keywords.values()]
        return [part for part in parts if isinstance(part, Slot)]

    def draw(self, rng: np.random.Generator, layout: str = "C", dtype: Any = float) -> list[Any]:
        """An array (for shape ``()``, a number) for every slot."""
        arrays = draw_all(self.op, self.slots, rng, list(_numbers(self.template)))
        if np.dtype(dtype).kind == "c":
            arrays = [a + 1j * rng.uniform(-0.5, 0.5, a.shape) for a in arrays]
        return [lay_out(a.astype(dtype), layout) for a in arrays]

    def bind(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` of the drawn operands alone."""

        def bound(*operands: Any) -> Any:
            left = iter(operands)
            filled = [_fill(part, left) for part in self.template]
            named = {name: _fill(part, left) for name, part in self.keywords.items()}
            return function(*filled, **named)

        return bound

    def record(self, *operands: Any) -> Any:
        """What the engine makes of the operands."""
        return determined(self.op.name, self.bind(self.op.call)(*operands))

    def compute(self, *operands: Any) -> Any:
        """What plain NumPy makes of the operands."""
        return determined(self.op.name, self.bind(self.op.numpy)(*operands))


def _flat(template: Sequence[Any]) -> Iterator[Any]:
    for part in template:
        if isinstance(part, list):
            yield from part
        else:
            yield part


def _numbers(template: Sequence[Any]) -> Iterator[float]:
    return (part for part in _flat(template) if isinstance(part, float))


def _fill(part: Any, operands: Iterator[Any]) -> Any:
    if isinstance(part, list):
        return [_fill(item, operands) for item in part]
    return next(operands) if isinstance(part, Slot) else part


# ------------------------------------------------------------------------------ cases


def primitives() -> list[Primitive]:
    """Every primitive of the registry but the marker for one of several outputs."""
    return [op for op in REGISTRY.values() if op is not OUTPUT]


def is_elementwise(op: Primitive) -> bool:
    """Whether `op` takes any shapes that broadcast."""
    return not op.examples


def cases(op: Primitive) -> list[Case]:
    """Every way of calling `op` that its entry, or its arity, suggests."""
    examples = op.examples or ELEMENTWISE[len(op.operand_names)]
    return [case_of(op, arguments, keywords, i) for i, (arguments, keywords) in enumerate(examples)]


def case_of(
    op: Primitive, arguments: Sequence[Any], keywords: dict[str, Any] | None = None, number: int = 0
) -> Case:
    """The case in which a tuple in an operand's place, or by its name, is a shape to be drawn."""
    names = list(op.operand_names) * (len(arguments) if op.variadic else 1)
    if len(arguments) > len(names):  # some are keywords in disguise: f(x, index, value)
        names = list(inspect.signature(op.numpy).parameters)
    template = tuple(
        _slots(argument, name) if name in op.operand_names else argument
        for argument, name in zip(arguments, names, strict=False)
    )
    named = {
        name: _slots(value, name) if name in op.operand_names else value
        for name, value in (keywords or {}).items()
    }
    return Case(op, template, named, number)


def _slots(argument: Any, name: str) -> Any:
    if isinstance(argument, list):
        return [_slots(item, name) for item in argument]
    return Slot(name, argument) if isinstance(argument, tuple) else argument


# ------------------------------------------------------------------------------ numbers


def draw_all(
    op: Primitive, slots: Sequence[Slot], rng: np.random.Generator, avoid: Sequence[float] = ()
) -> list[Any]:
    """Numbers for all operands of one call, from the domain of `op`."""
    if op.domain == "distinct":
        return _distinct([slot.shape for slot in slots], rng, avoid)
    return [_draw(domain_of(op, slot.name), slot.shape, rng) for slot in slots]


def domain_of(op: Primitive, name: str) -> Any:
    """Where the numbers of one operand may come from."""
    if isinstance(op.domain, dict):
        return op.domain.get(name, (-2.0, 2.0))
    return op.domain


def _draw(domain: Any, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    if domain == "distinct":
        return _distinct([shape], rng, [])[0]
    if domain == "dominant":
        return _dominant(shape, rng)
    if domain == "nonzero":
        return rng.uniform(*MAGNITUDES, shape) * rng.choice([-1.0, 1.0], shape)
    low, high = domain
    return np.asarray(rng.uniform(low, high, shape))


def _dominant(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    """Matrices far from singular, with eigenvalues and singular values far apart.

    As Hermitian matrices they are positive definite (Gershgorin), also with imaginary parts.
    """
    matrices = rng.uniform(-0.5, 0.5, shape)
    length = min(shape[-2:])
    steps = rng.permuted(np.broadcast_to(np.arange(length), (*shape[:-2], length)), axis=-1)
    places = np.arange(length)
    matrices[..., places, places] += 3 + 1.5 * steps
    return matrices


def _distinct(
    shapes: Sequence[tuple[int, ...]], rng: np.random.Generator, avoid: Sequence[float]
) -> list[Any]:
    """Values no two of which are close, nor close to 0 or to one of `avoid`."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    ladder = (np.arange(sum(sizes)) - sum(sizes) / 2 + 0.5) * GAP
    values = rng.permutation(ladder) + rng.uniform(-GAP / 4, GAP / 4, sum(sizes))
    for number in (0.0, *avoid):
        values = np.where(np.abs(values - number) < 0.01, number + 0.02, values)
    parts = np.split(values, np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


# ------------------------------------------------------------------------------ layouts

LAYOUTS = ("C", "F", "strided", "reversed")


def lay_out(array: Any, layout: str) -> Any:
    """The same numbers otherwise placed in memory; a NumPy scalar for no axes."""
    if not array.ndim:
        return array[()]
    if layout == "C":
        return np.ascontiguousarray(array)
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "strided":
        wide = np.full([2 * size + 1 for size in array.shape], np.nan, array.dtype)
        view = wide[(slice(1, None, 2),) * array.ndim]
        view[...] = array
        return view
    flipped = (slice(None, None, -1),) * array.ndim
    return np.ascontiguousarray(array[flipped])[flipped]
