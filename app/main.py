"""The app's entry: ``streamlit run app/main.py``."""

import streamlit as st

from app import navigation, services, theme
from app.errors import guard

page = navigation.build()
st.set_page_config(page_title=f"{page.title} · Litmus", page_icon=str(theme.ICON), layout="wide")
theme.apply()
with guard():
    services.studio()
    navigation.draw_sidebar()
    page.run()
