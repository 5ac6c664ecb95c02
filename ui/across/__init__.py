"""Panels that go across programmes: what needs attention, results, one province, places side by side."""
