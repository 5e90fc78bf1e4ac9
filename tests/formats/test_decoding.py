"""Line ends: one in the end, wherever the file is cut into pieces."""

import io

from hypothesis import given
from hypothesis import strategies as st

from crm_cli.formats import decoding


@given(st.text(st.sampled_from("\r\n\r\na\u0928é"), max_size=60), st.integers(1, 7), st.booleans())
def test_all_line_ends_become_one(text, size, keep):
    before, decoding.CHUNK = decoding.CHUNK, size
    try:
        pieces = list(decoding.texts(io.BytesIO(text.encode()), "utf-8", "strict", keep_ends=keep))
    finally:
        decoding.CHUNK = before

    assert "".join(pieces) == (text if keep else text.replace("\r\n", "\n").replace("\r", "\n"))
    assert all(pieces)
