"""The web socket that Streamlit's client opens, for tests that speak to a server without a browser."""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

STREAM = "/_stcore/stream"


def ends(answer: ForwardMsg) -> bool:
    """Whether a message of the server is the last one of what was asked for."""
    return answer.WhichOneof("type") == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
