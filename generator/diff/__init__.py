"""What a change of the data does to the network: two sides compared, and what that means.

Pure: values in, values out. `compare` says what differs, `judge` what that means and for whom.
"""
