"""The data desk: importing files, drafts and releases, quality of the data, the dictionary. Each tab is a module with `show`."""
