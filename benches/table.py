"""Puts what benches/run.sh left in JSON files side by side, a column for each version of Blender:

python3 benches/table.py target/bench/5.2.json target/bench/4.5.json
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path


def milliseconds(seconds: float) -> str:
    value = seconds * 1e3
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def ratio(stock: float, limber: float) -> str:
    value = stock / limber
    digits = 2 if value < 2 else 1 if value < 10 else 0
    return f"{value:.{digits}f} \N{MULTIPLICATION SIGN}"


def main(paths: list[str]) -> None:
    versions: list[str] = []
    rows: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
    for path in paths:
        for row in json.loads(Path(path).read_text()):
            version = ".".join(row["blender"].split(".")[:2])
            if version not in versions:
                versions.append(version)
            times = statistics.median(row["stock"]), statistics.median(row["limber"])
            rows.setdefault((row["operator"], row["scene"]), {})[version] = times
    heads = "".join(f" Blender {version} | Limber | faster |" for version in versions)
    print(f"| operator | scene |{heads}")
    print("|---|---|" + "---:|---:|---:|" * len(versions))
    for (operator, scene), found in rows.items():
        cells = [f"`{operator}`", scene]
        for version in versions:
            if version in found:
                stock, limber = found[version]
                cells += [f"{milliseconds(stock)} ms", f"{milliseconds(limber)} ms"]
                cells.append(ratio(stock, limber))
            else:
                cells += ["", "", ""]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])
