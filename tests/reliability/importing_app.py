"""The app with somebody at work: files that are named in the folder `RELIABILITY_WORK` are inspected and checked in a thread of the server,
as a data steward's page does, until their names are taken away."""

import os
import threading
import time
from pathlib import Path

import streamlit as st

from ui.data_desk.giving_way import giving_way
from ui.web import server


def work(folder: Path) -> None:
    """Inspect and check the file that `folder/job` names (`path|kind`) again and again."""
    from data_access.importing.inspecting import inspect
    from data_access.importing.loading import load

    while True:
        if not (folder / "job").exists():
            time.sleep(0.02)
            continue
        path, kind = (folder / "job").read_text(encoding="utf-8").split("|")
        with giving_way():
            inspect(path)
            load(path, kind, dry_run=True)


threading.Thread(target=work, args=(Path(os.environ["RELIABILITY_WORK"]),), daemon=True).start()
app = st.App(str(Path(__file__).parents[2] / "app.py"), **server.options())
