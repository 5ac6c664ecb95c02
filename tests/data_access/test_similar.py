"""Similar provinces: near in size and need, by what may be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_access.analysis import similar as alike
from data_access.store.releases import require_release

pytestmark = pytest.mark.usefixtures("demo_home")


def test_the_nearest_are_those_of_smallest_distance_on_the_features_named() -> None:
    found = alike.similar("40")
    frame = alike.features(require_release().id)[list(found.features)].dropna()
    by_hand = {p: float(np.sqrt(((row - frame.loc["40"]) ** 2).mean())) for p, row in frame.iterrows() if p != "40"}
    nearest = sorted(by_hand, key=by_hand.__getitem__)[:5]
    assert list(found.provinces) == nearest
    assert found.distances == pytest.approx([by_hand[p] for p in nearest])
    assert "40" not in found.provinces


def test_no_feature_is_a_result_of_a_programme() -> None:
    from data_access.programmes.indicators import REGISTRY

    assert {REGISTRY[i].direction for i, _log in alike.FEATURES} == {"neither"}


def test_a_province_with_too_little_to_show_is_like_none(monkeypatch: pytest.MonkeyPatch) -> None:
    poor = pd.DataFrame({"a": [0.0, 1.0], "b": [np.nan, 1.0], "c": [np.nan, 0.0]}, index=["10", "11"])
    monkeypatch.setattr(alike, "features", lambda _release: poor)
    assert alike.similar("10").provinces == ()
    assert alike.similar("99").features == ()
