"""Learning-rate schedules: how fast to walk, and when to slow down.

==============  ==================================================================
``schedule``    what all have in common: `step()`, `rates()`, `plot()`, the state
``decays``      steps, multi-steps, exponential, polynomial
``waves``       cosine (with warm restarts), linear warm-up, one-cycle
``plateau``     lower when a measure stops improving
==============  ==================================================================

Examples
--------
>>> import autograd_core as ag, nn
>>> optimizer = nn.SGD([ag.Tensor([1.0])], lr=1.0)
>>> schedule = nn.schedules.Step(optimizer, every=2, factor=0.1)
>>> schedule.rates(5).round(4)
array([1.  , 1.  , 0.1 , 0.1 , 0.01])
"""

from .decays import Exponential as Exponential
from .decays import MultiStep as MultiStep
from .decays import Polynomial as Polynomial
from .decays import Step as Step
from .plateau import ReduceOnPlateau as ReduceOnPlateau
from .schedule import Schedule as Schedule
from .waves import Cosine as Cosine
from .waves import OneCycle as OneCycle
from .waves import Warmup as Warmup
