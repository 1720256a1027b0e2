"""The web server of the pages: the app of ``main.py``, behind a guard against requests from other sites."""

import os
from pathlib import Path

import streamlit as st
from streamlit import config

from litmus_core.jobs import YIELDS
from litmus_core.serving import first_page_at, page_guard

os.environ[YIELDS] = "1"
# 'streamlit run' starts the app under this name.
app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[first_page_at("/home")],
    middleware=[page_guard(config.get_option("server.allowedHosts"))],
)
