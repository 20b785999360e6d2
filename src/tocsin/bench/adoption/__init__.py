"""The adoption ledger, measured: planted worlds, known organisations, regions left out."""
