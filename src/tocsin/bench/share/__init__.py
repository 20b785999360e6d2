"""Measures of share: are our own messages right, and are others' faults found?"""
