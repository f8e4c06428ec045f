"""The audit of an account: where a page would reach nobody."""
