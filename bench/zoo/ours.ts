/**
 * This side of bench/zoo in a process of its own; it talks like bench/training/pytorch.py, with the time that compiling
 * took at the end of every line.
 *   node bench/zoo/ours.ts NETWORK BATCH THREADS CLASSES
 */
import { createInterface } from 'node:readline';
import { openOurs } from '../training/ours.ts';

const [, , network = '', batch, threads, classes] = process.argv;
const opened = await openOurs(network, Number(batch), Number(threads), Number(classes));
await opened.step();
console.log('ready');
for await (const line of createInterface(process.stdin)) {
  const { ms, processor, megabytes } = await opened.measure(Number(line));
  console.log([ms, processor, megabytes, opened.trained, opened.compile].join(' '));
}
await opened.close();
