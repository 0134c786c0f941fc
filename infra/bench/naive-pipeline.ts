import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { format } from 'fast-csv';
import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/**
 * A straightforward pipeline for comparison, run as a separate process: it reads each table's rows as objects, stores
 * them as JSON in a Redis hash, reads them back, joins by a Map, and writes the file by fast-csv. Arguments: MariaDB
 * URL, Redis URL, output file. The rows are stored in slices, since a Redis value is limited to 512 MB.
 */
const [databaseUrl = '', redisUrl = '', out = ''] = process.argv.slice(2);
const SLICE = 100_000;

const redis = new Redis(redisUrl);
const connection = await createConnection({ uri: databaseUrl, supportBigNumbers: true, dateStrings: true });

async function store(key: string, sql: string): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  for (let from = 0; from < rows.length; from += SLICE)
    await redis.hset(key, from, JSON.stringify(rows.slice(from, from + SLICE)));
}

async function load(key: string): Promise<Record<string, unknown>[]> {
  const slices = await redis.hgetall(key);
  const order = Object.keys(slices).sort((a, b) => Number(a) - Number(b));
  return order.flatMap((from) => JSON.parse(slices[from] as string));
}

await store(
  'naive.withdrawals',
  'SELECT order_no, user_id, amount, fee, currency, status, bank_name, remark, create_time FROM plt_fund.vs_withdraw',
);
await store('naive.tags', 'SELECT user_id, tag_name FROM plt_user.vs_user_tag_relation');
const tags = new Map((await load('naive.tags')).map((tag) => [tag.user_id, tag.tag_name]));
const withdrawals = await load('naive.withdrawals');

async function* joined() {
  for (const withdrawal of withdrawals) yield { ...withdrawal, tag_name: tags.get(withdrawal.user_id) };
}
await pipeline(joined, format({ headers: true }), createWriteStream(out));
await redis.del('naive.withdrawals', 'naive.tags');
redis.disconnect();
await connection.end();
process.stdout.write(`${process.resourceUsage().maxRSS / 1024}\n`);
