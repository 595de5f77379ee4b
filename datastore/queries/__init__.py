"""Named queries: one function a question, each takes a cursor and a selection and returns Arrow."""
