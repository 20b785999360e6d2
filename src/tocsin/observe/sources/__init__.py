"""The sources that tocsin knows, one file each."""
