"""Measures of plan: are its answers those of theory, of brute force, and of published cases?"""
