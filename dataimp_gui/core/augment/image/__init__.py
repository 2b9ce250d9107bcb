"""Operations on pictures, one kind a file."""
