"""How the documentation becomes a site: `sphinx-build docs site`. Plain files, readable without it; nothing is loaded from outside."""

project = "Samoephak (เสมอภาค)"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
root_doc = "index"
html_theme = "furo"
html_title = project
html_show_copyright = False
html_show_sourcelink = False
exclude_patterns = ["site"]
language = "en"
