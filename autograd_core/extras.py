"""The one place where optional or heavy packages are imported, on first use."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import MissingExtraError


def require_extra(module: str, *, extra: str | None = None) -> ModuleType:
    """Import and return `module`, or name the extra that installs it.

    Parameters
    ----------
    module : str
        Dotted name, such as ``"matplotlib.pyplot"``.
    extra : str, optional
        The extra of this distribution that brings it, such as ``"plot"``; none for a package
        that every installation has and that is only loaded late.

    Raises
    ------
    MissingExtraError
        If the package is not installed.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.require_extra("json", extra="plot").dumps([1])
    '[1]'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        # A missing import inside an installed package is that package's fault, not a missing extra.
        if error.name is None or module.split(".", maxsplit=1)[0] != error.name.split(".")[0]:
            raise
        package = module.split(".", maxsplit=1)[0]
        wanted = package if extra is None else f"'autograd-core[{extra}]'"
        raise MissingExtraError(
            f"This needs the package {package!r}, which is not installed. "
            f"Install it with: pip install {wanted}"
        ) from error
