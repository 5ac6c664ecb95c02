"""The smallest app behind a select box: one rerun of it is the unit that the benchmark's times are told in."""

import streamlit as st

st.title("Empty")
with st.container(key="filter_period"):
    chosen = st.selectbox("Number", list(range(30)))
st.write(f"Chosen {chosen}")
