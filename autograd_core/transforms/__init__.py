"""Functions from functions to their derivatives: grad, vjp, jvp, jacobian, hessian, checkpoint.

None of them touches anybody's ``.grad``, and they nest: what one returns is recorded whenever an
enclosing one, or a recording Tensor in a closure, needs it to be.
"""

from .checkpoint import checkpoint
from .gradient import grad, value_and_grad
from .matrices import hessian, jacobian, jacobian_rows, laplacian
from .products import hvp, jvp, vjp
from .stop import stop_gradient

__all__ = [
    "checkpoint",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jacobian_rows",
    "jvp",
    "laplacian",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
