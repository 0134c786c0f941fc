import type { RowDataPacket } from 'mysql2/promise';
import type { FileDownloadRecord, ReportFile } from '../../domain/record.ts';

/** Converts a record to a row of file_download_record: values by column. */
export function toRow(record: FileDownloadRecord) {
  return {
    id: record.id,
    source: record.source,
    report: record.report,
    definition_version: record.definitionVersion,
    conditions_key: record.conditionsKey,
    conditions: JSON.stringify(record.conditions),
    format: record.format,
    locale: record.locale,
    department_id: record.departmentId,
    admin_id: record.adminId,
    masked: JSON.stringify(record.masked),
    status: record.status,
    history: JSON.stringify(record.history),
    created_at: record.createdAt,
    completed_at: record.completedAt ?? null,
    stage: record.stage,
    sources: JSON.stringify(record.sources),
    token: record.token,
    file_address: record.file?.fileAddress ?? null,
    file_rows: record.file?.rows ?? null,
    file_bytes: record.file?.bytes ?? null,
    file_crc32c: record.file?.crc32c ?? null,
    failure: record.failure ? JSON.stringify(record.failure) : null,
    cost: record.cost ? JSON.stringify(record.cost) : null,
    expires_at: record.expiresAt ?? null,
    reused_from: record.reusedFrom ?? null,
    deadline: record.deadline,
    sweep_at: record.sweepAt,
    leftovers: record.leftovers,
    unannounced: JSON.stringify(record.unannounced),
  };
}

export function toRecord(row: RowDataPacket): FileDownloadRecord {
  return {
    id: row.id,
    source: row.source,
    report: row.report,
    definitionVersion: row.definition_version,
    conditionsKey: row.conditions_key,
    conditions: JSON.parse(row.conditions),
    format: row.format,
    locale: row.locale,
    departmentId: row.department_id,
    adminId: row.admin_id,
    masked: JSON.parse(row.masked),
    status: row.status,
    history: JSON.parse(row.history, reviveDates),
    createdAt: row.created_at,
    ...(row.completed_at && { completedAt: row.completed_at }),
    stage: row.stage,
    sources: JSON.parse(row.sources, reviveDates),
    token: row.token,
    ...(row.file_address && { file: toFile(row) }),
    ...(row.failure && { failure: JSON.parse(row.failure) }),
    ...(row.cost && { cost: JSON.parse(row.cost) }),
    ...(row.expires_at && { expiresAt: row.expires_at }),
    ...(row.reused_from && { reusedFrom: row.reused_from }),
    deadline: row.deadline,
    sweepAt: row.sweep_at,
    leftovers: Boolean(row.leftovers),
    unannounced: JSON.parse(row.unannounced),
  };
}

function toFile(row: RowDataPacket): ReportFile {
  return { fileAddress: row.file_address, rows: row.file_rows, bytes: row.file_bytes, crc32c: row.file_crc32c };
}

/**
 * Converts the instants in `history` and `sources` to Dates. A source may have one of these names too, but its value is
 * not text.
 */
function reviveDates(key: string, value: unknown): unknown {
  return typeof value === 'string' && (key === 'at' || key === 'dataAsOf') ? new Date(value) : value;
}
