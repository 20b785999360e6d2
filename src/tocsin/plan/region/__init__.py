"""The regional model: weekly, ten years, one file a mechanism (docs/model.md)."""
