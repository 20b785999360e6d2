"""Operations: is the server well, and how much does it do?"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response
from sqlalchemy import func, select

from tocsin.share.server.access.reader import OPERATE
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.api.answers import answer
from tocsin.share.server.database.outbound import neighbours
from tocsin.share.server.database.replicas import read_replicas
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk.covering import read_covered
from tocsin.share.server.web.asking import Here, Known

LABEL = re.compile(r"[^A-Za-z0-9 _.:/-]")
"""Signs that a label of a metric does not need, and that could end it."""
router = APIRouter(tags=["operations"])


@router.get("/health")
def health(request: Request, here: Here) -> Response:
    """Say that the server and its database answer."""
    with here.database.reading() as connection:
        connection.execute(select(1)).one()
    return answer(request, {"status": "ok"})


@router.get("/metrics")
def metrics(signed: Known, here: Here) -> Response:
    """Give counts for operators, in Prometheus's text format. They count hidden objects, too."""
    if OPERATE not in signed.reader.verbs:
        raise NotAllowed("Your role does not operate the server.", remedy="Ask an administrator.")
    with here.database.reading() as connection:
        covered = read_covered(connection)
        newest = select(objects.c.type, func.count()).where(objects.c.newest, ~objects.c.deleted)
        rows = connection.execute(newest.group_by(objects.c.type).order_by(objects.c.type)).all()
        replicas = read_replicas(connection)
        logs = connection.execute(select(neighbours.c.refused, neighbours.c.unsure)).all()
    refused, unsure = sum(bool(one.refused) for one in logs), sum(one.unsure for one in logs)
    lines = here.counts.lines()
    told = covered.as_dict(here.database.clock())
    for name in ("entries", "covered", "uncovered_seconds"):
        lines += [f"# TYPE tocsin_log_{name} gauge", f"tocsin_log_{name} {told[name]}"]
    lines += ["# TYPE tocsin_stands_by gauge", f"tocsin_stands_by {int(here.stands_by)}"]
    for name, count in (("refused", refused), ("unsure", unsure)):
        lines += [f"# TYPE tocsin_logs_{name} gauge", f"tocsin_logs_{name} {count}"]
    lines.append("# TYPE tocsin_objects gauge")
    lines += [f'tocsin_objects{{type="{type}"}} {n}' for type, n in rows]
    for name in ("behind_bytes", "behind_seconds") if replicas else ():
        lines.append(f"# TYPE tocsin_replica_{name} gauge")
        for number, one in enumerate(replicas, 1):
            value = one.behind if name == "behind_bytes" else round(one.seconds, 3)
            label = LABEL.sub("_", one.name)[:63]
            lines.append(f'tocsin_replica_{name}{{replica="{label}",number="{number}"}} {value}')
    text = "\n".join(lines) + "\n"
    return Response(text.encode(), 200, {}, "text/plain; version=0.0.4; charset=utf-8")
