"""Samoephak: entry point of the dashboard. `streamlit run app.py`."""

from ui import shell

shell.run()
