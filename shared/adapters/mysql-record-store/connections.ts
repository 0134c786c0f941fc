import type { Pool, PoolConnection } from 'mysql2/promise';

/** Lends a connection of the pool to `use`. Destroys it when `signal` is aborted, because its state is then unknown. */
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

/** Runs `work` in a transaction, which is committed, or rolled back if `work` throws. */
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
    // A connection that cannot roll back is dead, and so is its transaction.
    await connection.rollback().catch(() => connection.destroy());
    throw error;
  }
}
