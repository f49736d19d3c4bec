"""Cloud Suite through its pages."""
