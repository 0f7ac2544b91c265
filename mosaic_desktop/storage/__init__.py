"""What outlives the program: the journal of rows, the settings, the secrets in the system keyring."""
