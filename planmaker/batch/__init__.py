"""Make the plans of a whole roster."""
