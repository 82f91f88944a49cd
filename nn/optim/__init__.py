"""Optimisers: how parameters move against their gradients.

===================  =============================================================
``optimizer``        what all have in common: parameters, groups, decay, state
``groups``           parameters by name, each group with its own numbers
``sgd``              gradient descent, momentum, Nesterov; Lion
``adaptive``         Adagrad, Adadelta, RMSprop
``adam``             Adam, AdamW, NAdam, RAdam, Adamax
``lbfgs``            L-BFGS (``line_search``: its strong-Wolfe search)
``clipping``         gradients cut by value or by norm
``averaging``        an exponential moving average of the weights
===================  =============================================================
"""

from .adam import Adam as Adam
from .adam import Adamax as Adamax
from .adam import AdamW as AdamW
from .adam import NAdam as NAdam
from .adam import RAdam as RAdam
from .adaptive import Adadelta as Adadelta
from .adaptive import Adagrad as Adagrad
from .adaptive import RMSprop as RMSprop
from .averaging import ExponentialMovingAverage as ExponentialMovingAverage
from .clipping import clip_gradient_norm as clip_gradient_norm
from .clipping import clip_gradient_value as clip_gradient_value
from .groups import parameter_groups as parameter_groups
from .lbfgs import LBFGS as LBFGS
from .optimizer import Optimizer as Optimizer
from .sgd import SGD as SGD
from .sgd import Lion as Lion
