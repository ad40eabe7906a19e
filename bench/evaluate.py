"""Embeddings in PyTorch, for bench/evaluate.ts: reads a count of pictures a line, answers seconds and those of the processor.

    python3 evaluate.py NETWORK BATCH THREADS MEMORY_FORMAT

The network is in evaluation mode under torch.no_grad; pictures are decoded and in memory already.
"""
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent / 'training'))
from networks import NETWORKS  # noqa: E402

network, batch, threads, form = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
memory = torch.channels_last if form == 'channels_last' else torch.contiguous_format


class Provider:
    training = False

    def __init__(self):
        self.parameters, self.states = {}, {}

    def __call__(self, name, shape, kind, fan_in=0, fan_out=0):
        if name not in self.parameters:
            value = torch.full(shape, {'gamma': 1.0, 'slope': 0.25}.get(kind, 0.0))
            if kind in ('xavier', 'he'):
                value.uniform_(-1, 1).mul_((6 / (fan_in + fan_out)) ** 0.5)
            if len(shape) == 4:
                value = value.contiguous(memory_format=memory)
            self.parameters[name] = value
        return self.parameters[name]

    def running(self, name, shape, initial):
        return self.states.setdefault(name, torch.full(shape, float(initial)))


p = Provider()
images = torch.randint(0, 256, (batch, 112, 112, 3), dtype=torch.uint8)


def embed():
    with torch.no_grad():
        x = ((images.permute(0, 3, 1, 2).float() - 127.5) / 127.5).contiguous(memory_format=memory)
        return torch.nn.functional.normalize(NETWORKS[network](p, x)).numpy()


embed()
print('ready', flush=True)
for line in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    for _ in range(-(-int(line) // batch)):
        embed()
    print(time.perf_counter() - start, time.process_time() - used, flush=True)
