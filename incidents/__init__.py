"""The record: reports, sources, claims, incidents, assessments. Makes sense without scoring."""
