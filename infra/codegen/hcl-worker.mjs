import { parentPort } from 'node:worker_threads';
import hcl from '@cdktn/hcl2json';

parentPort.on('message', async ({ id, name, args }) => {
  try {
    parentPort.postMessage({ id, answer: await hcl[name](...args) });
  } catch (error) {
    parentPort.postMessage({ id, fault: error.message });
  }
});
