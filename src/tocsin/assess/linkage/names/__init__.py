"""Names of places, organisations and categories: folded, and joined where they mean one."""
