"""What is said: forecasts as draws, their explanation, and the format of the VIEWS challenge."""
