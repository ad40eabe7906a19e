"""The same training in PyTorch, for bench/training/faces.ts: MobileFaceNet and ArcFace by SGD.

Reads commands from stdin, each a line of JSON and what it says follows; answers on stdout in the same way:
    {"op": "begin", "size", "classes", "scale", "margin", "momentum", "weightDecay", "threads"}  → {}
    {"op": "step", "rate", "n"}, n·size·size·3 bytes, n int32                                 → {"loss"}
    {"op": "embed", "n"}, n·size·size·3 bytes                                                 → {"numbers"}, float32
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'test' / 'fixtures'))
from torch_networks import arcface, mobilefacenet  # noqa: E402


class Provider:
    def __init__(self):
        self.parameters, self.states, self.training = {}, {}, True

    def __call__(self, name, shape, kind, fan_in=0, fan_out=0):
        if name not in self.parameters:
            value = torch.full(shape, {'gamma': 1.0, 'slope': 0.25}.get(kind, 0.0))
            if kind == 'xavier':
                value.uniform_(-1, 1).mul_((6 / (fan_in + fan_out)) ** 0.5)
            self.parameters[name] = value.requires_grad_(True)
        return self.parameters[name]

    def running(self, name, shape, initial):
        return self.states.setdefault(name, torch.full(shape, float(initial)))


def read(count, kind):
    return torch.from_numpy(np.frombuffer(source.read(count * np.dtype(kind).itemsize), kind).copy())


def pictures(n):
    images = read(n * size * size * 3, np.uint8).reshape(n, size, size, 3)
    return ((images.permute(0, 3, 1, 2).float() - 127.5) / 127.5).contiguous()


def answer(value, payload=b''):
    sys.stdout.buffer.write(json.dumps(value).encode() + b'\n' + payload)
    sys.stdout.buffer.flush()


source = sys.stdin.buffer
begin = json.loads(source.readline())
size, classes = begin['size'], begin['classes']
torch.set_num_threads(begin['threads'])
torch.manual_seed(1)
p = Provider()


def loss_of(x, y):
    return F.cross_entropy(arcface(p, mobilefacenet(p, x), y, classes, begin['scale'], begin['margin']), y)


loss_of(torch.zeros(2, 3, size, size), torch.zeros(2, dtype=torch.long))  # makes the parameters
p.states.clear()
decays = {True: [], False: []}
for name, parameter in p.parameters.items():
    decays[name.rsplit('.', 1)[1] in ('weight', 'slope')].append(parameter)
groups = [
    {'params': decays[True], 'weight_decay': begin['weightDecay']},
    {'params': decays[False], 'weight_decay': 0},
]
optimizer = torch.optim.SGD(groups, lr=0, momentum=begin['momentum'])
answer({})
for line in source:
    command = json.loads(line)
    x = pictures(command['n'])
    if command['op'] == 'embed':
        p.training = False
        with torch.no_grad():
            embeddings = mobilefacenet(p, x).numpy()
        p.training = True
        answer({'numbers': embeddings.size}, embeddings.astype(np.float32).tobytes())
        continue
    y = read(command['n'], np.int32).long()
    for group in optimizer.param_groups:
        group['lr'] = command['rate']
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(x, y)
    loss.backward()
    optimizer.step()
    answer({'loss': loss.item()})
