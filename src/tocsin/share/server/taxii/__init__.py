"""TAXII 2.1: what partners' systems speak. Objects of STIX come and go with their own bytes."""
