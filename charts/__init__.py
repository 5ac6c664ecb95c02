"""Pure figure builders: tidy frames of cells in, figures with alternative text out. No Streamlit, no SQL."""
