"""The pictures of the documentation are of the pages as they are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "docs"))
import pictures


def test_the_pictures_show_the_present_pages(browser: Any) -> None:
    with pictures.harbour() as folder:
        now = {name: headings for name, (headings, _) in pictures.taken(browser, folder, pictures=False).items()}
    assert pictures.headings() == now, "run `python docs/pictures.py`"
