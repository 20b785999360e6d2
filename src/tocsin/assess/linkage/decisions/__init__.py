"""From pairs to links: the trained model, clusters, parts of events, and why."""
