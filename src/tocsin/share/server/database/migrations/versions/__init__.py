"""One file a change of the form, in order."""
