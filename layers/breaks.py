"""Class breaks for intensity: quantiles of what there is, so that a map is never uniformly red."""

import numpy as np
from numpy.typing import NDArray

from layers.errors import LayerError


def quantile_breaks(values: NDArray[np.float64], classes: int) -> list[float]:
    """Upper limits of all classes but the last, so that each class holds about as many positive values.

    Parameters
    ----------
    values
        (n,) numbers; zeros, negative numbers and NaN are "nothing to show" and stay out of every class.
    classes
        Number of classes, at least 2. The upper half of the values gets all classes but the first, because what an
        operator looks for is at the top.

    Returns
    -------
    Ascending limits without repeats, at most ``classes - 1``; fewer where the values are few or equal.

    Raises
    ------
    LayerError
        If fewer than two classes are asked for.
    """
    if classes < 2:  # noqa: PLR2004 - one class has no breaks
        raise LayerError(f"{classes} class has no breaks: ask for 2 or more")
    positive = np.asarray(values, dtype=np.float64)
    positive = positive[np.isfinite(positive) & (positive > 0)]
    if positive.size == 0:
        return []
    shares = np.concatenate([[0.5], 1 - 0.5 ** np.arange(2, classes)])
    limits = np.unique(np.quantile(positive, shares, method="inverted_cdf"))
    return [float(limit) for limit in limits if limit < positive.max()]
