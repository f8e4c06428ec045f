"""Following an engagement: polling the service, and reporting each event once."""
