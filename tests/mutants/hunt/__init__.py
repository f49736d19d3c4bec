"""A hunt: breaks that nobody wrote down. Each is one small change to one place of the embedded product; what no scenario notices is listed."""
