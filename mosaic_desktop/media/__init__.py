"""Looking into video files: facts and small pictures, read with PyAV in a process of its own."""
