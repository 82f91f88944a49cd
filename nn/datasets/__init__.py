"""Data to learn on.

=============  ===================================================================
``toys``       made on the spot: moons, circles, spirals, checkerboard, xor;
               for regression line, sine, friedman
``bundled``    scikit-learn's copies (extra `data`): digits, iris, wine,
               breast_cancer, diabetes
``idx_files``  mnist, fashion_mnist, kmnist: from their files, or downloaded
=============  ===================================================================

Examples
--------
>>> import numpy as np, nn
>>> x, y = nn.datasets.moons(100, rng=np.random.default_rng(0))
>>> x.shape, y.shape
((100, 2), (100,))
>>> nn.datasets.iris().classes
3
"""

from .bundled import breast_cancer as breast_cancer
from .bundled import diabetes as diabetes
from .bundled import digits as digits
from .bundled import iris as iris
from .bundled import wine as wine
from .dataset import Dataset as Dataset
from .idx_files import fashion_mnist as fashion_mnist
from .idx_files import kmnist as kmnist
from .idx_files import mnist as mnist
from .toys import checkerboard as checkerboard
from .toys import circles as circles
from .toys import friedman as friedman
from .toys import line as line
from .toys import moons as moons
from .toys import sine as sine
from .toys import spirals as spirals
from .toys import xor as xor
