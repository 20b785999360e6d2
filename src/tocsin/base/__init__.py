"""What every room stands on: the registry of plug-ins, and old names of modules."""
