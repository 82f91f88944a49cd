"""Reductions that skip NaN: nansum, nanprod, nanmean, nanvar, nanstd.

A NaN is skipped as what ``where=`` leaves out: its gradient is 0, at every order. The rules are
those of the functions without *nan*, with that mask. nanmax and nanmin are in ``extreme.py``,
nanmedian and the quantiles in ``quantile.py``, nancumsum and nancumprod in ``scan.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import primitive
from .reduction import (
    EXAMPLES,
    KEYWORDS,
    MASKED,
    SUM,
    door,
    mean_x,
    prod_x,
    started_door,
    starting,
    sum_x,
)
from .statistics import SPREAD, knowing_mean, std_mean, std_x, var_mean, var_x


def valid(x: Any, where: Any = None) -> Any:
    """Which elements take part: not NaN, and within the mask."""
    numbers = ~np.isnan(x)
    return numbers if where is None else numbers & where


nansum = primitive(
    np.nansum,
    x=lambda g, x, x_shape, axis, where: sum_x(g, x_shape, axis, valid(x, where)),
    initial=lambda g: g,
    compute=starting(np.nansum),
    door=started_door,
    symbol="Σ",
    latex=r"\sum {x}",
    precedence=1,
    **SUM,
)
nanprod = primitive(
    np.nanprod,
    x=lambda g, x, initial, out, x_shape, axis, where: prod_x(
        g, x, initial, out, x_shape, axis, valid(x, where)
    ),
    initial=lambda g, x, axis, keepdims, where: (
        g * np.prod(np.where(valid(x, where), x, 1), axis=axis, keepdims=keepdims)
    ),
    compute=starting(np.nanprod),
    door=started_door,
    symbol="Π",
    latex=r"\prod {x}",
    precedence=2,
    domain="nonzero",
    **SUM,
)
nanmean = primitive(
    np.nanmean,
    lambda g, x, x_shape, axis, where: mean_x(g, x_shape, axis, valid(x, where)),
    door=door,
    latex=r"\operatorname{{mean}} {x}",
    keywords=KEYWORDS,
    examples=EXAMPLES + MASKED,
)
nanvar = primitive(
    np.nanvar,
    x=lambda g, x, mean, x_shape, axis, ddof, where: var_x(
        g, x, mean, x_shape, axis, ddof, valid(x, where)
    ),
    mean=lambda g, x, mean, x_shape, axis, ddof, where: var_mean(
        g, x, mean, x_shape, axis, ddof, valid(x, where)
    ),
    compute=knowing_mean(np.nanvar),
    latex=r"\operatorname{{var}} {x}",
    **SPREAD,
)
nanstd = primitive(
    np.nanstd,
    x=lambda g, x, mean, out, x_shape, axis, ddof, where: std_x(
        g, x, mean, out, x_shape, axis, ddof, valid(x, where)
    ),
    mean=lambda g, x, mean, out, x_shape, axis, ddof, where: std_mean(
        g, x, mean, out, x_shape, axis, ddof, valid(x, where)
    ),
    compute=knowing_mean(np.nanstd),
    latex=r"\operatorname{{std}} {x}",
    **SPREAD,
)
