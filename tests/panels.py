"""Tables with several rows of one person each."""

from __future__ import annotations

import numpy as np
import pandas as pd


def visits_of_patients(n_patients: int = 60, per_patient: int = 6, seed: int = 0) -> pd.DataFrame:
    """Return visits whose weight and height give the patient away, and so the illness."""
    rng = np.random.default_rng(seed)
    patient = np.repeat(np.arange(n_patients), per_patient)
    weight = rng.normal(75, 12, n_patients)[patient] + rng.normal(scale=0.3, size=len(patient))
    height = rng.normal(172, 9, n_patients)[patient] + rng.normal(scale=0.2, size=len(patient))
    ill = rng.integers(0, 2, n_patients)[patient]
    frame = pd.DataFrame({"patient": patient * 7 % 997, "weight": weight, "height": height})
    frame["noise"] = rng.normal(size=len(frame))
    return frame.assign(ill=np.where(ill, "yes", "no")).sample(frac=1, random_state=seed)


def wages_of_people(number: str, *, n_people: int = 150, years: int = 8, seed: int = 0) -> pd.DataFrame:
    """Return a person's wages over the years, and the person's ``number``, whose size says nothing."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(n_people), years)
    numbers = rng.permutation(np.arange(n_people) * 83 + 13)
    frame = pd.DataFrame({number: numbers[person], "schooling": rng.integers(8, 18, n_people)[person]})
    frame["height"] = rng.normal(172, 9, n_people)[person] + rng.normal(scale=0.2, size=len(person))
    frame["wage"] = rng.normal(10, 3, n_people)[person] + rng.normal(scale=0.5, size=len(person))
    return frame.sample(frac=1, random_state=seed)
