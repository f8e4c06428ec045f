"""Where a page would reach nobody."""
