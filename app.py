"""Samoephak: entry point of the dashboard. `streamlit run app.py`.

Streamlit reads this file twice: once for the server, and then for every run of a page.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx() is None:
    from ui.web import server

    app = st.App(__file__, **server.options())
else:
    from ui.frame import shell

    shell.run()
