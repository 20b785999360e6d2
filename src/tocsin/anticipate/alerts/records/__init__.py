"""The record of a rule, all of it out of sample: cases, scores, reliability and worth."""
