"""How good forecasts are: proper scores, backtests and the track record."""
