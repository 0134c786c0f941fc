import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** An echo server. */
let echo: Server;
let proxy: TcpProxy;
const echoed = new Set<Socket>();

beforeEach(async () => {
  echo = createServer((socket) => {
    echoed.add(socket.on('error', () => {}).on('close', () => echoed.delete(socket)));
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startTcpProxy((echo.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  for (const socket of echoed) socket.destroy();
  echo.close();
});

const dial = async () => {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
};
const replyTo = async (socket: Socket, text: string) => {
  socket.write(text);
  const [reply] = await once(socket, 'data');
  return String(reply);
};

it('forwards data in both directions', async () => {
  const socket = await dial();
  expect(await replyTo(socket, 'hello')).toBe('hello');
});

it('closes and refuses connections until it is restored on the same port', async () => {
  const socket = await dial();
  await replyTo(socket, 'hello');
  const cut = once(socket, 'close');
  await proxy.refuse();
  await cut;
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.restore();
  expect(await replyTo(await dial(), 'again')).toBe('again');
});

it('holds data beyond the limit of a connection until it is restored', async () => {
  const socket = await dial();
  proxy.holdReplies(5);
  expect(await replyTo(socket, 'hello')).toBe('hello');
  const held = replyTo(socket, 'world');
  // Each connection has its own five bytes. The second reply shows that there was time for the first.
  expect(await replyTo(await dial(), 'other')).toBe('other');
  expect(await Promise.race([held, 'nothing yet'])).toBe('nothing yet');
  await proxy.restore();
  expect(await held).toBe('world');
});

it('strands the open connections, and only these', async () => {
  const socket = await dial();
  await replyTo(socket, 'hello');
  proxy.strand();
  const lost = replyTo(socket, 'world');
  expect(await replyTo(await dial(), 'other')).toBe('other');
  expect(await Promise.race([lost, 'nothing yet'])).toBe('nothing yet');
  await proxy.restore();
  expect(await replyTo(await dial(), 'again')).toBe('again');
  expect(await Promise.race([lost, 'nothing yet'])).toBe('nothing yet');
  expect(socket.destroyed).toBe(false);
});

it('ends the connection to the server when the client goes, also while it holds its replies', async () => {
  const socket = await dial();
  await replyTo(socket, 'hello');
  proxy.holdReplies(0);
  socket.write('held');
  const [atServer] = [...echoed];
  if (!atServer) throw new Error('no connection');
  const gone = once(atServer, 'close');
  socket.destroy();
  await gone;
  expect(echoed.size).toBe(0);
});
