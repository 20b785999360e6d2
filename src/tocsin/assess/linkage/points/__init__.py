"""Reports that say little but a day and a point: a law of displacement, against chance."""
