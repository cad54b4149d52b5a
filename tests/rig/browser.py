"""Journeys: Debian's Chromium, as a person in Shanghai; whatever goes wrong in the page fails the test."""
