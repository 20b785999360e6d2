"""The audit log: who read, estimated, decided or overrode what; no change of it goes unseen.

Acts are logged in their own transaction; a sequencer gives them places; a Merkle tree over them
is signed, and partners cosign it. Who acted can be erased, and every proof stays valid.
"""

from tocsin.errors import require

for _library in ("sqlalchemy", "rfc8785", "cryptography"):
    require(_library, extra="exchange")

from tocsin.share.audit.act import Act, Entry, entries, erase, record  # noqa: E402
from tocsin.share.audit.checkpoint import cosign, write_checkpoint  # noqa: E402
from tocsin.share.audit.proof import check_proof, prove, prove_growth  # noqa: E402
from tocsin.share.audit.sequencer import sequence  # noqa: E402
from tocsin.share.audit.verification import verify  # noqa: E402

__all__ = [
    "Act",
    "Entry",
    "check_proof",
    "cosign",
    "entries",
    "erase",
    "prove",
    "prove_growth",
    "record",
    "sequence",
    "verify",
    "write_checkpoint",
]
