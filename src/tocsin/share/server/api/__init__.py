"""The server for programs: JSON under `/api`, described at `/openapi.json`."""
