"""Many cascades: between which nodes something passes, seen only from when each took it up."""
