"""Attack everything that a cube shows and try to recover what it hides."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from data_access.summaries.cube import ALL, CubeSpec, build_cube

pytestmark = pytest.mark.any_store

ATTRIBUTES = {"sex": ("male", "female"), "level": ("primary", "secondary"), "tier": ("poor", "extra")}
SPEC = CubeSpec(
    ("province_code", "district_code", "school_code"),
    ("province", "district", "school"),
    people=("enrolled", "left"),
    attached={"baht": "enrolled"},
    attributes=ATTRIBUTES,
)
SCHEMES = ("region4", "region6", "nesdc")
THRESHOLD = 10


def make_atoms(counts: np.ndarray, left: np.ndarray, shape: tuple[int, int, int]) -> pd.DataFrame:
    """Rows of a small country: provinces × districts × schools × characteristics."""
    rows = []
    places = product(*(range(n) for n in shape))
    for i, (place, cell) in enumerate(product(places, product(*ATTRIBUTES.values()))):
        p, d, s = place
        rows.append(
            {
                "province_code": f"{p:02}",
                "district_code": f"{p:02}{d:02}",
                "school_code": f"{p:02}{d:02}{s:02}",
                "period": "2565-1",
                **dict(zip(ATTRIBUTES, cell, strict=True)),
                "enrolled": float(counts[i]),
                "left": float(min(left[i], counts[i])),
                "baht": 800.0 * counts[i],
            }
        )
    frame = pd.DataFrame(rows)
    return frame[frame["enrolled"] > 0].reset_index(drop=True)


def make_regions(provinces: int, labels: list[int]) -> pd.DataFrame:
    index = [f"{p:02}" for p in range(provinces)]
    return pd.DataFrame(
        {s: [f"{s}{labels[(p + i * 3) % len(labels)] % (2 + i)}" for p in range(provinces)] for i, s in enumerate(SCHEMES)},
        index=index,
    )


class Attacker:
    """Knows every shown cell, that counts are not negative, and that leavers are part of the enrolled."""

    def __init__(self, atoms: pd.DataFrame, cube: pd.DataFrame, regions: pd.DataFrame) -> None:
        schools = atoms[["province_code", "district_code", "school_code"]].drop_duplicates()
        cells = pd.DataFrame(product(*ATTRIBUTES.values()), columns=list(ATTRIBUTES))
        known = atoms[["school_code", *ATTRIBUTES, "enrolled", "left"]]
        grid = schools.merge(cells, how="cross").merge(known, how="left", on=["school_code", *ATTRIBUTES])
        self.atoms = grid.fillna({"enrolled": 0.0, "left": 0.0}).join(regions, on="province_code")
        self.cube, self.n = cube, len(grid)
        rows, values = [], []
        for cell in cube.to_dict("records"):
            for measure in SPEC.people:
                if not np.isnan(cell[measure]):
                    rows.append(self.vector(cell, measure))
                    values.append(cell[measure])
        self.a_eq, self.b_eq = np.array(rows), np.array(values)

    def vector(self, cell: dict, measure: str) -> np.ndarray:
        """The cell as a sum of unknowns: first those who stayed, then those who left."""
        level = cell["place_level"]
        inside = np.ones(self.n, dtype=bool)
        if level != "nation":
            column = level if level in SCHEMES else f"{level}_code"
            inside = (self.atoms[column] == cell["place_code"]).to_numpy()
        for attribute in ATTRIBUTES:
            if cell[attribute] != ALL:
                inside = inside & (self.atoms[attribute] == cell[attribute]).to_numpy()
        stayed = inside.astype(float) * (measure == "enrolled")
        return np.r_[stayed, inside.astype(float)]

    def bounds(self, target: np.ndarray) -> tuple[float, float]:
        ends = []
        for sign in (1, -1):
            found = linprog(sign * target, A_eq=self.a_eq, b_eq=self.b_eq, bounds=(0, None), method="highs")
            assert found.status == 0
            ends.append(sign * found.fun)
        return ends[0], ends[1]

    def recovered(self) -> list[tuple[dict, str, float]]:
        """Hidden cells of 1 to threshold-1 people, or differences of that size, that are pinned exactly."""
        out = []
        for cell in self.cube.to_dict("records"):
            enrolled, left = self.vector(cell, "enrolled"), self.vector(cell, "left")
            true = {"enrolled": self.truth(enrolled), "left": self.truth(left), "stayed": self.truth(enrolled - left)}
            for name, target in (("enrolled", enrolled), ("left", left), ("stayed", enrolled - left)):
                if 0 < true[name] < THRESHOLD:
                    low, high = self.bounds(target)
                    if high - low < 1e-6:
                        out.append((cell, name, true[name]))
        return out

    def truth(self, target: np.ndarray) -> float:
        left = self.atoms["left"].to_numpy()
        return float(target @ np.r_[self.atoms["enrolled"].to_numpy() - left, left])


SHAPE = (4, 2, 2)
CELLS = int(np.prod(SHAPE)) * 8
count = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 40), st.integers(10, 60))


@settings(
    max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(
    st.lists(count, min_size=CELLS, max_size=CELLS),
    st.lists(st.integers(0, 12), min_size=CELLS, max_size=CELLS),
    st.lists(st.integers(0, 5), min_size=5, max_size=5),
)
def test_no_small_cell_can_be_recovered(counts: list[int], left: list[int], labels: list[int]) -> None:
    atoms = make_atoms(np.array(counts), np.array(left), SHAPE)
    if atoms.empty or atoms["enrolled"].sum() < 2 * THRESHOLD:
        return
    regions = make_regions(SHAPE[0], labels)
    attacker = Attacker(atoms, build_cube(atoms, SPEC, regions), regions)
    assert attacker.recovered() == []


@pytest.mark.parametrize("seed", range(6))
def test_sparse_and_skewed_countries(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.choice([0, 0, 1, 2, 12, 35], CELLS, p=[0.25, 0.15, 0.2, 0.1, 0.2, 0.1])
    atoms = make_atoms(counts, rng.binomial(12, 0.3, CELLS), SHAPE)
    regions = make_regions(SHAPE[0], list(rng.integers(0, 5, 5)))
    assert Attacker(atoms, build_cube(atoms, SPEC, regions), regions).recovered() == []


def test_attacker_finds_a_cell_that_only_primary_suppression_would_leave() -> None:
    """The attack itself must be able to succeed: unhide the complements and it does."""
    counts = np.full(CELLS, 12)
    counts[:8] = 0
    counts[0] = 3
    atoms = make_atoms(counts, np.zeros(CELLS, dtype=int), SHAPE)
    regions = make_regions(SHAPE[0], [0, 1, 2, 3, 4])
    cube = build_cube(atoms, SPEC, regions)
    school = (cube["place_level"] == "school") & (cube[list(ATTRIBUTES)] == ALL).all(axis=1)
    truth = atoms.groupby("school_code")["enrolled"].sum()
    leaky = cube.copy()
    big = school & (leaky["place_code"].map(truth) >= THRESHOLD)
    leaky.loc[big, "enrolled"] = leaky.loc[big, "place_code"].map(truth)
    leaky.loc[leaky["place_level"].eq("district") & (leaky[list(ATTRIBUTES)] == ALL).all(axis=1), "enrolled"] = leaky[
        "place_code"
    ].map(atoms.groupby("district_code")["enrolled"].sum())
    assert Attacker(atoms, leaky, regions).recovered()
    assert Attacker(atoms, cube, regions).recovered() == []


def test_zero_is_shown_and_money_hides_with_its_people() -> None:
    counts = np.full(CELLS, 30)
    counts[1::2] = 0  # nobody is extra-poor anywhere
    counts[0] = 4
    counts[2:8] = 0
    atoms = make_atoms(counts, np.zeros(CELLS, dtype=int), SHAPE)
    cube = build_cube(atoms, SPEC, make_regions(SHAPE[0], [0, 1]))
    assert (cube.loc[cube["tier"].eq("extra") & cube["place_level"].eq("province"), "enrolled"].dropna() == 0).all()
    assert (cube["baht"].isna() == cube["enrolled"].isna()).all()
    hidden = cube[(cube["place_code"] == "000000") & (cube["sex"] == ALL) & (cube["level"] == ALL) & (cube["tier"] == ALL)]
    assert hidden["enrolled"].isna().all()


def test_a_characteristic_outside_the_cross_hides_nothing_of_it() -> None:
    """Few people have it, so its own split is hidden in many places: the other splits and their cross stay what they were."""
    counts = np.random.default_rng(5).integers(0, 400, CELLS)
    atoms = make_atoms(counts, np.zeros(CELLS, dtype=int), SHAPE)
    rare = atoms.assign(enrolled=(atoms["enrolled"] > 370).astype(float), baht=0.0, rare="yes")
    others = atoms.assign(enrolled=atoms["enrolled"] - rare["enrolled"], rare="no")
    spec = replace(SPEC, attributes={**ATTRIBUTES, "rare": ("yes", "no")}, crossed=tuple(ATTRIBUTES))
    regions = make_regions(SHAPE[0], [0, 1, 2, 3, 4])
    keys = ["place_level", "place_code", "period", *ATTRIBUTES]
    without = build_cube(atoms, SPEC, regions).sort_values(keys, ignore_index=True)
    cube = build_cube(pd.concat([rare, others]), spec, regions)
    same = cube[cube["rare"] == ALL].drop(columns="rare").sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(without[[*keys, "enrolled"]], same[[*keys, "enrolled"]], check_categorical=False)
    own = cube[cube["rare"] != ALL]
    assert (own[list(ATTRIBUTES)] == ALL).all(axis=None)
    assert own["enrolled"].isna().any()
    assert own.loc[own["place_level"] == "nation", "enrolled"].sum() == atoms["enrolled"].sum()


def test_a_characteristic_that_nobody_stated_is_no_row_and_no_nought() -> None:
    """Where a unit gives no category its split is not there at all; where it gives some, a category without people is nought."""
    spec = replace(SPEC, attributes={**ATTRIBUTES, "rare": ("yes", "no")}, crossed=tuple(ATTRIBUTES), unasked=("rare",))
    atoms = make_atoms(np.full(CELLS, 30), np.zeros(CELLS, dtype=int), SHAPE)
    atoms["rare"] = np.where(atoms["province_code"] == "00", "unspecified", "no")
    cube = build_cube(atoms, spec, make_regions(SHAPE[0], [0, 1, 2]))
    split = cube[(cube["rare"] != ALL) & (cube["place_level"] == "province")]
    assert "00" not in set(split["place_code"])
    assert "00" in set(cube.loc[cube["place_level"] == "province", "place_code"])
    assert (split.loc[split["rare"] == "yes", "enrolled"] == 0).all()
