"""Training and calibration of the reader."""
