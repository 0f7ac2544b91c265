"""The journal's tables, as steps from each version of the file to the next. A step that was released never changes."""

import sqlite3

STEPS: tuple[tuple[str, ...], ...] = (
    (
        # Paths and names are BLOB where a file system gave a name that is not Unicode; SQLite takes both in one column.
        # Runs outlive their asset and outputs their run, so the rows do not refer to each other by foreign keys.
        """
        CREATE TABLE assets (
            profile TEXT NOT NULL, id TEXT NOT NULL,
            name TEXT NOT NULL, path TEXT, link TEXT, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
            state TEXT NOT NULL, media TEXT, thumbnail TEXT, bytes_done INTEGER NOT NULL, attempt INTEGER NOT NULL,
            problem TEXT, video_id TEXT, content_sent INTEGER NOT NULL, file_id TEXT,
            created_at REAL NOT NULL, position REAL NOT NULL,
            PRIMARY KEY (profile, id)
        )
        """,
        """
        CREATE TABLE runs (
            profile TEXT NOT NULL, id TEXT NOT NULL,
            asset_id TEXT NOT NULL, spec TEXT NOT NULL, asset_name TEXT NOT NULL, folder TEXT, state TEXT NOT NULL,
            remote_id TEXT, progress REAL, word TEXT NOT NULL, message TEXT NOT NULL, graph TEXT, problem TEXT,
            attempt INTEGER NOT NULL, created_at REAL NOT NULL, started_at REAL, finished_at REAL,
            PRIMARY KEY (profile, id)
        )
        """,
        """
        CREATE TABLE outputs (
            profile TEXT NOT NULL, id TEXT NOT NULL,
            run_id TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, folder TEXT NOT NULL, node_id TEXT NOT NULL,
            state TEXT NOT NULL, size INTEGER NOT NULL, duration REAL, part TEXT, path TEXT, media TEXT, thumbnail TEXT,
            bytes_done INTEGER NOT NULL, attempt INTEGER NOT NULL, problem TEXT,
            created_at REAL NOT NULL, finished_at REAL,
            PRIMARY KEY (profile, id)
        )
        """,
    ),
    (
        "ALTER TABLE assets ADD COLUMN keeps TEXT NOT NULL DEFAULT 'nothing'",
        "ALTER TABLE assets ADD COLUMN bytes_kept INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE assets ADD COLUMN sample TEXT",
        "ALTER TABLE assets ADD COLUMN content TEXT",
        "ALTER TABLE assets ADD COLUMN reused_from TEXT",
        "ALTER TABLE assets ADD COLUMN subfolder TEXT",
        "ALTER TABLE outputs ADD COLUMN bytes_kept INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outputs ADD COLUMN etag TEXT",
        """
        CREATE TABLE contents (
            profile TEXT NOT NULL, content TEXT NOT NULL,
            sample TEXT NOT NULL, size INTEGER NOT NULL, file_id TEXT NOT NULL, name TEXT NOT NULL,
            sent_at REAL NOT NULL,
            PRIMARY KEY (profile, content)
        )
        """,
        "CREATE INDEX contents_by_sample ON contents (profile, sample)",
    ),
    (
        """
        CREATE TABLE readings (
            profile TEXT NOT NULL, at REAL NOT NULL,
            credits REAL NOT NULL,
            PRIMARY KEY (profile, at)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE costs (
            profile TEXT NOT NULL, run_id TEXT NOT NULL,
            agent TEXT NOT NULL, seconds REAL, credits REAL NOT NULL, approximate INTEGER NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (profile, run_id)
        )
        """,
        "CREATE INDEX costs_by_time ON costs (profile, at)",
        # In the order of their numbers they came, whatever the clock said then.
        """
        CREATE TABLE deliveries (
            number INTEGER PRIMARY KEY, profile TEXT NOT NULL,
            at REAL NOT NULL, verdict TEXT NOT NULL, event TEXT NOT NULL, remote_run_id TEXT NOT NULL,
            size INTEGER NOT NULL
        )
        """,
        "CREATE INDEX deliveries_by_profile ON deliveries (profile, number)",
        """
        CREATE TABLE fingerprints (
            number INTEGER PRIMARY KEY, profile TEXT NOT NULL, fingerprint TEXT NOT NULL,
            at REAL NOT NULL,
            UNIQUE (profile, fingerprint)
        )
        """,
        "CREATE INDEX fingerprints_by_profile ON fingerprints (profile, number)",
    ),
    (
        # Two people may sign in to one profile. Whose the rows of before are was not noted: the next one's who comes.
        """
        CREATE TABLE new_readings (
            profile TEXT NOT NULL, person TEXT NOT NULL, at REAL NOT NULL,
            credits REAL NOT NULL,
            PRIMARY KEY (profile, person, at)
        ) WITHOUT ROWID
        """,
        "INSERT INTO new_readings SELECT profile, '', at, credits FROM readings",
        "DROP TABLE readings",
        "ALTER TABLE new_readings RENAME TO readings",
        """
        CREATE TABLE new_costs (
            profile TEXT NOT NULL, person TEXT NOT NULL, run_id TEXT NOT NULL,
            agent TEXT NOT NULL, seconds REAL, credits REAL NOT NULL, approximate INTEGER NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (profile, person, run_id)
        )
        """,
        """
        INSERT INTO new_costs
        SELECT profile, '', run_id, agent, seconds, credits, approximate, at FROM costs ORDER BY rowid
        """,
        "DROP TABLE costs",
        "ALTER TABLE new_costs RENAME TO costs",
        "CREATE INDEX costs_by_time ON costs (profile, person, at)",
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the file up to this version, each step whole or not at all. A file of a newer version is left as it is."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, statements in enumerate(STEPS[version:], version + 1):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def is_newer(connection: sqlite3.Connection) -> bool:
    """Whether a newer version of the application brought the file to a step that this one does not know."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version > len(STEPS))
