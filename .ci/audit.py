"""What pip-audit found, in a few lines: 1 where something installed is known to be vulnerable, else 0.

    python .ci/audit.py audit.json

Where the service that knows cannot be asked, or does not know the packages, that is said: nothing was found is another thing.
"""

import json
import sys
from pathlib import Path


def main(path: Path) -> int:
    """Say what the file holds."""
    try:
        packages = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        print("The service that knows vulnerabilities could not be asked: nothing is known.")
        return 0
    found = [(one["name"], one["version"], each["id"]) for one in packages for each in one.get("vulns", ())]
    for name, version, known in found:
        print(f"{name} {version}: {known}")
    unknown = sum("skip_reason" in one for one in packages)
    print(
        f"{len(packages) - unknown} packages asked about, {len(found)} vulnerabilities; {unknown} are not known to the service."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
