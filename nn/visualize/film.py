"""`film`: the training of a network as a film, for a page with a player or as a GIF.

A film looks on: it computes no gradient, draws no random number and leaves model and gradients as
they are, so a filmed training gives the same weights as one that is not.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from ..errors import check_whole
from ..module import Module
from ..training import Training
from .film_gif import gif
from .film_page import page
from .layers import Layer, find_layers
from .pages import framed
from .story import Story, tell
from .views import Look, View, make_view

# Weights are kept whole, for the path over a loss surface, in models of at most so many numbers.
KEPT = 10_000
SUFFIXES = (".html", ".gif")


@dataclass(frozen=True, slots=True)
class Frame:
    """The model at one moment.

    Attributes
    ----------
    at : int
        How many epochs or steps had passed.
    look : Look or None
        What the model said over its inputs.
    pictures : tuple of arrays
        Its weights, as far as they are shown, layer by layer.
    state : dict of str to ndarray, or None
        All of its parameters by name, in small models.
    """

    at: int
    look: Look | None
    pictures: tuple[NDArray[Any], ...]
    state: dict[str, NDArray[Any]] | None


@dataclass(frozen=True, slots=True)
class Record:
    """The numbers of one epoch or step; every call adds one, also between two frames."""

    at: int
    values: dict[str, float]
    norms: tuple[float | None, ...]


@dataclass(eq=False)
class Film:
    """A training as it went; `nn.film` makes one, and it is a callback of `nn.fit`.

    Attributes
    ----------
    model : Module
    title : str
    every : int
        Epochs (or calls of `take`) from frame to frame.
    view : View or None
        What is shown of the model's decisions.
    unit : str
        What is counted: "epoch" in `nn.fit`, "step" in a loop written by hand.
    frames : list of Frame
    records : list of Record

    Examples
    --------
    >>> import nn
    >>> film = nn.film(nn.Linear(2, 1))
    >>> film.take(loss=0.5)
    >>> [frame.at for frame in film.frames], film.records[-1].values
    ([0, 1], {'loss': 0.5})
    """

    model: Module
    title: str
    every: int
    view: View | None
    keep_weights: bool
    unit: str = "step"
    frames: list[Frame] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    _layers: list[Layer] = field(default_factory=list)
    _shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._layers = find_layers(self.model)
        self._shapes = self._present_shapes()
        self._record({})
        self._shoot(0)

    def take(self, frame: bool | None = None, **values: float) -> None:
        """Note the numbers of a step; every `every`-th call takes a frame too.

        Parameters
        ----------
        frame : bool, optional
            Take a frame, or none, whatever the count says; True for the last step of a loop.
        **values : float
            Such as ``loss=...``, ``validation_loss=...``, ``accuracy=...``. What ends in "loss"
            is drawn as a curve, the rest is shown as a number.

        Raises
        ------
        ValueError
            A value is no number, or the model has other parameters than when the film began.

        Examples
        --------
        >>> import numpy as np, nn
        >>> rng = np.random.default_rng(0)
        >>> x, y = rng.standard_normal((20, 2)), rng.integers(0, 2, 20)
        >>> model = nn.MLP(2, [4], 2, rng=rng)
        >>> optimizer, film = nn.SGD(model.parameters(), lr=0.1), nn.film(model, (x, y))
        >>> for _ in range(3):
        ...     optimizer.zero_grad()
        ...     loss = nn.cross_entropy(model(x.astype(np.float32)), y)
        ...     loss.backward()
        ...     optimizer.step()
        ...     film.take(loss=loss)
        >>> film
        Film: 4 frames of 3 steps
        """
        numbers = {name: _number(name, value) for name, value in values.items()}
        self._check_same_model()
        self._record(numbers)
        at = len(self.records) - 1
        if at % self.every == 0 if frame is None else frame:
            self._shoot(at)

    def __call__(self, training: Training) -> None:
        """Look on after an epoch of `nn.fit`."""
        if training.model is not self.model:
            raise ValueError(
                "film: this film was made for another model than the one that fit trains; "
                "make it with nn.film(model, ...) of the same model"
            )
        if len(self.records) == 1:
            self.unit = "epoch"
        row = training.history.rows[-1]
        values = {name: value for name, value in row.items() if name not in ("epoch", "seconds")}
        last = training.epoch == training.epochs or bool(training.history.stopped)
        self.take(frame=True if last else None, **values)

    def save(self, path: str | Path) -> None:
        """Write the film as a page with a player (.html) or as a moving picture (.gif).

        Parameters
        ----------
        path : str or Path
            The suffix names the format. The page needs no network and stays below 5 MB for 200
            frames; of longer films it shows 300 frames, evenly spread. A GIF (needs the extra
            `plot`) shows at most 120.

        Raises
        ------
        ValueError
            Another suffix, or a film of the beginning only.

        Examples
        --------
        >>> import nn
        >>> nn.film(nn.Linear(2, 1)).save("film.html")
        Traceback (most recent call last):
        ...
        ValueError: film: nothing happened yet: there is only the frame before training. Give ...
        """
        suffix = Path(path).suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(
                f"film: {str(path)!r} should end in .html (a page with a player) or .gif"
            )
        content = page(self.story()).encode() if suffix == ".html" else gif(self.story())
        ag.write_atomically(path, content)

    def story(self) -> Story:
        """What page and GIF show, as plain data."""
        if len(self.records) < 2:
            raise ValueError(
                "film: nothing happened yet: there is only the frame before training. Give the "
                "film to fit as callbacks=[film], or call film.take(loss=loss) after every step"
            )
        return tell(
            self.title, self.unit, self._subtitle(), self.view, self._layers, self.frames,
            self.records,
        )  # fmt: skip

    def states(self) -> list[dict[str, NDArray[Any]]]:
        """The parameters of every frame by name: the path that the training took.

        Raises
        ------
        ValueError
            The model is large and the film was made without ``keep_weights=True``.
        """
        states = [frame.state for frame in self.frames if frame.state is not None]
        if len(states) < len(self.frames):
            raise ValueError(
                f"film: the weights of this model (more than {KEPT} numbers) were not kept; film "
                "with nn.film(model, ..., keep_weights=True) to see the path it took"
            )
        return states

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.frames)

    def __repr__(self) -> str:
        frames, passed = len(self.frames), len(self.records) - 1
        return (
            f"Film: {frames} frame{'' if frames == 1 else 's'} of "
            f"{passed} {self.unit}{'' if passed == 1 else 's'}"
        )

    def _repr_html_(self) -> str:
        """Return the player for a notebook, in a frame of its own that may do nothing else."""
        if len(self.records) < 2:
            return f"<pre>{html.escape(repr(self))}</pre>"
        return framed(page(self.story()), self.title)

    def _record(self, values: dict[str, float]) -> None:
        norms = tuple(layer.gradient_norm() for layer in self._layers)
        # Before the first step there are none of this training.
        norms = norms if self.records else (None,) * len(norms)
        self.records.append(Record(len(self.records), values, norms))

    def _shoot(self, at: int) -> None:
        self.frames.append(
            Frame(
                at,
                None if self.view is None else self.view.look(self.model),
                tuple(picture for layer in self._layers for picture in layer.pictures()),
                {name: np.array(p.data) for name, p in self.model.named_parameters()}
                if self.keep_weights
                else None,
            )
        )

    def _present_shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: p.shape for name, p in self.model.named_parameters()}

    def _check_same_model(self) -> None:
        present = self._present_shapes()
        if present == self._shapes:
            return
        for name in {**self._shapes, **present}:
            before, now = self._shapes.get(name), present.get(name)
            if before != now:
                was = f"had shape {before}" if before is not None else "did not exist"
                is_now = f"has shape {now}" if now is not None else "is gone"
                raise ValueError(
                    f"film: the model changed while it was filmed: {name!r} {was} when the film "
                    f"began and {is_now}; make a new film for the new model"
                )

    def _subtitle(self) -> str:
        numbers = sum(p.size for p in self.model.parameters())
        return f"{type(self.model).__name__}, {numbers:,} parameters"


def film(
    model: Module,
    data: tuple[ArrayLike, ArrayLike] | None = None,
    *,
    every: int = 1,
    outputs: str | None = None,
    title: str = "The training as a film",
    keep_weights: bool | None = None,
) -> Film:
    """Film a training: decisions, losses, gradient norms and weights, frame by frame.

    Give it to `nn.fit` among the callbacks, or call its `take` in a loop of your own; then save
    it as a page with a player or as a GIF. The first frame, the model before training, is taken
    at once.

    Parameters
    ----------
    model : Module
    data : (inputs, targets), optional
        Shown with what the model says about the whole plane (two inputs: the decision boundary,
        or the values of a regression) or line (one input: the curve). Without data, for models
        of more inputs, the film shows the rest.
    every : int, default 1
        Epochs from frame to frame, or calls of `take`; the last epoch of a fit has one always.
    outputs : {"logits", "probabilities", "values"}, optional
        How to read what the model gives. Default: values where the targets are values;
        for classes probabilities after a closing Sigmoid or Softmax, else logits.
    title : str
        Shown above it.
    keep_weights : bool, optional
        Keep every weight of every frame, for the path over `nn.loss_surface`. Default: where the
        model has at most 10,000.

    Returns
    -------
    Film

    Raises
    ------
    ValueError
        The data cannot be shown; the message says why and what to do.

    Examples
    --------
    >>> import numpy as np, nn
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((100, 2))
    >>> y = (x[:, 0] * x[:, 1] > 0).astype(int)
    >>> model = nn.MLP(2, [8], 2, activation="tanh", rng=rng)
    >>> film = nn.film(model, (x, y), every=5)
    >>> history = nn.fit(
    ...     model,
    ...     (x, y),
    ...     loss=nn.cross_entropy,
    ...     optimizer=nn.Adam(model.parameters(), lr=0.05),
    ...     epochs=20,
    ...     rng=rng,
    ...     callbacks=[film],
    ...     progress=False,
    ... )
    >>> film
    Film: 5 frames of 20 epochs
    >>> film.save("film.html")
    """
    if not isinstance(model, Module):
        raise TypeError(f"film: the model must be a Module; got {type(model).__name__}")
    check_whole("film", "every", every)
    parameters = list(model.parameters())
    if not parameters:
        raise ValueError(f"film: {type(model).__name__} has no parameters, so nothing is trained")
    dtype = parameters[0].dtype
    view = None if data is None else make_view(model, data, outputs, dtype)
    if keep_weights is None:
        keep_weights = sum(p.size for p in parameters) <= KEPT
    return Film(model, title, int(every), view, keep_weights)


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"film: {name}={value!r} is not one number") from error
