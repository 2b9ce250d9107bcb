"""What images, clips and texts are as bytes: bounded decoding, measures, pictures. All of it is untrusted."""
