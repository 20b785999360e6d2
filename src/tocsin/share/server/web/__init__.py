"""What programs' and people's side of the server share: who asks, limits, headers, the app."""
