"""``draw``: a recorded graph as a picture."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Literal

from autograd_core.tensor import Tensor

from .clusters import cluster
from .dot import DIRECTIONS, write
from .edge_sums import without_parts
from .folding import fold_repeats
from .limits import keep_latest, keep_near
from .names import named_arrays, variables_of
from .palette import THEMES
from .parts import Part, parts_of_mapping, parts_of_module
from .picture import Drawing
from .reading import read
from .references import cut_long_edges
from .render import PictureError
from .view import GraphView, Kind

__all__ = ["FOLD_FROM", "LIMIT", "Drawing", "draw"]

#: Boxes drawn when ``limit`` is not given; a bigger picture is slow and not legible.
LIMIT = 2_000

#: From this many boxes on, ``fold="auto"`` folds: fewer fit on one screen.
FOLD_FROM = 30

#: Nodes looked at: what is before them is counted, not read.
MOST_READ = 200_000


def draw(
    tensor: Tensor,
    *,
    direction: str = "LR",
    values: bool = True,
    gradients: bool = True,
    shapes: bool = True,
    dtypes: bool | None = None,
    operations: bool = True,
    locations: bool = False,
    flow: bool = False,
    depth: int | None = None,
    fold: bool | Literal["auto"] = "auto",
    module: Any = None,
    clusters: Mapping[str, Any] | None = None,
    theme: str = "auto",
    names: Mapping[str, Any] | None = None,
    seed: Any = None,
    limit: int = LIMIT,
) -> Drawing:
    """Draw the graph that computed ``tensor``: operations, values and all gradients.

    The drawing shows itself in a notebook; ``.save("graph.svg")`` writes it (also ``.png`` and
    ``.dot``). Nothing is changed: gradients are computed for the picture, before or after
    ``backward()``, and nobody's ``.grad`` is touched.

    Blue boxes are leaves, grey ones operations, the green one is the result; constants are plain
    grey numbers, and purple double frames are repeats. What is not there is said in words, never
    as the number 0: *not computed*, *not kept* (over 1 KiB: too big to stay with the graph) and
    *released* (the same, after ``backward()``). A gradient is blue where it is positive and orange
    where it is negative. float64 scalars, the usual, are drawn without
    shape and dtype.

    Parameters
    ----------
    tensor : Tensor
        The result.
    direction : str
        Where the result stands, seen from the leaves: ``"LR"`` right, ``"TB"`` below, ``"RL"``
        left, ``"BT"`` above.
    values, gradients, shapes, operations : bool
        What to show in each box; `operations` are the formulas such as ``x × w``.
    dtypes : bool, optional
        By default as `shapes`.
    locations : bool
        Show the line of your code that computed each operation.
    flow : bool
        Draw each edge by the gradient that is sent back along it: wider is larger (the widest
        is 1000 times the thinnest), blue and solid is positive, orange and dashed is negative.
        In a small picture the number stands at the edge; those that leave a box on its right
        add up to its gradient. An edge into a repeat is the sum over all pieces; one out of it is,
        like its gradient, that of the last piece, and of numbers of the first and the last.
    depth : int, optional
        Draw only what is at most this many steps back from the result; one box says how much
        there is before.
    fold : bool or "auto"
        Draw equal pieces that follow each other, three or more, as one box:
        ``200 × (v = v × 1.0001 + x)``. There ``v`` on the right is what the piece before
        computed; a number that changes from piece to piece, as in ``w[i]``, is written ``i``;
        of a number, value and gradient are those of the first and the last piece. ``"auto"``
        folds graphs of more than 30 nodes.
    module : optional
        A model: anything with ``named_modules()`` and ``named_parameters()``. Frames show which
        of its modules computed what.
    clusters : mapping of str to Tensors, optional
        The same for parameters without a model: ``{"layer 1": [w1, b1], "layer 2": [w2, b2]}``.
        ``"encoder.first"`` is drawn inside ``"encoder"``.
    theme : str
        ``"light"``, ``"dark"``, or ``"auto"``: light, and as SVG dark where the reader prefers
        that.
    names : mapping of str to Tensor or array, optional
        What to call Tensors that have no name of their own, and constant arrays. By
        default the caller's own variable names are taken (not those that begin with an
        underscore); ``{}`` takes none.
    seed : array_like, optional
        The gradient at ``tensor``. Without one, gradients are shown if ``tensor`` is a single
        number.
    limit : int
        Draw only this many of the latest boxes; one box says how many nodes are before them.

    Returns
    -------
    Drawing

    Raises
    ------
    GraphError
        If ``tensor`` does not record: there is no graph.
    DTypeError
        If it is not a Tensor.
    PictureError
        If an option is not one of the above, or the graph uses no parameter of `module` or
        `clusters`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, w = ag.Tensor(2.0), ag.Tensor(-3.0)
    >>> drawing = ag.draw(x * w)
    >>> for vertex in drawing.graph_view.vertices:
    ...     print(vertex.label, vertex.value.text, vertex.gradient.text)
    x 2 -3
    w -3 2
    v2 -6 1
    >>> x.grad is None
    True

    A loop is one box:

    >>> z = x
    >>> for _ in range(200):
    ...     z = z * 0.99 + w
    >>> ag.draw(z).graph_view.vertices[-1].repeat.body
    'v = v × 0.99 + w'
    """
    _check_choices(direction, theme, fold)
    _check_numbers(limit, depth)
    _check_flags(
        values=values,
        gradients=gradients,
        shapes=shapes,
        operations=operations,
        locations=locations,
        flow=flow,
        dtypes=shapes if dtypes is None else dtypes,
    )
    parts = _parts(module, clusters)
    if names is None:
        names = dict(named_arrays(variables_of(sys._getframe(1))))
    if module is not None:
        names = dict(module.named_parameters()) | dict(names)
    view = read(
        tensor,
        names,
        gradients=gradients or flow,
        seed=seed,
        limit=MOST_READ,
        flows=flow,
        locations=locations,
    )
    if parts is not None:
        view = cluster(view, tensor, parts)
    view = without_parts(_shorten(view, depth, fold, limit))
    drawing = Drawing(format="svg")
    drawing.graph_view = view
    write(
        cut_long_edges(view),
        drawing,
        direction=direction,
        values=values,
        gradients=gradients,
        shapes=shapes,
        dtypes=dtypes,
        operations=operations,
        theme=theme,
    )
    return drawing


def _shorten(
    view: GraphView, depth: int | None, fold: bool | Literal["auto"], limit: int
) -> GraphView:
    if depth is not None:
        view = keep_near(view, depth)
    boxes = sum(vertex.kind is not Kind.CONSTANT for vertex in view.vertices)
    if fold is True or (fold == "auto" and boxes > FOLD_FROM):
        view = fold_repeats(view)
    return keep_latest(view, limit)


def _parts(module: Any, clusters: Any) -> list[Part] | None:
    if module is not None and clusters is not None:
        raise PictureError("Give module= or clusters=, not both: frames come from one of them.")
    if module is not None:
        return parts_of_module(module)
    return None if clusters is None else parts_of_mapping(clusters)


def _check_choices(direction: Any, theme: Any, fold: Any) -> None:
    choices: list[tuple[str, Any, tuple[Any, ...]]] = [
        ("direction", direction, tuple(DIRECTIONS)),
        ("theme", theme, THEMES),
        ("fold", fold, (True, False, "auto")),
    ]
    for option, given, allowed in choices:
        if not any(type(given) is type(choice) and given == choice for choice in allowed):
            listed = ", ".join(map(repr, allowed))
            raise PictureError(f"{option} must be one of {listed}, not {given!r}.")


def _check_numbers(limit: Any, depth: Any) -> None:
    if not isinstance(limit, int) or limit < 1:
        raise PictureError(f"limit is the number of nodes to draw, at least 1, not {limit!r}.")
    if depth is not None and (not isinstance(depth, int) or isinstance(depth, bool) or depth < 1):
        raise PictureError(
            f"depth is the number of steps back from the result, at least 1, not {depth!r}."
        )


def _check_flags(**flags: Any) -> None:
    for option, given in flags.items():
        if not isinstance(given, bool):
            raise PictureError(f"{option} must be True or False, not {given!r}.")
