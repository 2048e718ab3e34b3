"""What keeps a measurement from being one."""


class Failed(Exception):
    """Its text takes the number's place in the report: what happened, and the limit or value."""
