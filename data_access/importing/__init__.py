"""Reads untidy agency tables, explains every row, and loads them into a draft release: `inspecting.inspect`, then `loading.load`."""
