"""Text-to-image at 128×128: autoencoder, text encoder, rectified-flow transformer, and the probe that judges them."""
