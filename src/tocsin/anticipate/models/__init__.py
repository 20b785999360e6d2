"""The forecasters: each takes a panel, horizon H and draws S, and gives draws (N, H, S)."""
