"""What agencies report in totals, where nothing finer gives it."""
