"""What every room stands on: whole files, the registry of plug-ins, and old names."""
