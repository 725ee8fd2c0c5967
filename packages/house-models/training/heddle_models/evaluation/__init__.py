"""What the figures of the house models are made of: held-out captions and clips, probes that saw renders only."""
