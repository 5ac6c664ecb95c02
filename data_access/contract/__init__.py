"""What every release is made of: tables, periods, units, settings, and errors in words."""
