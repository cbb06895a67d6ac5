"""The demonstration borough: a year of believable data, made through the public interface."""

from stayplay.demo.command import DEMO_PASSWORD, demo, fill

__all__ = ["DEMO_PASSWORD", "demo", "fill"]
