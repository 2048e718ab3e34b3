"""Tests of the load tests: python3 -m unittest discover -s loadtest/tests -t loadtest"""
