"""Whole training steps in PyTorch, for bench/training/main.ts: reads a count of steps a line, answers milliseconds
a step, those of the processor, the most memory so far in MB, and how many numbers are trained.

    python3 pytorch.py NETWORK BATCH THREADS MEMORY_FORMAT CLASSES [SIDE]
"""
import pathlib
import resource
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'test' / 'fixtures'))
from networks import NETWORKS  # noqa: E402
from torch_networks import arcface  # noqa: E402

network, batch, threads, form, classes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
side = int(sys.argv[6]) if len(sys.argv) > 6 else 112
torch.set_num_threads(threads)
torch.manual_seed(1)
memory = torch.channels_last if form == 'channels_last' else torch.contiguous_format


class Provider:
    def __init__(self):
        self.parameters, self.states = {}, {}

    def __call__(self, name, shape, kind, fan_in=0, fan_out=0):
        if name not in self.parameters:
            value = torch.full(shape, {'gamma': 1.0, 'slope': 0.25}.get(kind, 0.0))
            if kind in ('xavier', 'he'):
                value.uniform_(-1, 1).mul_((6 / (fan_in + fan_out)) ** 0.5)
            if kind == 'normal':
                value.normal_(0, fan_in)  # the deviation
            if len(shape) == 4:
                value = value.contiguous(memory_format=memory)
            self.parameters[name] = value.requires_grad_(True)
        return self.parameters[name]

    def running(self, name, shape, initial):
        return self.states.setdefault(name, torch.full(shape, float(initial)))


p = Provider()
images = torch.randint(0, 256, (batch, side, side, 3), dtype=torch.uint8)
labels = torch.randint(0, classes, (batch,))


def loss_now():
    x = ((images.permute(0, 3, 1, 2).float() - 127.5) / 127.5).contiguous(memory_format=memory)
    features = NETWORKS[network](p, x)
    return F.cross_entropy(arcface(p, features, labels, classes, 32.0, 0.35), labels)


loss_now()
optimizer = torch.optim.SGD(list(p.parameters.values()), lr=0.01, momentum=0.9, weight_decay=5e-4)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = loss_now()
    loss.backward()
    optimizer.step()
    loss.item()


step()
print('ready', flush=True)
for line in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    for _ in range(int(line)):
        step()
    elapsed = (time.perf_counter() - start) * 1000 / int(line)
    processor = (time.process_time() - used) * 1000 / int(line)
    trained = sum(value.numel() for value in p.parameters.values())
    print(elapsed, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, trained, flush=True)
