"""From rows to protected sums: cubes, disclosure control, and the formulas of statistics."""
