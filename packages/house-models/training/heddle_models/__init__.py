"""The networks that this project trains itself: code to train, measure and export them."""
