"""Image-to-video: sixteen frames that continue a picture, moving as a word says."""
