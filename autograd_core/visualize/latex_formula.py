r"""Formulas as LaTeX: each operation by the template of its entry, parentheses where they belong.

A template such as ``{x} \cdot {y}`` says by what stands around a place what may stand in it
without parentheses: inside brackets or braces anything, beside a product no sum, under an
exponent a single letter or number.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograd_core.entry import REGISTRY

from .format import DIGITS
from .latex_words import latex_label, latex_number, latex_text, latex_value
from .notation import MOST_OPERANDS, describe_keywords
from .symbols import Call, Expression, Number, Symbol

__all__ = ["join_terms", "to_latex"]

SUM, PRODUCT, POWER, WHOLE = 1, 2, 4, 9
#: A part longer than this many characters is left out: nobody reads it.
LONGEST = 4_000

#: Functions that are not primitives, for they have no derivative; rules use them all the same.
OTHERS: dict[str, tuple[str, int]] = {
    "greater": ("{x} > {y}", 0),
    "greater_equal": (r"{x} \ge {y}", 0),
    "less": ("{x} < {y}", 0),
    "less_equal": (r"{x} \le {y}", 0),
    "equal": ("{x} = {y}", 0),
    "not_equal": (r"{x} \ne {y}", 0),
    "logical_and": (r"({x}) \land ({y})", 0),
    "logical_or": (r"({x}) \lor ({y})", 0),
    "logical_not": (r"\lnot ({x})", WHOLE),
    "bitwise_and": (r"({x}) \land ({y})", 0),
    "bitwise_or": (r"({x}) \lor ({y})", 0),
    "invert": (r"\lnot ({x})", WHOLE),
    "floor": (r"\left\lfloor {x} \right\rfloor", WHOLE),
    "ceil": (r"\left\lceil {x} \right\rceil", WHOLE),
    "floor_divide": (r"\left\lfloor \frac{{{x}}}{{{y}}} \right\rfloor", WHOLE),
}
RELATIONS = (">", "=", r"\ge", r"\le", r"\ne")
OPENING = ("(", "[", "{", ",", ";", "|", "&", r"\\", r"\lfloor", r"\lceil", "cases}", *RELATIONS)
CLOSING = (")", "]", "}", ",", ";", "|", "&", r"\\", r"\right", r"\end", "<", *RELATIONS)
NOT_FUNCTIONS = (
    r"(?!begin\b|cdot\b|times\b|otimes\b|bmod\b|odot\b|ge\b|le\b|ne\b|tfrac\b|frac\b|left\b)"
)
GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
FUNCTION = re.compile(rf"\\{NOT_FUNCTIONS}[a-zA-Z]+(?:{GROUP})?(?:[_^](?:{GROUP}|\w))*\s*$")
#: Where an index that says the axis belongs: at a sum, else at a named function.
HEADS = [
    re.compile(head)
    for head in (
        r"(?<=\\right\|)$|(?<=\\right\\\|)$|\\sum|\\prod",
        r"\\operatorname\{\{\w*\}\}|\\mathcal\{\{F\}\}",
        r"^\\(?!left|frac|sqrt|begin)[a-z]+",
    )
]
BARE = (r"\sum", r"\prod", r"\Delta")  # these read well before a single letter
TALL = re.compile(r"\\frac|\\begin|\\sum|\\prod|\\left")
ATOM = re.compile(r"[0-9.]+|[^\W_]|\\left\|[^|]*\\right\|")


@dataclass(frozen=True, slots=True)
class _Written:
    """A part of a formula: its text, how tightly its outermost operation binds, and which it is."""

    text: str
    precedence: int
    name: str = ""
    atom: bool = False


def to_latex(
    expression: Expression,
    digits: int = DIGITS,
    names: Callable[[Symbol], str | None] | None = None,
) -> str:
    r"""Write a formula.

    Parameters
    ----------
    expression : Expression
    digits : int
        Significant digits of its numbers.
    names : callable, optional
        What to write for a symbol, such as its number; where it returns None, the label is
        written, with a bar for a gradient.

    Examples
    --------
    >>> v, w = Symbol("3", "v3", gradient=True), Symbol("1", "w")
    >>> print(to_latex(Call("multiply", (v, Call("add", (w, Number(-1)))))))
    \bar{v}_{3} \cdot (w + (-1))
    >>> print(to_latex(Call("power", (Call("negative", (w,)), Number(2)))))
    {(-w)}^{2}
    >>> print(to_latex(Call("multiply", (v, w)), names=lambda symbol: "0.5"))
    0.5 \cdot 0.5
    """
    done: dict[int, _Written] = {}
    stack = [expression]
    while stack:
        part = stack[-1]
        waiting = [
            operand
            for operand in (part.operands if isinstance(part, Call) else ())
            if id(operand) not in done
        ]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if isinstance(part, Symbol):
            done[id(part)] = _symbol(part, names)
        elif isinstance(part, Number):
            done[id(part)] = _number(part.value, digits)
        else:
            written = _call(part, [done[id(operand)] for operand in part.operands])
            too_long = len(written.text) > LONGEST and part is not expression
            done[id(part)] = _Written(r"\text{[…]}", WHOLE, atom=True) if too_long else written
    return done[id(expression)].text


def _symbol(symbol: Symbol, names: Callable[[Symbol], str | None] | None) -> _Written:
    given = names(symbol) if names else None
    if given is not None:
        return _bind(given)
    return _Written(latex_label(symbol.label, gradient=symbol.gradient), WHOLE, atom=True)


def _number(value: Any, digits: int) -> _Written:
    if value is None or isinstance(value, str):
        return _Written(latex_text(str(value).lower() if value is None else value), WHOLE)
    shape = getattr(value, "shape", ())
    return _bind(latex_value(value, digits) if shape else latex_number(value, digits))


def _bind(text: str) -> _Written:
    """How tightly a number binds: a complex one is a sum, one with a power of ten a product."""
    if text.startswith((r"\begin", r"\text")):
        return _Written(text, WHOLE, atom=True)
    if text.endswith(r"\mathrm{i}"):
        return _Written(text, SUM)
    if r"\times" in text:
        return _Written(text, PRODUCT, "multiply")
    return _Written(text, 3 if text.startswith("-") else WHOLE, atom=not text.startswith("-"))


# ---------------------------------------------------------------------- one operation


def _call(call: Call, operands: list[_Written]) -> _Written:
    primitive = REGISTRY.get(call.name)
    if primitive is not None:
        template, precedence = primitive.latex, primitive.precedence
        names: tuple[str, ...] = () if primitive.variadic else primitive.operand_names
    else:
        template, precedence = OTHERS.get(call.name, (None, WHOLE))
        names = ("x", "y")[: len(operands)]
    keywords = dict(call.keywords)
    if call.name == "broadcast_to":
        keywords.pop("shape", None)  # the value beside it shows it
    if template is not None and len(names) >= len(operands):
        for name, operand in zip(names, call.operands, strict=False):
            if isinstance(operand, Number) and operand.value is None:
                template = template.replace(f" + {{{name}}}", "")
        fields = _fields(template)
        inside = {name: value for name, value in keywords.items() if name in fields}
        outside = {name: value for name, value in keywords.items() if name not in fields}
        note = _note(outside)
        head = next(filter(None, (head.search(template) for head in HEADS)), None)
        if fields <= {*names[: len(operands)], *inside} and (head or not note):
            if note and head:
                note = note.replace("{", "{{").replace("}", "}}")
                template = f"{template[: head.end()]}{note}{template[head.end() :]}"
            given = dict(zip(names, operands, strict=False))
            text = _fill(template, call.name, given, inside)
            return _Written(text, precedence, call.name, atom=bool(ATOM.fullmatch(text)))
    return _Written(_as_function(call.name, operands, keywords), WHOLE, call.name)


def _as_function(name: str, operands: list[_Written], keywords: Mapping[str, Any]) -> str:
    listed = [operand.text for operand in operands[:MOST_OPERANDS]]
    if len(operands) > MOST_OPERANDS:
        listed.append(rf"\ldots \text{{ {len(operands) - MOST_OPERANDS} more}}")
    written = rf"\operatorname{{{name}}}" if name.isalpha() and name.isascii() else latex_text(name)
    return f"{written}{_note(keywords)}{_parenthesised(', '.join(listed))}"


def _note(keywords: Mapping[str, Any]) -> str:
    """An index that says the operation's other arguments: along which axis, which order..."""
    parts = []
    for name, value in keywords.items():
        if name == "axis" and isinstance(value, int | tuple) and value != ():
            axes = (value,) if isinstance(value, int) else value
            parts.append(f"{'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}")
        elif name not in ("keepdims", "axis"):
            parts += describe_keywords({name: value})
    return f"_{{{latex_text(', '.join(parts))}}}" if parts else ""


def _fill(
    template: str, name: str, operands: Mapping[str, _Written], keywords: Mapping[str, Any]
) -> str:
    pieces = []
    for literal, field, needs in _places(template):
        pieces.append(literal)
        if field in operands:
            text, wrapped = _fit(operands[field], needs, name)
            if wrapped and needs.function:
                pieces[-1] = literal.rstrip()
            pieces.append(text)
        elif field:
            described = describe_keywords({"index": keywords[field]})
            written = "".join(described).removeprefix("index=").strip("[]")
            pieces.append(written if written.isdigit() else latex_text(written))
    return "".join(pieces)


def _fit(operand: _Written, needs: _Needs, parent: str) -> tuple[str, bool]:
    """The operand as its place wants it, and whether that took parentheses."""
    text = operand.text
    if needs.function:
        wrap = not (needs.bare and operand.atom)
    elif needs.level == WHOLE:
        wrap = not operand.atom
    elif needs.beside_product and operand.precedence == PRODUCT:
        wrap = not (operand.name == parent and parent in ("multiply", "matmul"))
    else:
        wrap = operand.precedence < needs.level
    if not wrap and needs.follows and text.startswith("-"):
        wrap = True
    return (_parenthesised(text), True) if wrap else (text, False)


def _parenthesised(text: str) -> str:
    return rf"\left({text}\right)" if TALL.search(text) else f"({text})"


# ---------------------------------------------------------------------- reading a template


@dataclass(frozen=True, slots=True)
class _Needs:
    """What one place of a template asks of what is put there."""

    level: int  # operations that bind less tightly need parentheses
    beside_product: bool = False
    follows: bool = False  # stands behind a sign, so may not begin with a minus
    function: bool = False  # is the argument of a function
    bare: bool = False  # which needs no parentheses around one letter


@lru_cache(maxsize=1024)
def _fields(template: str) -> frozenset[str]:
    return frozenset(field for _, field, _, _ in string.Formatter().parse(template) if field)


@lru_cache(maxsize=1024)
def _places(template: str) -> tuple[tuple[str, str, _Needs], ...]:
    """Literal text, then the field behind it and what that needs; the last has no field."""
    parsed = [(text, field or "") for text, field, _, _ in string.Formatter().parse(template)]
    # Doubled braces end a piece of text: pieces without a field are joined with the next.
    joined: list[tuple[str, str]] = []
    waiting = ""
    for text, field in parsed:
        waiting += text
        if field:
            joined.append((waiting, field))
            waiting = ""
    joined.append((waiting, ""))
    afters = [text for text, _ in joined[1:]] + [""]
    return tuple(
        (text, field, _needs(text, after))
        for (text, field), after in zip(joined, afters, strict=True)
    )


def _needs(before: str, after: str) -> _Needs:
    left, right = before.rstrip().removesuffix(r"\,").rstrip(), after.lstrip()
    if right.startswith(("^", "_", "}^", "}_")) and not left.endswith(("^{", "_{")):
        return _Needs(WHOLE)
    if FUNCTION.search(left):
        return _Needs(
            0, function=True, bare=left.rpartition(" ")[2].startswith(BARE) or left.startswith(BARE)
        )
    closed = not before or left.endswith(OPENING)
    level = 0 if closed else SUM if left.endswith("+") else PRODUCT
    if after and not right.startswith(CLOSING):
        level = max(level, SUM if right.startswith(("+", "-")) else PRODUCT)
    product_left = not closed and not left.endswith(("+", "-"))
    product_right = bool(after) and not right.startswith((*CLOSING, "+", "-"))
    return _Needs(level, product_left or product_right, follows=not closed)


def join_terms(terms: list[str]) -> str:
    """Add up written terms; a term that begins with a minus gets parentheses.

    Examples
    --------
    >>> join_terms(["2", "-3"])
    '2 + (-3)'
    """
    return " + ".join(
        f"({term})" if place and term.startswith("-") else term for place, term in enumerate(terms)
    )
