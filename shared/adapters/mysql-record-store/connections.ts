import type { Pool, PoolConnection } from 'mysql2/promise';

/** Lends a connection of the pool to `use`. It is cut when `signal` is aborted, since nobody knows its state then. */
export async function lend<T>(
  pool: Pool,
  signal: AbortSignal,
  use: (connection: PoolConnection) => Promise<T>,
): Promise<T> {
  const connection = await pool.getConnection();
  const cut = () => connection.destroy();
  signal.addEventListener('abort', cut);
  try {
    signal.throwIfAborted();
    return await use(connection);
  } finally {
    signal.removeEventListener('abort', cut);
    connection.release();
  }
}

/** Commits what `work` did, or rolls it back when it throws. */
export async function inTransaction<T>(
  connection: PoolConnection,
  work: (connection: PoolConnection) => Promise<T>,
): Promise<T> {
  await connection.beginTransaction();
  try {
    const result = await work(connection);
    await connection.commit();
    return result;
  } catch (error) {
    // A connection that cannot roll back is dead, and with it the transaction.
    await connection.rollback().catch(() => connection.destroy());
    throw error;
  }
}
