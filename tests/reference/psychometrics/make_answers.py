"""Make answers.csv: SYNTHETIC answers of 300 people who do not exist, to three scales with reverse items and gaps.

Run it again and the same file comes out; R then makes reference.json of it: ``Rscript reference.R`` in this folder.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

SEED, PEOPLE, GAPS = 20261121, 300, 0.03
HERE = Path(__file__).parent


def main() -> None:
    """Write answers.csv beside this file."""
    chance = np.random.default_rng(SEED)
    with (HERE / "items.csv").open(encoding="utf-8", newline="") as file:
        items = list(csv.DictReader(file))
    scales = list(dict.fromkeys(row["scale"] for row in items))
    related = np.full((len(scales), len(scales)), 0.4) + 0.6 * np.eye(len(scales))
    traits = chance.multivariate_normal(np.zeros(len(scales)), related, PEOPLE)
    columns = []
    for row in items:
        low, high, loading = int(row["low"]), int(row["high"]), float(row["loading"])
        latent = loading * traits[:, scales.index(row["scale"])] + np.sqrt(1 - loading**2) * chance.normal(size=PEOPLE)
        keyed = np.clip(np.round((low + high) / 2 + (high - low) / 4.5 * latent), low, high).astype(int)
        columns.append(low + high - keyed if row["reverse"] == "1" else keyed)
    answers = np.stack(columns, axis=1)
    answers[:6] = 3  # people who always gave the same answer
    empty = chance.random(answers.shape) < GAPS
    empty[6:] |= (np.arange(PEOPLE - 6) % 40 == 0)[:, None] & (np.arange(len(items)) > len(items) // 2)
    with (HERE / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *(row["id"] for row in items)])
        for number, (values, gaps) in enumerate(zip(answers.tolist(), empty.tolist(), strict=True)):
            writer.writerow(
                [f"synthetic-{number + 1:03}", *("" if gap else v for v, gap in zip(values, gaps, strict=True))]
            )


if __name__ == "__main__":
    main()
