"""What PostgreSQL alone gives: PostgreSQL's own pgbench books by one statement, one commit a booking.

The tables are the least that keeps the promises: a counter that cannot pass the seats, one live place a pupil and
sitting, one row a request, no pupil in two places at once. 24,000 pupils, 120,000 older places.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg
from rush_machine import Machine

SITTINGS, PUPILS, OLDER = 51, 24_000, 120_000
TABLES = f"""
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE sitting (
  id bigint PRIMARY KEY, seats int NOT NULL, taken int NOT NULL DEFAULT 0, span tstzrange NOT NULL,
  opens_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT never_oversold CHECK (taken BETWEEN 0 AND seats)
) WITH (fillfactor = 50);
CREATE TABLE place (
  id bigserial PRIMARY KEY, sitting_id bigint NOT NULL REFERENCES sitting, pupil_id bigint NOT NULL,
  span tstzrange NOT NULL, state text NOT NULL DEFAULT 'booked', request uuid NOT NULL UNIQUE,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT not_in_two_places EXCLUDE USING gist (pupil_id WITH =, span WITH &&) WHERE (state = 'booked')
);
CREATE UNIQUE INDEX one_a_pupil ON place (sitting_id, pupil_id) WHERE state <> 'cancelled';
CREATE SEQUENCE turn;
INSERT INTO sitting (id, seats, span)
  SELECT n, 10000000, tstzrange('2027-01-01'::timestamptz + n * interval '1 day',
                                '2027-01-01'::timestamptz + n * interval '1 day' + interval '3 hours')
  FROM generate_series(1, {SITTINGS}) n;
INSERT INTO sitting (id, seats, span)
  SELECT 1000 + n, 10000000, tstzrange('2025-01-01'::timestamptz + n * interval '1 day',
                                       '2025-01-01'::timestamptz + n * interval '1 day' + interval '3 hours')
  FROM generate_series(1, {OLDER // PUPILS}) n;
INSERT INTO place (sitting_id, pupil_id, span, request)
  SELECT s.id, p, s.span, gen_random_uuid() FROM sitting s, generate_series(1, {PUPILS}) p WHERE s.id > 1000;
UPDATE sitting s SET taken = (SELECT count(*) FROM place WHERE sitting_id = s.id);
"""  # noqa: S608 (numbers of ours)
# The hot row is locked last, and until the commit alone; `never_oversold` stands behind the look at `taken`.
BOOK = """
WITH made AS (
  INSERT INTO place (sitting_id, pupil_id, span, request)
  SELECT id, nextval('turn'), span, gen_random_uuid() FROM sitting
  WHERE id = {sitting} AND opens_at <= now() AND taken < seats
  ON CONFLICT DO NOTHING RETURNING sitting_id
), counted AS (
  UPDATE sitting SET taken = taken + 1 WHERE id = (SELECT sitting_id FROM made) RETURNING 1
)
SELECT count(*) FROM counted;
"""
HOT = BOOK.format(sitting=1)
SPREAD = "\\set n random(2, 51)\n" + BOOK.format(sitting=":n")


def ceiling(machine: Machine, *, clients: int = 8, seconds: int = 5) -> dict[str, float]:
    """Bookings a second (by the clock, and per second of a core) on one sitting and on fifty."""
    with machine.database("ceiling") as name:
        with machine.server.connect(name) as connection:
            connection.execute(TABLES)
            connection.execute("VACUUM ANALYZE")
        found = {}
        for what, script in (("hot", HOT), ("spread", SPREAD)):
            with machine.core_time() as spent:
                rate, core_s = _pgbench(machine, name, script, clients, seconds)
            found[what] = rate
            found[f"{what}_per_core_s"] = rate * seconds / (spent.seconds + core_s)
        with machine.server.connect(name) as connection:
            _must_hold(connection)
        return found


def _pgbench(machine: Machine, database: str, script: str, clients: int, seconds: int) -> tuple[float, float]:
    """Its rate, and the seconds of the core that pgbench itself took."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.sql"
        file.write_text(script)
        command = [str(machine.program("pgbench")), "-n", "-M", "prepared", "-c", str(clients), "-j", "1"]
        command += ["-T", str(seconds), "-f", str(file), "-h", str(machine.server.socket_folder)]
        before = machine.children_s()
        ran = subprocess.run(
            [*command, "-U", machine.server.USER, database], capture_output=True, text=True, check=True
        )
    found = re.search(r"^tps = ([\d.]+)", ran.stdout, re.MULTILINE)
    failed = re.search(r"^number of failed transactions: (\d+)", ran.stdout, re.MULTILINE)
    if found is None or failed is None or failed[1] != "0":
        raise RuntimeError(ran.stdout + ran.stderr)
    return float(found[1]), machine.children_s() - before


def _must_hold(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    wrong = connection.execute(
        "SELECT s.id FROM sitting s LEFT JOIN place p ON p.sitting_id = s.id"
        " GROUP BY s.id HAVING count(p.id) <> s.taken"
    ).fetchall()
    if wrong:
        raise RuntimeError(f"pgbench's own sittings do not add up: {wrong}")
