"""From bin/serve to the first answer, beside an earlier release: `python -m bench.bench_start`."""

import sys
import tempfile
from pathlib import Path

from bench.earlier import EARLIER, unpack
from bench.installation import Installation, make_installation
from bench.report import print_table

ROUNDS = 3


def main() -> int:
    """Print the best of each, and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        earlier = unpack(EARLIER, Path(folder) / "earlier")
        (Path(folder) / "now").mkdir()
        (Path(folder) / "then").mkdir()
        with (
            make_installation(Path(folder) / "now", 70) as now,
            make_installation(Path(folder) / "then", 70, root=earlier) as then,
        ):
            times = [(measure(then), measure(now)) for _round in range(ROUNDS + 1)][1:]
    rows = []
    for what, position in (("CPU", 0), ("wall", 1)):
        before, after = (min(run[side][position] for run in times) for side in (0, 1))
        rows += [
            (f"{what}, {EARLIER}", f"{before:.2f} s", ""),
            (f"{what}, now", f"{after:.2f} s", ""),
            (f"{what}, ratio", f"{after / before:.2f}", "goal: at most 0.5"),
        ]
    print_table(f"From bin/serve to the first answer, best of {ROUNDS}", rows)
    return 0


def measure(installation: Installation) -> tuple[float, float]:
    """CPU and wall seconds of a start, with the set-up's look at what is there."""
    with installation.serve() as processes:
        return processes.cpu_seconds_to_first_answer, processes.seconds_to_first_answer


if __name__ == "__main__":
    sys.exit(main())
