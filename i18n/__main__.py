"""`python -m i18n [FILE.json]`: update the Thai catalogue; a JSON file of {English: Thai} fills entries in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from i18n.extract import update


def main(arguments: list[str]) -> int:
    """Update the catalogue and list what still has no Thai; 1 when anything is left."""
    filled = json.loads(Path(arguments[0]).read_text(encoding="utf-8")) if arguments else {}
    untranslated = update(filled)
    for message in untranslated:
        print(message)
    return 1 if untranslated else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
