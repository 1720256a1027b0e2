"""The entry script of the app, which ``web.py`` serves."""

import streamlit as st

from app import navigation, network_access, theme
from app.controllers import sign_in, trust
from app.errors import guard
from app.services import tab_title

page = navigation.build()
st.set_page_config(page_icon=str(theme.ICON), layout="wide")
theme.apply()
is_admitted = False
try:
    with guard(is_page=True):
        network_access.check()
        if is_admitted := sign_in.admit():
            st.set_page_config(page_title=tab_title(page.title, page.url_path))
            trust.ask_about_trust()
            page.run()
finally:  # last, so that its links have the page's selection, even if the page fails
    if is_admitted:
        navigation.draw_sidebar()
        sign_in.show_visitor()
