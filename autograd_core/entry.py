"""A primitive: one operation with its local derivatives and how it reads, in one entry.

Here is what an entry is and which values a node of it keeps; ``primitive.py`` makes entries.

::

    exp = primitive(np.exp, lambda g, out: g * out, latex=r"e^{{{x}}}")
    multiply = primitive(np.multiply, x=lambda g, y: g * y, y=lambda g, x: g * x, symbol="×")

A rule (local derivative) gets the gradient ``g`` at the output and returns the one at its
operand. It asks by the names of its parameters for what it needs, and only that is kept alive:

========================  ==================================================================
``g``                     gradient at the output (for several outputs: the tuple of them)
``out``                   the output (the tuple of outputs)
an operand's name         its value; ``x_shape``, ``x_dtype`` keep no array
a keyword's name          the canonical keyword argument; None where it was not given
``operands, shapes``      of a variadic primitive: all operands, their shapes; ``position``
a residual's name         a by-product of the forward computation
========================  ==================================================================

Rules are written in plain NumPy. On arrays they are the first-order pass; on Tensors they record
themselves, and so give derivatives of any order.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from .graph import Absent, Node, output_node
from .guard import guarded

Rule = Callable[..., Any]
Getter = Callable[[tuple[Any, ...]], Any]

#: Every primitive by name: the table that tests, pictures and documentation are derived from.
REGISTRY: dict[str, Primitive] = {}

VARIADIC_NAMES = ("operands", "shapes")


class Plan:
    """What a node of one primitive saves and applies, given which operands record.

    Attributes
    ----------
    mask : int or tuple of bool
        Which operands record: bit i for operand i (for a variadic primitive, a tuple).
    names : tuple of str
        What is saved, in order.
    keep : callable
        ``keep((out, *operands))`` gives the saved values of a primitive without keywords.
    edges : tuple
        For each recording operand ``(position, rule, pick)``: the arguments of the rule are `g`
        and ``pick(saved)``, or all of `saved` where pick is None.
    getters : tuple of callable
        ``get((out, operands, keywords, residuals))`` for each of `names`.
    simple : bool
        Whether all of `names` are operands or the output.
    watched : tuple of int
        Operands whose values are saved, and could be overwritten by their owner.
    """

    __slots__ = ("edges", "getters", "keep", "mask", "names", "simple", "watched")

    mask: Any
    names: tuple[str, ...]
    keep: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    getters: tuple[Getter, ...]
    simple: bool
    edges: tuple[tuple[int, Rule, Callable[[Any], tuple[Any, ...]] | None], ...]
    watched: tuple[int, ...]


class Primitive:
    """One entry of the registry. Made by :func:`autograd_core.primitive.primitive`.

    Attributes
    ----------
    name : str
        Unique; what pictures and messages say.
    compute : callable
        The forward computation on plain arrays.
    operand_names : tuple of str
    rules : tuple of callable or None
        The local derivative for each operand; None where there is none (a condition, labels).
    keyword_names : tuple of str
    symbol, latex, precedence
        How it reads: in a picture, in mathematics.
    javascript : str or None
        How a browser computes it of single real numbers, such as ``"Math.exp({x})"``, with the
        names of operands and keywords in braces (those not given are null). Helpers are in
        ``visualize/page/assets/special.js``.
    singular, view, multiple, variadic : bool
        Whether derivatives can be infinite where the value is fine; whether the output may share
        memory with the first operand; has several outputs; takes any number of operands.
    residuals : dict
        By-products: name to the expression that recomputes it, for higher orders.
    domain, examples
        Where the tests may evaluate it, and with what shapes.
    call : callable
        The recorder: what users call.
    """

    __slots__ = (
        "_plans",
        "call",
        "compute",
        "domain",
        "examples",
        "javascript",
        "keyword_names",
        "latex",
        "multiple",
        "name",
        "numpy",
        "operand_names",
        "precedence",
        "residuals",
        "rule_names",
        "rules",
        "singular",
        "symbol",
        "variadic",
        "view",
    )

    call: Callable[..., Any]

    def __init__(
        self,
        name: str,
        compute: Callable[..., Any],
        rules: Mapping[str, Rule | None],
        *,
        numpy: Any = None,
        keywords: Sequence[str] = (),
        symbol: str | None = None,
        latex: str | None = None,
        javascript: str | None = None,
        precedence: int = 9,
        singular: bool = False,
        view: bool = False,
        multiple: bool = False,
        variadic: bool = False,
        residuals: Mapping[str, Callable[..., Any]] | None = None,
        domain: Any = (-2.0, 2.0),
        examples: Any = None,
    ) -> None:
        self.name = name
        self.compute = compute
        self.numpy = numpy
        self.operand_names = tuple(rules)
        self.keyword_names = tuple(keywords)
        self.symbol = symbol or name
        self.latex = latex
        self.javascript = javascript
        self.precedence = precedence
        self.singular = singular
        self.view = view
        self.multiple = multiple
        self.variadic = variadic
        self.residuals = dict(residuals or {})
        self.domain = domain
        self.examples = examples
        self.rule_names = tuple(
            () if rule is None else self._names_asked(rule) for rule in rules.values()
        )
        self.rules = tuple(
            guarded(rule) if rule is not None and singular else rule for rule in rules.values()
        )
        self._plans: dict[Any, Plan] = {}

    def __repr__(self) -> str:
        return f"<primitive {self.name}({', '.join(self.operand_names + self.keyword_names)})>"

    def __reduce__(self) -> tuple[Any, ...]:
        return registered, (self.name,)

    def _names_asked(self, rule: Rule) -> tuple[str, ...]:
        names = tuple(inspect.signature(rule).parameters)
        known = {"out", *self.operand_names, *self.keyword_names, *self.residuals}
        known |= {f"{name}_{what}" for name in self.operand_names for what in ("shape", "dtype")}
        if self.variadic:
            known |= {*VARIADIC_NAMES, "position"}
        unknown = [name for name in names[1:] if name not in known]
        if not names or names[0] != "g" or unknown:
            raise TypeError(
                f"The rules of primitive {self.name!r} take g first and then, by name, any of"
                f" {sorted(known)}; this one takes {names}."
            )
        return names[1:]

    # ------------------------------------------------------------------ what a node saves

    def plan(self, mask: Any) -> Plan:
        """The plan for the operands that record, made once and remembered."""
        plan = self._plans.get(mask)
        if plan is None:
            plan = self._plans[mask] = self._make_plan(mask)
        return plan

    def _make_plan(self, mask: Any) -> Plan:
        asked: list[tuple[int, Rule, tuple[str, ...]]] = []
        if self.variadic:
            rule, names = self.rules[0], self.rule_names[0]
            assert rule is not None
            wanted = tuple(name for name in names if name != "position")
            for position, records in enumerate(mask):
                if records:
                    asked.append((position, _at_position(rule, names, wanted, position), wanted))
        else:
            for position, rule in enumerate(self.rules):
                if rule is not None and mask >> position & 1:
                    asked.append((position, rule, self.rule_names[position]))
        plan = Plan()
        plan.mask = mask
        saved = list(dict.fromkeys(name for _, _, names in asked for name in names))
        for name in tuple(saved):  # what a residual is recomputed from, at higher orders
            if name in self.residuals:
                sources = inspect.signature(self.residuals[name]).parameters
                saved += [source for source in sources if source not in saved]
        plan.names = tuple(saved)
        slots = () if self.variadic else ("out", *self.operand_names)
        plan.simple = all(name in slots for name in saved)
        plan.getters = getters = tuple(map(self._getter, saved))
        plan.keep = (
            _picker([slots.index(name) for name in saved])
            if plan.simple
            else lambda values: tuple([get((values[0], values[1:], None, None)) for get in getters])
        )
        plan.edges = tuple(
            (position, rule, None if names == plan.names else _picker([*map(saved.index, names)]))
            for position, rule, names in asked
        )
        plan.watched = tuple(
            position for position, name in enumerate(self.operand_names) if name in saved
        )
        if "operands" in saved:
            plan.watched = tuple(range(len(mask)))
        return plan

    def save(
        self,
        plan: Plan,
        out: Any,
        operands: Sequence[Any],
        keywords: Mapping[str, Any] | None,
        residuals: Mapping[str, Any] | None = None,
    ) -> tuple[Any, ...]:
        """The values that `plan` keeps, in its order."""
        if plan.simple:
            return plan.keep((out, *operands))
        moment = (out, operands, keywords, residuals)
        return tuple([get(moment) for get in plan.getters])

    def _getter(self, name: str) -> Getter:
        """How to get the value called `name` from an operation that has just been computed."""
        if name == "out":
            return itemgetter(0)
        if name in self.keyword_names:
            return lambda moment: moment[2].get(name)
        if self.variadic:
            if name == "operands":
                return lambda moment: tuple(moment[1])
            return lambda moment: tuple(map(np.shape, moment[1]))
        if name in self.residuals:
            return self._residual_getter(name)
        operand, what = (name, "") if name in self.operand_names else name.rsplit("_", 1)
        position = self.operand_names.index(operand)
        if what == "shape":
            return lambda moment: np.shape(moment[1][position])
        if what == "dtype":
            return lambda moment: np.result_type(moment[1][position])
        return lambda moment: moment[1][position]

    def _residual_getter(self, name: str) -> Getter:
        """The by-product of the forward computation, or where that is gone, computed again.

        What it would be computed from may be gone as well; then the by-product is.
        """
        function = self.residuals[name]
        sources = [self._getter(source) for source in inspect.signature(function).parameters]

        def get(moment: tuple[Any, ...]) -> Any:
            if moment[3] is not None:
                return moment[3][name]
            values = [source(moment) for source in sources]
            for value in values:
                for part in value if isinstance(value, tuple) else (value,):
                    if type(part) is Absent:
                        return part
            return function(*values)

        return get

    def revive(self, node: Node, resume: Callable[[Any, Any], Any]) -> tuple[Any, ...]:
        """What `node` saved, with every value resumed as the output of the node it came from."""
        saved = dict(zip(node.plan.names, node.saved or (), strict=True))
        parents = node.parents
        for name, value in saved.items():
            if name == "out":
                if self.multiple:
                    value = tuple(
                        resume(part, output_node(OUTPUT, node, k)) for k, part in enumerate(value)
                    )
                else:
                    value = resume(value, node)
            elif name == "operands":
                value = tuple(
                    resume(part, parent) if type(parent) is Node else part
                    for part, parent in zip(value, parents, strict=True)
                )
            elif name in self.operand_names:
                parent = parents[self.operand_names.index(name)]
                value = resume(value, parent) if type(parent) is Node else value
            else:
                continue
            saved[name] = value
        for name in saved:
            if name in self.residuals:
                function = self.residuals[name]
                sources = inspect.signature(function).parameters
                saved[name] = function(*[saved[source] for source in sources])
        return tuple(saved.values())


def _nothing(_: Any) -> tuple[Any, ...]:
    return ()


def _picker(indices: Sequence[int]) -> Callable[[Any], tuple[Any, ...]]:
    """``lambda values: tuple(values[i] for i in indices)``, at the speed of C."""
    if not indices:
        return _nothing
    if len(indices) > 1:
        return itemgetter(*indices)
    return itemgetter(slice(indices[0], indices[0] + 1))


def _at_position(
    rule: Rule, names: Sequence[str], wanted: Sequence[str], position: int
) -> Callable[..., Any]:
    """The rule of a variadic primitive for the operand at `position`."""
    if "position" not in names:
        return rule

    def rule_at_position(g: Any, *values: Any) -> Any:
        return rule(g, position=position, **dict(zip(wanted, values, strict=True)))

    return rule_at_position


def registered(name: str) -> Primitive:
    """The primitive of this name: what a pickled graph refers to it by."""
    return REGISTRY[name]


#: One of the outputs of an operation with several; only the reverse pass gives it meaning.
OUTPUT = Primitive(
    "output",
    lambda operation, index: operation[index],
    {"operation": None},
    keywords=["index"],
    latex="{{{operation}}}_{{{index}}}",
)
REGISTRY[OUTPUT.name] = OUTPUT
