"""The proof that the numbers hold: all benchmarks of them, one after the other, with fixed seeds.

Prints the tables of docs/scoring.md and docs/relationships.md and, with `--json FILE`, writes everything there. Takes minutes.
Ends with 1 if a target is missed. The last part needs the dependency group "bench" (`lifetimes`).

    python benchmarks/calibration.py --json calibration.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import calibration_rate
import calibration_rhythms
import calibration_ties


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write the results there too.")
    arguments = parser.parse_args()
    results = {}
    for name, part in (("rate", calibration_rate), ("rhythms", calibration_rhythms), ("ties", calibration_ties)):
        results[name] = part.run()
        print(f"# {name}\n\n{part.table(results[name])}\n", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    missed = [target for result in results.values() for target in result["targets_missed"]]
    print(f"Targets missed: {', '.join(missed) or 'none'}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
