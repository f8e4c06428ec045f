"""The service's words as values. Nothing in here knows of AWS calls."""
