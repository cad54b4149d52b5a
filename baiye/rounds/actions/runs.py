"""A placement run: asked for once, frozen, computed from the frozen files alone, and ended once."""

import logging
import secrets
import time
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from baiye_placement import VERSION, Placement, Reason, explain_all, place, verify_folder, write_placement
from baiye_placement.files import problem_sha256, read_problem
from baiye_placement.memory import memory_after
from baiye_placement.problem import ProblemError
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, folders, jobs
from baiye.core.refusals import Refused
from baiye.rounds import engine_files
from baiye.rounds.figures import figures_of
from baiye.rounds.models import Explanation, Publication, Round, Run, RunPupil, RunSeat

SECONDS = 240.0  # the clock is a safety net: a run ends by its own work budget, so that it can be repeated
GAP = 0.0002  # proved; the work budget ends the run where that is not reached
log = logging.getLogger(__name__)
Reasons = Mapping[str, Mapping[int, Reason]]  # alias → wish → why


class RunRefused(Refused):
    """The run may not be asked for, or not be discarded, now."""


@transaction.atomic
def ask_run(*, round: Round, by: User, at: datetime, seed: str = "") -> Run:
    """Freeze the round's input and queue a run of it; the seed is drawn after the freeze unless the public drew one.

    Raises
    ------
    PermissionDenied
        ``by`` may not run placements in the round's district.
    RunRefused
        Wishes are still open, a result is published, a run is under way, or there is nothing to place.
    """
    require(by, Permission.PLACEMENT_RUN, round.unit)
    _refuse_unless_due(round, at)
    try:
        frozen = engine_files.problem_of(round, seed="")
    except ProblemError as error:
        raise RunRefused(_("数据里有矛盾，先改好再算：%s") % "；".join(error.messages[:3])) from error
    if not frozen.pupils or not frozen.sessions:
        raise RunRefused(_("还没有要安排的学生或场次。先排好班级出行日和场次。"))
    sha256 = problem_sha256(frozen)
    seed = seed or secrets.token_hex(16)
    run = Run.objects.create(
        round=round,
        asked_by=by,
        asked_at=at,
        input_zip=engine_files.packed_problem(engine_files.with_seed(frozen, seed)),
        input_sha256=sha256,
        policy=round.policy,
        seed=seed,
    )
    audit.record("run.asked", by=by, on=run, at_unit=round.unit.path, input_sha256=sha256, seed=seed)
    jobs.later("rounds.place", lock=f"round-{round.pk}", run_id=str(run.pk))
    return run


def _refuse_unless_due(round: Round, at: datetime) -> None:
    if round.phases.filter(kind="wish", ends_at__gt=at).exists():
        raise RunRefused(_("志愿还没截止。截止以后再运算，先算会漏掉后交的同学。"))
    if Publication.objects.filter(round=round, approved_at__isnull=False).exists():
        raise RunRefused(_("这一轮的结果已经公布，不能重新运算。个别调整请在名单里做。"))
    if Run.objects.filter(round=round, finished_at=None, failed_because="", discarded_at=None).exists():
        raise RunRefused(_("已有一次运算在进行，请等它结束。"))


def run_placement(*, run: Run, at: datetime) -> None:
    """Compute a run from its frozen files and keep the result; a run that has ended is left alone.

    It may be started again after a crash: the files, the seed and the versions are the same, so is the result. For
    the same reason an error would only come back, so it ends the run as failed, and another can be asked for.
    """
    if run.finished_at or run.failed_because or run.discarded_at:
        return
    Run.objects.filter(pk=run.pk, started_at=None).update(started_at=at)
    try:
        with folders.unpacked(run.input_zip) as folder:
            began = time.monotonic()
            result = _computed(run, folder)
            result["seconds"] = round_(time.monotonic() - began)
        _keep(run, result)
    except ProblemError as error:
        _fail(run, "；".join(error.messages[:2])[:200])
    except jobs.CONNECTION_BROKE:
        raise  # the queue does the job again, once the database is back
    except Exception as error:  # noqa: BLE001 - whatever it was, it must not block the round
        _fail_unforeseen(run, error)


def round_(seconds: float) -> float:
    return float(f"{seconds:.2f}")


def _computed(run: Run, folder: Path) -> dict[str, Any]:
    """Place, write, verify by the independent checker, explain."""
    problem = read_problem(folder)
    placement = place(problem, time_budget_s=SECONDS, gap_target=GAP, progress=_progress_of(run))
    out = folder / "out"
    write_placement(placement, out)
    violations = verify_folder(folder, out)
    Run.objects.filter(pk=run.pk).update(progress=95, stage_note=_("正在写每个人的理由"))
    return {
        "problem": problem,
        "placement": placement,
        "output_zip": folders.packed(out),
        "violations": [str(violation) for violation in violations],
        "reasons": explain_all(problem, placement),
        "owed": memory_after(problem, placement),
    }


def _progress_of(run: Run) -> Any:
    words = {
        "prices": _("正在估每一场有多抢手"),
        "seats": _("正在排座位"),
        "improve": _("正在让总分更高"),
        "lottery": _("正在按公开抽签定同分的先后"),
    }

    def progress(note: str, share: float) -> None:
        Run.objects.filter(pk=run.pk).update(progress=min(94, int(share * 94)), stage_note=words.get(note, ""))

    return progress


@transaction.atomic
def _keep(run: Run, result: dict[str, Any]) -> None:
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.finished_at or locked.failed_because or locked.discarded_at:
        return  # another worker was first; its result is the same
    pupil_of = engine_files.pupils_by_alias(locked.round)
    _keep_rows(locked, result, pupil_of)
    locked.output_zip = result["output_zip"]
    locked.figures = figures_of(result, pupil_of)
    locked.progress, locked.stage_note = 100, ""
    locked.finished_at = clock.now()
    locked.save(update_fields=["output_zip", "figures", "progress", "stage_note", "finished_at"])
    audit.record("run.finished", by=None, on=locked, at_unit=locked.round.unit.path, gap=locked.figures["gap"])


def _keep_rows(run: Run, result: dict[str, Any], pupil_of: dict[str, int]) -> None:
    placement: Placement = result["placement"]
    reasons: Reasons = result["reasons"]
    before = {pupil.id: pupil.memory for pupil in result["problem"].pupils}
    seats, lots = [], []
    for alias, ranks in placement.ranks.items():
        pupil = pupil_of[alias]
        held = zip(placement.seats[alias], ranks, strict=True)
        seats += [RunSeat(run=run, pupil_id=pupil, visit_id=int(session), rank=rank) for session, rank in held]
        wished = sum(rank > 0 for rank in ranks)
        owed = {"owed_before": before[alias], "owed_after": result["owed"][alias]}
        lots.append(RunPupil(run=run, pupil_id=pupil, first=int(1 in ranks), wished=wished, filled=len(ranks), **owed))
    RunSeat.objects.bulk_create(seats, batch_size=5000)
    RunPupil.objects.bulk_create(lots, batch_size=5000)
    Explanation.objects.bulk_create(
        (
            Explanation(run=run, pupil_id=pupil_of[alias], rank=rank, code=reason.code, facts=reason.facts)
            for alias, found in reasons.items()
            for rank, reason in found.items()
        ),
        batch_size=5000,
    )


@transaction.atomic
def _fail(run: Run, why: str, **facts: str) -> None:
    """End the run as failed, unless it has ended."""
    under_way = Run.objects.filter(pk=run.pk, finished_at=None, failed_because="", discarded_at=None)
    if under_way.update(failed_because=why):
        audit.record("run.failed", by=None, on=run, at_unit=run.round.unit.path, **facts)


def _fail_unforeseen(run: Run, error: Exception) -> None:
    """Say kindly that it did not work; the log and the trail say where, in code alone.

    What the error itself says stays out of both: it may name a pupil. The frozen files and the seed repeat it.
    """
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
    kind = type(error).__name__
    stack = "".join(traceback.format_list(frames))
    log.error("run %s failed: %s, engine %s\n%s", run.pk, kind, VERSION, stack)
    number = str(run.pk)[:8]
    why = _("算到一半出了意外，这不是你的操作造成的。可以再算一次；要是还不行，请把编号 %s 告诉管理员。") % number
    _fail(run, why, error=kind, at=at)


@transaction.atomic
def discard_run(*, run: Run, by: User, at: datetime) -> None:
    """Set a draft aside so that another can be computed; a proposed or published run stays."""
    require(by, Permission.PLACEMENT_RUN, run.round.unit)
    if Publication.objects.filter(run=run, withdrawn_at=None).exists():
        raise RunRefused(_("这次结果已提请公布。先撤回提请，再作废。"))
    if Run.objects.filter(pk=run.pk, discarded_at=None).update(discarded_at=at):
        audit.record("run.discarded", by=by, on=run, at_unit=run.round.unit.path)


def note_export(*, run: Run, rows: int, by: User) -> None:
    """Leave in the trail who took how many rows of a result away."""
    audit.record("placement.exported", by=by, on=run, at_unit=run.round.unit.path, rows=rows)
