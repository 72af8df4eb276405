"""Tests of picks, sign-ups and the distribution."""
