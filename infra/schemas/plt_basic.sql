-- The record store's tables in MySQL 8.0+ or MariaDB 10.6+. May be run any number of times.
-- All times are UTC: DATETIME takes no part in the server's or a session's time zone.

CREATE DATABASE IF NOT EXISTS plt_basic CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS plt_basic.file_download_record (
  id                 CHAR(36)         NOT NULL COMMENT 'id (UUID v7: sorts by time)',
  source             VARCHAR(64)      NOT NULL COMMENT '报表来源 (the admin system that asked)',
  report             VARCHAR(128)     NOT NULL COMMENT '报表枚举 (id of the report)',
  definition_version INT UNSIGNED     NOT NULL COMMENT 'version of the report''s definition',
  conditions_key     CHAR(32)         NOT NULL COMMENT '数据检索条件key值 (md5 of what makes two requests the same)',
  conditions         JSON             NOT NULL COMMENT 'query data json (the conditions, validated)',
  format             VARCHAR(16)      NOT NULL,
  locale             VARCHAR(16)      NOT NULL,
  department_id      VARCHAR(255)     NOT NULL COMMENT '部门Id',
  admin_id           VARCHAR(255)     NOT NULL COMMENT '管理员id',
  masked             JSON             NOT NULL COMMENT 'sensitive columns that the file shows masked',
  status             VARCHAR(16)      NOT NULL COMMENT 'status (QUEUED, QUERYING, WRITING, COMPLETED, FAILED, CANCELLED, EXPIRED)',
  history            JSON             NOT NULL COMMENT 'each status and since when',
  created_at         DATETIME(3)      NOT NULL COMMENT '创建时间',
  completed_at       DATETIME(3)      NULL     COMMENT '完成時間 (of the first terminal status)',
  stage              INT UNSIGNED     NOT NULL COMMENT 'the stage under way, from 0',
  sources            JSON             NOT NULL COMMENT 'progress of each source',
  token              BIGINT UNSIGNED  NOT NULL COMMENT 'fencing token of the aggregator that writes',
  file_address       VARCHAR(1024)    NULL     COMMENT '文件地址 (bucket and object)',
  file_rows          BIGINT UNSIGNED  NULL,
  file_bytes         BIGINT UNSIGNED  NULL,
  file_crc32c        CHAR(8)          NULL     COMMENT 'base64, big-endian',
  failure            JSON             NULL     COMMENT 'why it failed, and which sources',
  cost               JSON             NULL     COMMENT 'what making the file cost: an estimate, in US dollars',
  expires_at         DATETIME(3)      NULL     COMMENT 'when the file goes',
  reused_from        CHAR(36)         NULL     COMMENT 'the record whose file this one shares',
  deadline           DATETIME(3)      NOT NULL COMMENT 'an unfinished record is failed then',
  sweep_at           DATETIME(3)      NOT NULL COMMENT 'when the sweeper looks at it next',
  leftovers          BOOLEAN          NOT NULL COMMENT 'whether parts or abandoned files may lie in storage',
  unannounced        JSON             NOT NULL COMMENT 'terminal statuses of which no event has been published yet',
  -- By the server's clock. Not ON UPDATE, which would write the time of whatever zone the session has.
  changed_at         DATETIME(3)      NOT NULL DEFAULT (UTC_TIMESTAMP(3)) COMMENT 'when the row was last written: the live list asks for it',
  -- One active record per admin. Derived, so that no lock outlives its record; binary, so that no collation takes two
  -- admins for one.
  active_owner       VARBINARY(1300)  AS (
    CASE WHEN status IN ('QUEUED', 'QUERYING', 'WRITING') THEN CAST(CONCAT(source, '/', admin_id) AS BINARY) END
  ) STORED COMMENT 'the lock: source/admin_id while active',
  PRIMARY KEY (id),
  UNIQUE KEY one_active_record (active_owner),
  KEY of_admin (source, admin_id, id),
  KEY of_department (source, department_id, id),
  KEY of_system (source, id),
  KEY changed (source, changed_at),
  KEY due (sweep_at),
  KEY reusable (conditions_key, status, completed_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC COMMENT = '报表下载记录';

-- For a table that was made before there was this column. MySQL has no ADD COLUMN IF NOT EXISTS.
SET @add_cost = (
  SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE plt_basic.file_download_record ADD COLUMN cost JSON NULL COMMENT ''what making the file cost: an estimate, in US dollars'' AFTER failure')
  FROM information_schema.columns
  WHERE table_schema = 'plt_basic' AND table_name = 'file_download_record' AND column_name = 'cost'
);
PREPARE add_cost FROM @add_cost;
EXECUTE add_cost;
DEALLOCATE PREPARE add_cost;

CREATE TABLE IF NOT EXISTS plt_basic.file_download_idempotency (
  lock_owner      VARBINARY(1300) NOT NULL COMMENT 'source/admin_id that the key belongs to',
  idempotency_key VARBINARY(1024) NOT NULL,
  request_hash    VARCHAR(128)    NOT NULL COMMENT 'of the request that came with the key first',
  record_id       CHAR(36)        NOT NULL COMMENT 'what it was answered with',
  PRIMARY KEY (lock_owner, idempotency_key),
  FOREIGN KEY (record_id) REFERENCES plt_basic.file_download_record (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC COMMENT = 'Idempotency-Key 的首次应答';
