"""How society answers: grievance, legitimacy, trust, services, institutions, people who flee."""
