/** Ends a worker process with its parent, once what it logged last has gone out: a full pipe takes a moment. */
export function endWithParent(): void {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(0), 1000);
    process.stdout.write('', () => process.stderr.write('', () => process.exit(0)));
  });
}
