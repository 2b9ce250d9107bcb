"""Whether a version of the data makes better models than another one: both judged on the same frozen examples."""
