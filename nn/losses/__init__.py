"""Losses: how wrong an output is, as one number to go down on.

Each takes what the model gave and what it should have given, and a `reduction`: "mean", "sum", or
"none" (one value each). Targets and labels are usually plain arrays.

==================  ==========================================================================
``regression``      mse, mae, Huber, smooth L1
``classification``  cross-entropy (labels, soft labels, smoothing, weights), negative log-likelihood
``binary``          yes/no cross-entropies, focal loss
``margins``         hinge, multi-class margin, cosine, triplet, contrastive
``divergence``      Kullback-Leibler
``ctc``             sequences whose alignment is not known
==================  ==========================================================================
"""

from .binary import binary_cross_entropy as binary_cross_entropy
from .binary import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from .binary import focal_loss as focal_loss
from .classification import cross_entropy as cross_entropy
from .classification import nll_loss as nll_loss
from .ctc import ctc_loss as ctc_loss
from .divergence import kl_divergence as kl_divergence
from .margins import contrastive_loss as contrastive_loss
from .margins import cosine_embedding_loss as cosine_embedding_loss
from .margins import hinge_loss as hinge_loss
from .margins import multi_margin_loss as multi_margin_loss
from .margins import triplet_loss as triplet_loss
from .regression import huber_loss as huber_loss
from .regression import mae_loss as mae_loss
from .regression import mse_loss as mse_loss
from .regression import smooth_l1_loss as smooth_l1_loss
